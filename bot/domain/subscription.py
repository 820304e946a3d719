"""What a channel wants to be told regularly, and when it does not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum

from bot.domain.change import PullRequestRef, RepositoryPattern, RepositoryRef
from bot.domain.filters import Filters


class Day(StrEnum):
    """A day of the week, Monday first."""

    MONDAY = "mon"
    TUESDAY = "tue"
    WEDNESDAY = "wed"
    THURSDAY = "thu"
    FRIDAY = "fri"
    SATURDAY = "sat"
    SUNDAY = "sun"


class Kind(StrEnum):
    """What comes at the time of a subscription."""

    DIGEST = "digest"
    STATS = "stats"


DAILY = tuple(Day)
WEEKDAYS = DAILY[:5]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A digest of the open pull requests of a repository, or of all of an owner, or statistics of one, for a channel.

    Attributes:
        id: Names it for good, in buttons too: letters and digits, at most 32.
        channel: As in `ThreadRef`.
        days: At least one, in the order of the week.
        at: Local time of day in *timezone*.
        timezone: IANA name, such as `Europe/Berlin`.
        by: The person who asked for it, as in `Audience`.
        since: When they did, in UTC; no earlier digest is due.
    """

    id: str
    channel: str
    pattern: RepositoryPattern
    days: tuple[Day, ...]
    at: time
    timezone: str
    by: str
    since: datetime
    filters: Filters = Filters()
    kind: Kind = Kind.DIGEST


@dataclass(frozen=True, slots=True, kw_only=True)
class Snooze:
    """Nothing is said of something in a channel for a while.

    Attributes:
        channel: As in `ThreadRef`.
        what: A pull request, a repository or all of an owner; None for everything.
        until: In UTC.
    """

    channel: str
    what: PullRequestRef | RepositoryPattern | None
    until: datetime
    by: str

    def covers(self, thing: PullRequestRef | RepositoryRef) -> bool:
        """Tell whether nothing is to be said of *thing*."""
        match self.what:
            case None:
                return True
            case RepositoryPattern():
                return self.what.covers(thing.repository_ref if isinstance(thing, PullRequestRef) else thing)
            case PullRequestRef():
                return str(self.what).casefold() == str(thing).casefold()
