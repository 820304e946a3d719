"""Subscriptions and snoozes in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.sentence import Sentence, say
from bot.domain.subscription import DAILY, WEEKDAYS, Day, Kind, Snooze, Subscription
from bot.domain.watch import Watch


def of_subscription(one: Subscription) -> Sentence:
    """Say what comes when, and what it is about."""
    name = str(one.pattern)
    when = say(
        "{repository}, {days} at {at} ({timezone})",
        repository=say("{repository}, weekly stats", repository=name) if one.kind is Kind.STATS else name,
        days=_days(one.days),
        at=f"{one.at:%H:%M}",
        timezone=one.timezone,
    )
    return say("{when}, only {filters}", when=when, filters=f"`{one.filters}`") if one.filters.terms else when


def of_list(
    subscriptions: Sequence[Subscription], watches: Sequence[Watch], snoozes: Sequence[Snooze], timezone: str
) -> Iterator[Sentence]:
    """Say what a channel subscribed to, with the numbers by which one is ended, what it watches, and what is quiet."""
    for number, one in enumerate(subscriptions, start=1):
        yield say("{number}. {what}", number=number, what=of_subscription(one))
    for watch in watches:
        yield of_watch(watch)
    for snooze in snoozes:
        yield of_snooze(snooze, timezone)


def of_watch(watch: Watch) -> Sentence:
    """Say what is watched, and of it what."""
    name = str(watch.pattern)
    if not watch.filters.terms:
        return say("I watch {repository}.", repository=name)
    return say("I watch {repository}, only {filters}.", repository=name, filters=f"`{watch.filters}`")


def of_end(kind: Kind, name: str) -> Sentence:
    """Say what does not come any more."""
    if kind is Kind.STATS:
        return say("No more weekly stats of {repository} here.", repository=name)
    return say("No more digests of {repository} here.", repository=name)


def of_snooze(snooze: Snooze, timezone: str) -> Sentence:
    """Say what is quiet until when."""
    until = in_zone(snooze.until, timezone)
    if snooze.what is None:
        return say("I am quiet in this channel until {until}; `snooze off` ends that.", until=until)
    return say(
        "I am quiet about {what} until {until}; `snooze {what} off` ends that.", what=str(snooze.what), until=until
    )


def in_zone(moment: datetime, timezone: str) -> str:
    """Write a moment as the clocks of a zone show it."""
    return f"{moment.astimezone(ZoneInfo(timezone)):%Y-%m-%d %H:%M}"


def _days(days: Sequence[Day]) -> Sentence | str:
    if tuple(days) == DAILY:
        return say("daily")
    if tuple(days) == WEEKDAYS:
        return say("on weekdays")
    return ", ".join(days)
