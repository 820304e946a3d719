"""What `parley doctor` says: `Check` after `Check`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.sentence import Sentence


class Health(StrEnum):
    """How well one part is."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One part that was looked at.

    Attributes:
        part: `configuration`, `prompts`, `model`, `database`, `github`, or the name of a chat platform.
        sentence: What was seen, and what to do where it is not well.
    """

    health: Health
    part: str
    sentence: Sentence
