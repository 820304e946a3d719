"""How the pull requests of a repository fared, week by week: `Stats` > `Week`.

A pull request counts in the week in which something happened to it: opened, reviewed for the first time, merged,
closed. So the figures of a week that is over stay as they are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum, auto
from itertools import chain
from math import ceil
from statistics import median
from typing import TypeAlias
from zoneinfo import ZoneInfo

from bot.domain.change import RepositoryRef
from bot.domain.history import Course, History

USUAL_WEEKS, MOST_WEEKS = 8, 52

AGES = (1, 3, 7, 30, 90)
"""Days at which a group of open pull requests ends and the next one begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How long something took.

    Attributes:
        median: Hours; half took less.
        most: Hours; nine of ten took at most that.
        count: How many there were, at least one.
    """

    median: float
    most: float
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """What happened in one week.

    Attributes:
        start: Its Monday.
        closed: Without being merged.
        to_review: From opening to the first review by another person; None where there was none in this week.
        to_merge: From opening to merging; likewise.
        running: It is not over yet.
    """

    start: date
    opened: int
    merged: int
    closed: int
    to_review: Spread | None = None
    to_merge: Spread | None = None
    running: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AgeGroup:
    """What is open and about equally old.

    Attributes:
        least: Days.
        below: Days; None for the oldest.
    """

    least: int
    below: int | None
    ready: int
    drafts: int

    @property
    def total(self) -> int:
        """Return how many there are."""
        return self.ready + self.drafts


@dataclass(frozen=True, slots=True, kw_only=True)
class Stats:
    """The statistics of one repository.

    Attributes:
        at: When they were made, in UTC.
        weeks: Oldest first; the last one is running.
        wanted: How many weeks were asked for, which may be more than could be read.
        ages: What is open, youngest first.
        to_review: Of all weeks together.
        to_merge: Likewise.
        bots: How many pull requests of programs are left out.
        unread: How many old open ones are left out because there were too many.
    """

    repository: RepositoryRef
    at: datetime
    weeks: tuple[Week, ...]
    wanted: int
    ages: tuple[AgeGroup, ...]
    to_review: Spread | None = None
    to_merge: Spread | None = None
    bots: int = 0
    unread: int = 0

    @property
    def open(self) -> int:
        """Return how many are open."""
        return sum(group.total for group in self.ages)


def window(at: datetime, weeks: int, timezone: str) -> datetime:
    """Return when so many weeks began, of which the one around *at* is the last."""
    return _begin(_mondays(at, weeks, timezone)[0], timezone)


def compute(history: History, now: datetime, *, weeks: int, timezone: str, bots: bool = False) -> Stats:
    """Make the statistics of *weeks* weeks, the last of them the one around *now*; fewer where less is known.

    Args:
        timezone: IANA name; a week begins at Monday's midnight there.
        bots: Count what programs opened, too.
    """
    mondays = _mondays(now, weeks, timezone)
    mondays = [monday for monday in mondays if _begin(monday, timezone) >= history.since] or mondays[-1:]
    counted = [course for course in history.courses if bots or not course.bot]
    left = [course for course in history.courses if not bots and course.bot]
    hours = _hours(counted, timezone)
    return Stats(
        repository=history.repository,
        at=now,
        weeks=tuple(_week(monday, hours, running=monday == mondays[-1]) for monday in mondays),
        wanted=weeks,
        ages=_ages([course for course in counted if course.closed is None], now),
        to_review=_spread([took for monday in mondays for took in hours[_What.REVIEWED, monday]]),
        to_merge=_spread([took for monday in mondays for took in hours[_What.MERGED, monday]]),
        bots=sum(one.closed is None or one.closed >= _begin(mondays[0], timezone) for one in left),
        unread=history.unread,
    )


class _What(Enum):
    OPENED = auto()
    REVIEWED = auto()
    MERGED = auto()
    CLOSED = auto()


_Hours: TypeAlias = defaultdict[tuple[_What, date], list[float]]


def _hours(courses: Iterable[Course], timezone: str) -> _Hours:
    """List how long what happened had taken, by what it is and the Monday of its week."""
    hours: _Hours = defaultdict(list)
    for what, at, took in chain.from_iterable(map(_events, courses)):
        hours[what, _monday(at, timezone)].append(took / timedelta(hours=1))
    return hours


def _week(monday: date, hours: _Hours, *, running: bool) -> Week:
    return Week(
        start=monday,
        opened=len(hours[_What.OPENED, monday]),
        merged=len(hours[_What.MERGED, monday]),
        closed=len(hours[_What.CLOSED, monday]),
        to_review=_spread(hours[_What.REVIEWED, monday]),
        to_merge=_spread(hours[_What.MERGED, monday]),
        running=running,
    )


def _events(course: Course) -> Iterator[tuple[_What, datetime, timedelta]]:
    """Yield what happened when, and how long it had waited for that."""
    yield _What.OPENED, course.opened, timedelta()
    if course.first_review is not None:
        yield _What.REVIEWED, course.first_review, course.waited(course.first_review)
    if course.closed is not None:
        yield _What.MERGED if course.merged else _What.CLOSED, course.closed, course.waited(course.closed)


def _spread(hours: Sequence[float]) -> Spread | None:
    """Sum up; `most` is one of *hours*, so that what is said of it is true of few, too."""
    if not hours:
        return None
    return Spread(median=median(hours), most=sorted(hours)[ceil(len(hours) * 9 / 10) - 1], count=len(hours))


def _ages(opened: Sequence[Course], now: datetime) -> tuple[AgeGroup, ...]:
    days = [((now - course.opened).days, course.draft) for course in opened]
    return tuple(
        AgeGroup(
            least=least,
            below=below,
            ready=sum(_within(least, age, below) and not draft for age, draft in days),
            drafts=sum(_within(least, age, below) and draft for age, draft in days),
        )
        for least, below in zip((0, *AGES), (*AGES, None), strict=True)
    )


def _within(least: int, age: int, below: int | None) -> bool:
    # The code host's clock may be ahead of ours: what is opened in our future is as young as can be.
    return least <= max(age, 0) and (below is None or age < below)


def _mondays(at: datetime, weeks: int, timezone: str) -> list[date]:
    last = _monday(at, timezone)
    return [last - timedelta(weeks=ago) for ago in reversed(range(weeks))]


def _monday(moment: datetime, timezone: str) -> date:
    day = moment.astimezone(ZoneInfo(timezone)).date()
    return day - timedelta(days=day.weekday())


def _begin(monday: date, timezone: str) -> datetime:
    return datetime.combine(monday, time(), ZoneInfo(timezone)).astimezone(UTC)
