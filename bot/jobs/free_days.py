"""Days without digests: public holidays of a country, what a calendar file says, weekends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.domain.errors import ConfigInvalid
from bot.domain.schedule import Free, no_day
from bot.domain.sentence import say

WEEKEND = frozenset({5, 6})
"""Saturday and Sunday, where no country says otherwise."""

_HORIZON = timedelta(days=366)
"""How long one event may last."""


def free_days(holidays: str, *, weekends: bool) -> Free:
    """Return what tells whether nothing is to come on a date.

    Args:
        holidays: A country such as `DE` or `DE-BY`, or the name of an `.ics` file; empty for none.
        weekends: Nothing comes on weekends either, which are those of the country.

    Raises:
        ConfigInvalid: There is no such country or file, or the file is no calendar.
    """
    is_holiday: Free = no_day
    weekend = WEEKEND
    if holidays.casefold().endswith(".ics"):
        is_holiday = _of_file(Path(holidays).expanduser())
    elif holidays:
        is_holiday, weekend = _of_country(holidays)
    return lru_cache(lambda day: is_holiday(day) or (weekends and day.weekday() in weekend))


def _of_country(name: str) -> tuple[Free, frozenset[int]]:
    from holidays import country_holidays  # here: only who has holidays pays for it

    country, _, part = name.partition("-")
    try:
        known = country_holidays(country.upper(), subdiv=part.upper() or None)
    except NotImplementedError as error:
        raise ConfigInvalid(
            say(
                "holidays of [digest]: `{name}` is no country that I know. Use a code such as DE, US or DE-BY, or the "
                "name of an .ics file.",
                name=name,
            )
        ) from error
    return (lambda day: day in known), frozenset(known.weekend)


def _of_file(file: Path) -> Free:
    from icalendar import Calendar

    try:
        events = [_Event(event) for event in Calendar.from_ical(file.read_bytes()).walk("VEVENT")]
    except OSError as error:
        raise ConfigInvalid(
            say("holidays of [digest]: {file} cannot be read: {cause}.", file=str(file), cause=error.strerror or "")
        ) from error
    except (ValueError, KeyError) as error:
        raise ConfigInvalid(say("holidays of [digest]: {file} is no calendar.", file=str(file))) from error
    return lambda day: any(event.covers(day) for event in events)


class _Event:
    """One event of a calendar, which may come again: https://www.rfc-editor.org/rfc/rfc5545#section-3.6.1."""

    def __init__(self, event: Any) -> None:
        from icalendar.error import InvalidCalendar

        try:
            begin, end = _day(event.start), event.end
        except InvalidCalendar as error:
            raise ValueError("an event without a beginning") from error
        # The end of an event of whole days is the day after; one that ends in the middle of a day covers that.
        last = _day(end) - timedelta(days=1) if not isinstance(end, datetime) else _day(end)
        self._days = min(max(last, begin) - begin, _HORIZON)
        self._begins = _repeated(event, begin)

    def covers(self, day: date) -> bool:
        return any(begin <= day <= begin + self._days for begin in self._begins(day - self._days, day))


def _repeated(event: Any, begin: date) -> Callable[[date, date], Iterator[date]]:
    """Return what yields when an event begins in a span of dates."""
    from dateutil.rrule import rrulestr

    if "RRULE" not in event:
        return lambda first, last: iter([begin] if first <= begin <= last else [])
    start = datetime.combine(begin, datetime.min.time())
    text = event["RRULE"].to_ical().decode()
    rule = rrulestr(text, dtstart=start, ignoretz=True)

    def begins(first: date, last: date) -> Iterator[date]:
        midnight = datetime.min.time()
        found = rule.between(datetime.combine(first, midnight), datetime.combine(last, midnight), inc=True)
        return (moment.date() for moment in found)

    return begins


def _day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment
