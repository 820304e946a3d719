"""The words for days, times and zones, in chat and in the configuration."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from bot.domain.errors import NotUnderstood
from bot.domain.sentence import Sentence, say
from bot.domain.subscription import DAILY, WEEKDAYS, Day, Subscription

_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_LIKE_A_TIME = re.compile(r"(\d{1,2}?)(?:[:.h ]?(\d{2}))?\s*(am|pm)?", re.IGNORECASE)
Free: TypeAlias = Callable[[date], bool]
"""Tells whether nothing is to come on a date."""

_SETS = {"daily": DAILY, "weekdays": WEEKDAYS}


def no_day(_date: date) -> bool:
    """Call no date free."""
    return False


def parse_days(text: str) -> tuple[Day, ...]:
    """Read `daily`, `weekdays` or days such as `mon,wed`; whole names count too.

    Raises:
        NotUnderstood: A word names no day.
    """
    words = [word.strip().casefold() for word in text.split(",")]
    if len(words) == 1 and words[0] in _SETS:
        return _SETS[words[0]]
    days = {
        word: next((day for day in Day if word and day.name.casefold().startswith(word[:9])), None) for word in words
    }
    for word, day in days.items():
        if day is None or len(word) < 3:
            raise NotUnderstood(_no_day(word))
    return tuple(day for day in Day if day in days.values())


def _no_day(word: str) -> Sentence:
    known = {name: name for name in _SETS} | {day.name.casefold(): day.value for day in Day} | {day: day for day in Day}
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    if near:
        return say(
            "`{word}` is no day, did you mean {near}? Say daily, weekdays, or days such as mon,wed.",
            word=word[:20],
            near=known[near[0]],
        )
    return say("`{word}` is no day: say daily, weekdays, or days such as mon,wed.", word=word[:20])


def parse_time(text: str) -> time:
    """Read a time of day such as `9:30`.

    Raises:
        NotUnderstood: It is none.
    """
    match = _TIME.fullmatch(text.strip())
    if match is None:
        near = _nearest_time(text.strip())
        raise NotUnderstood(say("`{word}` is no time of day: say it as in {near}.", word=text[:20], near=near))
    return time(int(match[1]), int(match[2]))


def _nearest_time(text: str) -> str:
    """Return the time that somebody most likely meant, as it has to be written."""
    found = _LIKE_A_TIME.fullmatch(text)
    if found is None:
        return "09:30"
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").casefold()
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return f"{hour % 24 if hour == 24 else min(hour, 23):02}:{min(minute, 59):02}"


def parse_zone(text: str) -> str:
    """Return the name of a time zone as the IANA database writes it.

    Raises:
        NotUnderstood: There is none of that name; the sentence names the nearest.
    """
    names = {name.casefold(): name for name in available_timezones()}
    name = names.get(text.strip().casefold())
    try:
        ZoneInfo(name or "")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        name = None
    if name is None:
        near = difflib.get_close_matches(text.casefold(), names, n=1, cutoff=0.4)
        example = names[near[0]] if near else "Europe/Berlin"
        raise NotUnderstood(say("I know no time zone `{word}`; {example} is one.", word=text[:40], example=example))
    return name


def local_times(
    subscription: Subscription, after: datetime, until: datetime, *, free: Free = no_day
) -> Iterator[datetime]:
    """Yield when the digests of *subscription* are due in (*after*, *until*], as moments in its zone.

    Each local date counts once. A time that a clock change skips is due when the clock has jumped over it; one that
    happens twice is due the first time: https://docs.python.org/3/library/datetime.html#datetime.datetime.fold

    Args:
        free: Tells on which dates nothing comes.
    """
    zone = ZoneInfo(subscription.timezone)
    day = after.astimezone(zone).date() - timedelta(days=1)
    last = until.astimezone(zone).date() + timedelta(days=1)
    while day <= last:
        if tuple(Day)[day.weekday()] in subscription.days and not free(day):
            # Through UTC, so that a time which does not exist becomes one that does.
            moment = datetime.combine(day, subscription.at, zone).astimezone(UTC).astimezone(zone)
            if after < moment <= until:
                yield moment
        day += timedelta(days=1)


def next_time(subscription: Subscription, after: datetime, *, free: Free = no_day) -> datetime | None:
    """Return when the next digest of *subscription* is due, in its zone; None if none comes for a year."""
    return next(local_times(subscription, after, after + timedelta(days=370), free=free), None)
