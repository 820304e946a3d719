"""What every `Subscriptions` does, shown on the database and on its double."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import time
from pathlib import Path

import pytest

from bot.domain.change import RepositoryRef
from bot.domain.subscription import DAILY, Day, Subscription
from bot.ports.subscriptions import Subscriptions
from bot.store.database import Database
from bot.store.subscriptions import SqlSubscriptions
from tests.builders import NOON
from tests.doubles.subscriptions import DictSubscriptions

STATS = RepositoryRef(owner="octo", name="stats")
WEB = RepositoryRef(owner="octo", name="web")

SUBSCRIPTION = Subscription(
    channel="here",
    repository=STATS,
    days=(Day.MONDAY, Day.SUNDAY),
    at=time(9, 5),
    timezone="Australia/Lord_Howe",
    by="slack:T1/U1",
    since=NOON,
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
    return [(one.channel, str(one.repository)) for one in found]


@pytest.mark.parametrize("days", [(Day.WEDNESDAY,), DAILY])
@pytest.mark.parametrize("at", [time(0, 0), time(23, 59)])
async def test_a_subscription_comes_back_equal(subscriptions: Subscriptions, days: tuple[Day, ...], at: time) -> None:
    wanted = replace(SUBSCRIPTION, days=days, at=at)

    await subscriptions.save(wanted)

    assert list(await subscriptions.all()) == [wanted]


async def test_they_come_by_channel_and_repository(subscriptions: Subscriptions) -> None:
    for channel, repository in (("b", STATS), ("a", WEB), ("b", RepositoryRef(owner="Acme", name="x")), ("a", STATS)):
        await subscriptions.save(replace(SUBSCRIPTION, channel=channel, repository=repository))

    assert places(await subscriptions.all()) == [
        ("a", "octo/stats"),
        ("a", "octo/web"),
        ("b", "Acme/x"),
        ("b", "octo/stats"),
    ]


async def test_those_of_some_channels_are_these_alone(subscriptions: Subscriptions) -> None:
    for channel in ("c", "b", "a"):
        await subscriptions.save(replace(SUBSCRIPTION, channel=channel))

    assert places(await subscriptions.of(["c", "a", "d"])) == [("a", "octo/stats"), ("c", "octo/stats")]
    assert list(await subscriptions.of([])) == []


async def test_a_later_one_of_the_same_repository_takes_the_place_of_the_earlier(subscriptions: Subscriptions) -> None:
    later = replace(SUBSCRIPTION, repository=RepositoryRef(owner="Octo", name="STATS"), days=(Day.FRIDAY,))
    await subscriptions.save(SUBSCRIPTION)
    await subscriptions.save(replace(SUBSCRIPTION, channel="there"))

    await subscriptions.save(later)

    assert list(await subscriptions.of(["here"])) == [later]
    assert len(await subscriptions.all()) == 2


async def test_one_is_removed_once_however_the_repository_is_written(subscriptions: Subscriptions) -> None:
    for channel, repository in (("here", STATS), ("here", WEB), ("there", STATS)):
        await subscriptions.save(replace(SUBSCRIPTION, channel=channel, repository=repository))
    loud = RepositoryRef(owner="OCTO", name="Stats")

    assert await subscriptions.remove("here", loud) is True
    assert await subscriptions.remove("here", loud) is False

    assert places(await subscriptions.all()) == [("here", "octo/web"), ("there", "octo/stats")]
