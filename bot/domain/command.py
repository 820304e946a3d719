"""What a person asked for, parsed. The grammar is in `bot.domain.grammar`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from bot.domain.change import Target
from bot.domain.sentence import Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewCommand:
    """Review these changes, one after another, with an eye on *focus* where it is given."""

    targets: tuple[Target, ...]
    focus: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskCommand:
    """Answer a question: about *target*, or else about the thread or channel it was asked in."""

    question: str
    target: Target | None = None


class Scope(StrEnum):
    """How much a `forget` forgets."""

    THREAD = "thread"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgetCommand:
    """Remove what is remembered; without a scope the thread, or outside of one nothing without a word."""

    scope: Scope | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusCommand:
    """Tell which model is used and what runs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelCommand:
    """Stop the review that runs here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpCommand:
    """Tell what can be asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Misunderstood:
    """Words that are no command where only commands are taken; the sentence says what was understood."""

    sentence: Sentence


Command: TypeAlias = (
    ReviewCommand | AskCommand | ForgetCommand | StatusCommand | CancelCommand | HelpCommand | Misunderstood
)
