"""What people said about reviews goes when the reviews go."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.feedback import Dismissal
from bot.store.database import Database
from bot.store.feedback import SqlFeedback
from bot.store.grants import SqlGrants
from bot.store.memory import SqlMemory
from bot.store.subscriptions import SqlSubscriptions
from tests.builders import NOON, a_record, a_subscription, a_thread

HERE = a_thread("1")
NEXT_DOOR = a_thread("2")
ELSEWHERE = a_thread("1", channel="slack:T1/C2")


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(tmp_path / "memory.sqlite3")
    try:
        yield database
    finally:
        await database.close()


async def reviewed_rated_and_dismissed(database: Database) -> None:
    """Review once in each thread, call each review helpful, and dismiss a finding in each channel."""
    memory, feedback = SqlMemory(database), SqlFeedback(database)
    for number, where in enumerate((HERE, NEXT_DOOR, ELSEWHERE)):
        await memory.save_review(a_record(id=f"review{number}", where=where, at=NOON + timedelta(minutes=number)))
        await feedback.rate(f"review{number}", by="ada", helpful=True, at=NOON)
    for channel in (HERE.channel, ELSEWHERE.channel):
        await feedback.dismiss(Dismissal(channel=channel, finding="f1", title="A finding", by="ada", at=NOON))


async def helpful(database: Database) -> list[int]:
    return [(await SqlFeedback(database).ratings(f"review{number}"))[0] for number in range(3)]


async def dismissed(database: Database) -> list[int]:
    return [len(await SqlFeedback(database).dismissed(channel)) for channel in (HERE.channel, ELSEWHERE.channel)]


async def test_a_forgotten_thread_takes_its_ratings_along(database: Database) -> None:
    await reviewed_rated_and_dismissed(database)

    gone = await SqlMemory(database).forget(HERE.channel, thread=HERE.thread)

    assert gone == 1
    assert await helpful(database) == [0, 1, 1]
    assert await dismissed(database) == [1, 1]


async def test_a_forgotten_channel_takes_ratings_and_dismissals_along(database: Database) -> None:
    await reviewed_rated_and_dismissed(database)

    gone = await SqlMemory(database).forget(HERE.channel)

    assert gone == 2
    assert await helpful(database) == [0, 0, 1]
    assert await dismissed(database) == [0, 1]


async def test_what_grows_old_takes_its_ratings_along_and_no_dismissals(database: Database) -> None:
    await reviewed_rated_and_dismissed(database)

    gone = await SqlMemory(database).forget_before(NOON + timedelta(minutes=2))

    assert gone == 2
    assert await helpful(database) == [0, 0, 1]
    assert await dismissed(database) == [1, 1]


async def test_a_forgotten_channel_keeps_what_admins_and_people_set_up(database: Database) -> None:
    subscription = a_subscription(channel=HERE.channel)
    await SqlGrants(database).allow(HERE.channel, "octo/*", by="ada", at=NOON)
    await SqlSubscriptions(database).save(subscription)

    await SqlMemory(database).forget(HERE.channel)

    assert await SqlGrants(database).allowed(HERE.channel) == ["octo/*"]
    assert await SqlSubscriptions(database).all() == [subscription]
