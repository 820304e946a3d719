"""What every `Subscriptions` does, shown on the database and on its double."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path

import pytest

from bot.domain.filter_words import parse_filters
from bot.domain.subscription import DAILY, Day, Kind, Subscription
from bot.ports.subscriptions import Subscriptions
from bot.store.database import Database
from bot.store.subscriptions import SqlSubscriptions
from tests.builders import NOON, a_pattern, a_subscription
from tests.doubles.subscriptions import DictSubscriptions

SUBSCRIPTION = a_subscription(
    id="one", channel="here", days=(Day.MONDAY, Day.SUNDAY), at=time(9, 5), timezone="Australia/Lord_Howe", since=NOON
)


@pytest.fixture(params=["database", "double"])
async def subscriptions(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Subscriptions]:
    if request.param == "double":
        yield DictSubscriptions()
        return
    database = Database(tmp_path / "memory.sqlite3")
    try:
        yield SqlSubscriptions(database)
    finally:
        await database.close()


def places(found: Sequence[Subscription]) -> list[tuple[str, str]]:
    return [(one.channel, str(one.pattern)) for one in found]


@pytest.mark.parametrize("days", [(Day.WEDNESDAY,), DAILY])
@pytest.mark.parametrize("at", [time(0, 0), time(23, 59)])
async def test_a_subscription_comes_back_equal(subscriptions: Subscriptions, days: tuple[Day, ...], at: time) -> None:
    wanted = replace(SUBSCRIPTION, days=days, at=at)

    await subscriptions.save(wanted)

    assert list(await subscriptions.all()) == [wanted]


@pytest.mark.parametrize(
    "words", ['label:"good first issue",urgent', "-author:renovate", "age:2d", "bots:yes", "path:src/* state:failing"]
)
async def test_filters_come_back_equal(subscriptions: Subscriptions, words: str) -> None:
    wanted = replace(SUBSCRIPTION, filters=parse_filters(words.split()), pattern=a_pattern("octo/*"), kind=Kind.STATS)

    await subscriptions.save(wanted)

    assert list(await subscriptions.all()) == [wanted]


async def test_they_come_by_channel_and_repository_and_age(subscriptions: Subscriptions) -> None:
    for number, (channel, name) in enumerate(
        (("b", "octo/stats"), ("a", "octo/web"), ("b", "Acme/x"), ("a", "octo/stats"), ("b", "Octo/stats"))
    ):
        since = NOON - timedelta(days=number)
        await subscriptions.save(
            replace(SUBSCRIPTION, id=f"s{number}", channel=channel, pattern=a_pattern(name), since=since)
        )

    assert places(await subscriptions.all()) == [
        ("a", "octo/stats"),
        ("a", "octo/web"),
        ("b", "Acme/x"),
        ("b", "Octo/stats"),
        ("b", "octo/stats"),
    ]


async def test_those_of_some_channels_are_these_alone(subscriptions: Subscriptions) -> None:
    for channel in ("c", "b", "a"):
        await subscriptions.save(replace(SUBSCRIPTION, id=channel, channel=channel))

    assert places(await subscriptions.of(["c", "a", "d"])) == [("a", "octo/stats"), ("c", "octo/stats")]
    assert list(await subscriptions.of([])) == []


async def test_a_later_one_of_the_same_id_takes_the_place_of_the_earlier(subscriptions: Subscriptions) -> None:
    later = replace(SUBSCRIPTION, pattern=a_pattern("octo/web"), days=(Day.FRIDAY,))
    other = replace(SUBSCRIPTION, id="two")
    await subscriptions.save(SUBSCRIPTION)
    await subscriptions.save(other)

    await subscriptions.save(later)

    assert list(await subscriptions.all()) == [other, later]


async def test_a_channel_removes_its_own_alone_and_once(subscriptions: Subscriptions) -> None:
    for name, channel in (("one", "here"), ("two", "here"), ("three", "there")):
        await subscriptions.save(replace(SUBSCRIPTION, id=name, channel=channel))

    assert await subscriptions.remove("here", ["one", "three", "four"]) == 1
    assert await subscriptions.remove("here", ["one"]) == 0

    assert [one.id for one in await subscriptions.all()] == ["two", "three"]
