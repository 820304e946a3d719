"""What every `Snoozes` does, shown on the database and on its double."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.change import PullRequestRef, RepositoryPattern
from bot.domain.subscription import Snooze
from bot.ports.snoozes import Snoozes
from bot.store.database import Database
from bot.store.snoozes import SqlSnoozes
from tests.builders import NOON, a_pattern, a_ref
from tests.doubles.snoozes import DictSnoozes

DAY = timedelta(days=1)


@pytest.fixture(params=["database", "double"])
async def snoozes(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Snoozes]:
    if request.param == "double":
        yield DictSnoozes()
        return
    database = Database(tmp_path / "memory.sqlite3")
    try:
        yield SqlSnoozes(database)
    finally:
        await database.close()


def a_snooze(what: PullRequestRef | RepositoryPattern | None = None, days: int = 1, channel: str = "here") -> Snooze:
    return Snooze(channel=channel, what=what, until=NOON + days * DAY, by="slack:T1/U1")


@pytest.mark.parametrize("what", [None, a_pattern("octo/stats"), a_pattern("octo/*"), a_ref("octo/stats#12")])
async def test_a_snooze_comes_back_equal_until_it_ends(
    snoozes: Snoozes, what: PullRequestRef | RepositoryPattern | None
) -> None:
    kept = a_snooze(what)
    await snoozes.save(kept)

    assert list(await snoozes.of("here", NOON)) == [kept]
    assert list(await snoozes.of("here", NOON + DAY)) == []
    assert list(await snoozes.of("there", NOON)) == []


async def test_they_come_by_when_they_end_and_a_later_one_of_the_same_thing_replaces_the_earlier(
    snoozes: Snoozes,
) -> None:
    await snoozes.save(a_snooze(a_pattern("octo/stats"), days=3))
    await snoozes.save(a_snooze(None, days=2))
    await snoozes.save(a_snooze(a_pattern("Octo/Stats"), days=1))

    assert [str(one.what) for one in await snoozes.of("here", NOON)] == ["Octo/Stats", "None"]


async def test_one_is_ended_once_however_it_is_written(snoozes: Snoozes) -> None:
    await snoozes.save(a_snooze(a_pattern("octo/stats")))
    await snoozes.save(a_snooze(a_pattern("octo/stats"), channel="there"))
    loud = replace(a_snooze(a_pattern("OCTO/Stats")), until=NOON)

    assert await snoozes.remove(loud) is True
    assert await snoozes.remove(loud) is False
    assert len(await snoozes.of("there", NOON)) == 1
