"""What goes to a model and what comes back. A `Completion` is not yet a `Turn`, let alone a `Finding`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Speaker(StrEnum):
    """The roles of a chat template."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One entry of a prompt."""

    speaker: Speaker
    text: str


Prompt = tuple[Message, ...]
"""Messages in order. What several prompts share stands first, so that it is evaluated once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """What a model wrote.

    Attributes:
        text: Without reasoning: what a `<think>` block held is gone.
        cut: It was ended by the token limit, not by the model.
        prompt_tokens: Size of the prompt, chat template included.
        cached_tokens: Those of them that were not evaluated again.
    """

    text: str
    cut: bool
    prompt_tokens: int
    cached_tokens: int
    completion_tokens: int
