"""What is remembered of a chat: `Conversation` > `Turn`, and the reviews it is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.change import Change
from bot.domain.review import Review


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadRef:
    """A place where people talk; only the adapter that made it knows what the names mean.

    Attributes:
        channel: The room, such as `slack:T1/C2` or `console`.
        thread: The thread inside it; empty for the room itself.
    """

    channel: str
    thread: str = ""


class Role(StrEnum):
    """Who said something."""

    PERSON = "person"
    BOT = "bot"


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One thing somebody said.

    Attributes:
        author: The person's name as the chat shows it; empty for the bot.
        at: When, in UTC.
    """

    role: Role
    author: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """What was said in one thread, oldest first.

    Attributes:
        summary: What the turns before `turns` were about, in the model's words; empty while nothing was left out.
    """

    turns: tuple[Turn, ...] = ()
    summary: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRecord:
    """A review as it was posted, with the change it speaks of.

    Attributes:
        target: How people name the change: `owner/repository#12`, a file name or a range.
        at: When it was finished, in UTC.
    """

    where: ThreadRef
    target: str
    at: datetime
    review: Review
    change: Change
