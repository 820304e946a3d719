"""What the bot is busy with, for those who look at it from outside a channel."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.review import ModelInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskState:
    """A snapshot that names no change and no channel.

    Attributes:
        model: None while it is not loaded.
        reviews: Reviews that run or wait.
        answers: Answers that run or wait.
    """

    model: ModelInfo | None
    reviews: int
    answers: int
