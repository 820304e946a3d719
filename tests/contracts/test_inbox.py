"""What every `Inbox` does, shown on the database and on the double."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from bot.ports.inbox import Inbox
from bot.store.database import Database
from bot.store.inbox import SqlInbox
from tests.builders import NOON
from tests.doubles.clock import FakeClock
from tests.doubles.inbox import DictInbox


@dataclass(frozen=True, kw_only=True)
class Process:
    """An inbox, and a way to end its process; what comes after it is the next."""

    inbox: Inbox
    end: Callable[[], Awaitable[Inbox]]


@pytest.fixture(params=["database", "double"])
async def process(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Process]:
    if request.param == "double":
        double = DictInbox()

        async def end_double() -> Inbox:
            double.end_process()
            return double

        yield Process(inbox=double, end=end_double)
        return
    database = Database(tmp_path / "parley.sqlite3")
    inboxes = [SqlInbox(database, FakeClock())]

    async def end() -> Inbox:
        await inboxes[-1].close()
        inboxes.append(SqlInbox(database, FakeClock()))
        return inboxes[-1]

    try:
        yield Process(inbox=inboxes[0], end=end)
    finally:
        for inbox in inboxes:
            await inbox.close()
        await database.close()


async def test_what_is_taken_is_taken_once_by_whatever_name(process: Process) -> None:
    first = await process.inbox.take("event 1", "message 1", source="slack", body="hello")

    assert first is not None
    assert (first.id, first.body, first.at, first.tries) == ("event 1", "hello", NOON, 1)
    assert await process.inbox.take("event 1", source="slack", body="again") is None
    assert await process.inbox.take("event 2", "message 1", source="slack", body="its twin") is None
    assert await process.inbox.take("event 2", source="slack", body="nothing of it was taken") is not None


async def test_a_finished_job_is_known_and_not_adopted(process: Process) -> None:
    job = await process.inbox.take("event", source="slack", body="hello")
    assert job is not None

    await job.done()
    after = await process.end()

    assert list(await after.adopt("slack")) == []
    assert await after.take("event", source="slack", body="hello") is None


async def test_what_an_ended_process_held_is_adopted_with_its_notes_and_one_more_try(process: Process) -> None:
    job = await process.inbox.take("event", source="slack", body="hello")
    assert job is not None
    await job.note("progress", "17.1")
    await job.note("thread", "16.1")

    after = await process.end()
    (again,) = await after.adopt("slack")

    assert (again.id, again.body, again.at, again.tries) == ("event", "hello", NOON, 2)
    assert (again.noted("progress"), again.noted("thread"), again.noted("file")) == ("17.1", "16.1", "")
    assert list(await after.adopt("slack")) == []


async def test_what_this_process_holds_is_not_adopted(process: Process) -> None:
    await process.inbox.take("event", source="slack", body="hello")

    assert list(await process.inbox.adopt("slack")) == []


async def test_each_source_adopts_its_own(process: Process) -> None:
    await process.inbox.take("event", source="slack", body="hello")
    after = await process.end()

    assert list(await after.adopt("digest")) == []
    assert [job.id for job in await after.adopt("slack")] == ["event"]


async def test_finished_jobs_are_forgotten_by_age_and_unfinished_ones_never(process: Process) -> None:
    done = await process.inbox.take("done", source="slack", body="")
    await process.inbox.take("open", source="slack", body="")
    assert done is not None
    await done.done()

    await process.inbox.forget_before(NOON)
    assert await process.inbox.take("done", source="slack", body="") is None
    await process.inbox.forget_before(NOON + timedelta(seconds=1))

    assert await process.inbox.take("done", source="slack", body="") is not None
    assert await process.inbox.take("open", source="slack", body="") is None
