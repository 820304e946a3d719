"""What every `Watches` does, shown on the database and on its double."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.filter_words import parse_filters
from bot.domain.watch import Standing, Watch, Watched
from bot.ports.watches import Watches
from bot.store.database import Database
from bot.store.watches import SqlWatches
from tests.builders import HEAD, NOON, a_pattern, a_ref
from tests.doubles.watches import DictWatches

WATCH = Watch(channel="here", pattern=a_pattern("octo/stats"), by="slack:T1/U1", since=NOON)


@pytest.fixture(params=["database", "double"])
async def watches(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Watches]:
    if request.param == "double":
        yield DictWatches()
        return
    database = Database(tmp_path / "memory.sqlite3")
    try:
        yield SqlWatches(database)
    finally:
        await database.close()


def watched(number: int = 12, standing: Standing = Standing.KNOWN, channel: str = "here") -> Watched:
    return Watched(channel=channel, ref=a_ref(f"octo/stats#{number}"), standing=standing)


def numbers(found: Sequence[Watched]) -> list[tuple[int, str]]:
    return [(one.ref.number, one.standing) for one in found]


async def test_a_watch_comes_back_equal(watches: Watches) -> None:
    only = replace(WATCH, filters=parse_filters(["label:urgent", "-author:renovate"]))
    await watches.save(only)

    assert list(await watches.all()) == [only]
    assert list(await watches.of("here")) == [only]
    assert list(await watches.of("there")) == []


async def test_a_later_one_of_the_repository_takes_the_place_of_the_earlier(watches: Watches) -> None:
    await watches.save(WATCH)
    await watches.save(replace(WATCH, channel="there"))
    later = replace(WATCH, pattern=a_pattern("Octo/Stats"), by="somebody else")
    await watches.save(later)

    assert list(await watches.of("here")) == [later]
    assert [one.channel for one in await watches.all()] == ["here", "there"]


async def test_what_is_known_from_the_start_does_not_undo_what_was_shown(watches: Watches) -> None:
    await watches.save(WATCH, [watched(1)])
    await watches.put(watched(1, Standing.POSTED))

    await watches.save(WATCH, [watched(1), watched(2, Standing.WAITING)])

    assert numbers(await watches.watched("here", a_pattern("OCTO/stats"))) == [(1, "posted"), (2, "waiting")]
    assert await watches.watched("there", a_pattern("octo/stats")) == []


async def test_how_far_a_channel_is_comes_back_equal(watches: Watches) -> None:
    far = replace(watched(12, Standing.POSTED), thread="17.1", head=HEAD, shown="abc")
    await watches.save(WATCH)

    await watches.put(watched(12))
    await watches.put(far)

    assert list(await watches.watched("here", a_pattern("octo/stats"))) == [far]


async def test_what_is_not_watched_any_more_is_forgotten_and_not_kept_again(watches: Watches) -> None:
    await watches.save(WATCH, [watched(1)])

    assert await watches.remove("here", a_pattern("OCTO/Stats")) is True
    assert await watches.remove("here", a_pattern("octo/stats")) is False
    await watches.put(watched(1, Standing.POSTED))
    await watches.save(WATCH)

    assert await watches.watched("here", a_pattern("octo/stats")) == []
