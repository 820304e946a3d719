"""What happened to the pull requests of a repository, as far as statistics need it: `History` > `Course`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from bot.domain.change import RepositoryRef

Draft: TypeAlias = tuple[datetime, datetime | None]
"""A time as a draft, from and until; None where it did not end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewGiven:
    """One review, whatever it says.

    Attributes:
        by: Login; empty where the account is gone.
        bot: It was a program.
    """

    by: str
    bot: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What happened to one pull request.

    Attributes:
        author: Login; empty where the account is gone.
        bot: The author is a program.
        closed: None while it is open.
        drafts: When it was a draft, in order.
        reviews: The first ones, in order.
    """

    number: int
    author: str
    bot: bool
    opened: datetime
    closed: datetime | None = None
    merged: bool = False
    drafts: tuple[Draft, ...] = ()
    reviews: tuple[ReviewGiven, ...] = ()

    @property
    def draft(self) -> bool:
        """Tell whether it is open, and a draft."""
        return self.closed is None and bool(self.drafts) and self.drafts[-1][1] is None

    @property
    def first_review(self) -> datetime | None:
        """Return when somebody else than the author, and no program, first reviewed it while it was open, if ever."""
        others = (one.at for one in self.reviews if not one.bot and one.by.casefold() != self.author.casefold())
        return min((at for at in others if self.closed is None or at <= self.closed), default=None)

    def waited(self, until: datetime) -> timedelta:
        """Return how long it waited for others; the time as a draft, when it was its author's, does not count."""
        drafted = (min(end or until, until) - max(start, self.opened) for start, end in self.drafts if start < until)
        return max(until - self.opened - sum(drafted, timedelta()), timedelta())


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Everything that is open in a repository, and what was closed lately.

    Attributes:
        repository: As the code host writes it.
        private: Not open to everybody.
        since: From when on everything is known; later than what was asked for where there was too much to read.
        unread: How many open ones were not read, all of them older than those that were.
    """

    repository: RepositoryRef
    private: bool
    since: datetime
    courses: tuple[Course, ...]
    unread: int = 0


def drafts_of(opened: datetime, turns: Sequence[tuple[datetime, bool]], *, draft: bool) -> tuple[Draft, ...]:
    """Tell when a pull request was a draft.

    Args:
        turns: When it became one (True) or was made ready (False), in order.
        draft: What it is now, which is also what it always was if it never turned.
    """
    began_as_draft = not turns[0][1] if turns else draft
    return tuple(_spans([(opened, began_as_draft), *turns]))


def _spans(turns: Iterable[tuple[datetime, bool]]) -> Iterator[Draft]:
    start: datetime | None = None
    for at, draft in turns:
        if draft and start is None:
            start = at
        elif not draft and start is not None:
            yield start, at
            start = None
    if start is not None:
        yield start, None
