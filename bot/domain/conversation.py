"""What is remembered of a chat: `Conversation` > `Turn`, and the reviews it is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.change import Change
from bot.domain.review import Review, Verdict


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
        id: Names it for good, in buttons too: letters and digits, at most 32.
        target: How people name the change: `owner/repository#12`, a file name or a range.
        at: When it was finished, in UTC.
    """

    id: str
    where: ThreadRef
    target: str
    at: datetime
    review: Review
    change: Change

    @property
    def note(self) -> ReviewNote:
        """Return it in short."""
        pull_request = self.review.pull_request
        return ReviewNote(
            id=self.id,
            where=self.where,
            target=self.target,
            at=self.at,
            title=pull_request.title,
            url=pull_request.url,
            head_sha=pull_request.head_sha,
            verdict=self.review.verdict,
            findings=len(self.review.findings),
            private=pull_request.private,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewNote:
    """A remembered review in short, for lists; the fields as in `ReviewRecord`, `Review` and `PullRequest`."""

    id: str
    where: ThreadRef
    target: str
    at: datetime
    title: str
    url: str
    head_sha: str
    verdict: Verdict
    findings: int
    private: bool | None
