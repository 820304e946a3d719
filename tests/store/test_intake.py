"""A burst of events is written together, and everybody who waits for it hears the outcome."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.domain.errors import StoreUnusable
from bot.store.database import Database
from bot.store.intake import MOST, Heard, Intake
from tests.builders import NOON


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(tmp_path / "memory.sqlite3", busy_seconds=0.05)
    try:
        yield database
    finally:
        await database.close()


@pytest.fixture
async def intake(database: Database) -> AsyncIterator[Intake]:
    intake = Intake(database)
    yield intake
    await intake.close()


def heard(*names: str) -> Heard:
    return Heard(names=names, source="slack", body="", at=NOON, runner="r")


def stored(database: Database) -> list[str]:
    with closing(sqlite3.connect(database.file)) as connection:
        return [name for (name,) in connection.execute("SELECT id FROM jobs ORDER BY id")]


async def test_of_the_same_name_in_one_burst_the_first_is_new(intake: Intake, database: Database) -> None:
    burst = [heard("a", "m"), heard("b", "m"), heard("b"), heard("a")]

    assert await asyncio.gather(*map(intake.take, burst)) == [True, False, True, False]

    assert stored(database) == ["a", "b"]


async def test_a_burst_of_any_size_is_taken(intake: Intake) -> None:
    names = [f"event {number}" for number in range(2 * MOST + 1)]

    assert await asyncio.gather(*(intake.take(heard(name)) for name in names)) == [True] * len(names)
    assert await asyncio.gather(*(intake.take(heard(name)) for name in names)) == [False] * len(names)


async def test_who_no_longer_waits_leaves_the_others_of_the_burst_theirs(intake: Intake) -> None:
    for steps in range(25):
        first, second = (asyncio.create_task(intake.take(heard(f"{who} {steps}"))) for who in "ab")
        for _ in range(steps):
            await asyncio.sleep(0)
        first.cancel()

        assert await second is True

        await asyncio.gather(first, return_exceptions=True)


async def test_closing_waits_for_what_nobody_waits_for(intake: Intake, database: Database) -> None:
    taking = asyncio.create_task(intake.take(heard("a")))
    await asyncio.sleep(0)
    taking.cancel()

    await intake.close()

    assert stored(database) == ["a"]


async def test_a_failure_is_heard_by_all_of_the_burst_and_by_nobody_later(intake: Intake, database: Database) -> None:
    await database.open()
    with closing(sqlite3.connect(database.file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        outcomes = await asyncio.gather(*(intake.take(heard(name)) for name in "abc"), return_exceptions=True)
        other.execute("ROLLBACK")

    assert [type(outcome) for outcome in outcomes] == [StoreUnusable] * 3
    assert await asyncio.gather(*(intake.take(heard(name)) for name in "abc")) == [True] * 3


async def test_what_is_heard_is_written_before_a_crowd_that_came_earlier(intake: Intake, database: Database) -> None:
    await database.open()
    done: list[str] = []

    async def wait_in_line() -> None:
        async with database.reading():
            done.append("crowd")

    crowd = [asyncio.create_task(wait_in_line()) for _ in range(50)]
    await asyncio.sleep(0)
    await intake.take(heard("event"))
    done.append("event")
    await asyncio.gather(*crowd)

    assert done.index("event") <= 2
