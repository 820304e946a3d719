"""What a channel wants to be told regularly."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum

from bot.domain.change import RepositoryRef


class Day(StrEnum):
    """A day of the week, Monday first."""

    MONDAY = "mon"
    TUESDAY = "tue"
    WEDNESDAY = "wed"
    THURSDAY = "thu"
    FRIDAY = "fri"
    SATURDAY = "sat"
    SUNDAY = "sun"


DAILY = tuple(Day)
WEEKDAYS = DAILY[:5]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A digest of the open pull requests of one repository, posted to one channel.

    A channel has at most one of a repository.

    Attributes:
        channel: As in `ThreadRef`.
        days: At least one, in the order of the week.
        at: Local time of day in *timezone*.
        timezone: IANA name, such as `Europe/Berlin`.
        by: The person who asked for it, as in `Audience`.
        since: When they did, in UTC; no earlier digest is due.
    """

    channel: str
    repository: RepositoryRef
    days: tuple[Day, ...]
    at: time
    timezone: str
    by: str
    since: datetime
