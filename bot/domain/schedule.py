"""The words for days, times and zones, in chat and in the configuration."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from bot.domain.errors import NotUnderstood
from bot.domain.sentence import say
from bot.domain.subscription import DAILY, WEEKDAYS, Day, Subscription

_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_SETS = {"daily": DAILY, "weekdays": WEEKDAYS}


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
            raise NotUnderstood(
                say("`{word}` is no day: say daily, weekdays, or days such as mon,wed.", word=word[:20])
            )
    return tuple(day for day in Day if day in days.values())


def parse_time(text: str) -> time:
    """Read a time of day such as `9:30`.

    Raises:
        NotUnderstood: It is none.
    """
    match = _TIME.fullmatch(text.strip())
    if match is None:
        raise NotUnderstood(say("`{word}` is no time of day: say it as in 09:30.", word=text[:20]))
    return time(int(match[1]), int(match[2]))


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


def local_times(subscription: Subscription, after: datetime, until: datetime) -> Iterator[datetime]:
    """Yield when the digests of *subscription* are due in (*after*, *until*], as moments in its zone.

    Each local date counts once. A time that a clock change skips is due when the clock has jumped over it; one that
    happens twice is due the first time: https://docs.python.org/3/library/datetime.html#datetime.datetime.fold
    """
    zone = ZoneInfo(subscription.timezone)
    date = after.astimezone(zone).date() - timedelta(days=1)
    last = until.astimezone(zone).date() + timedelta(days=1)
    while date <= last:
        if tuple(Day)[date.weekday()] in subscription.days:
            # Through UTC, so that a time which does not exist becomes one that does.
            moment = datetime.combine(date, subscription.at, zone).astimezone(UTC).astimezone(zone)
            if after < moment <= until:
                yield moment
        date += timedelta(days=1)


def next_time(subscription: Subscription, after: datetime) -> datetime:
    """Return when the next digest of *subscription* is due, in its zone."""
    return next(local_times(subscription, after, after + timedelta(days=9)))
