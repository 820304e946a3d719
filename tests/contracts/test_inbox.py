"""What every `Inbox` does, shown on the database and on its double."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Protocol

import pytest

from bot.ports.inbox import Inbox, Job
from bot.store.database import Database
from bot.store.inbox import SqlInbox
from tests.builders import NOON
from tests.doubles.clock import FakeClock
from tests.doubles.inbox import DictInbox

STRANGE = "Grüße, 你好 🎉 \\u0041 \\ \udc80\udcff \x00 \r\n\t end"


class Setting(Protocol):
    """An inbox, time, and the end of the process."""

    @property
    def inbox(self) -> Inbox: ...

    def advance(self, seconds: float) -> None: ...

    async def restart(self) -> None: ...


class OnDisk:
    """Processes one after another on one database."""

    def __init__(self, file: Path) -> None:
        self.clock = FakeClock(NOON)
        self.database = Database(file)
        self.inbox = SqlInbox(self.database, self.clock)

    def advance(self, seconds: float) -> None:
        self.clock.advance(seconds)

    async def restart(self) -> None:
        await self.close()
        self.database = Database(self.database.file)
        self.inbox = SqlInbox(self.database, self.clock)

    async def close(self) -> None:
        await self.inbox.close()
        await self.database.close()


class OnTheDouble:
    """The double, whose process ends when it is told to."""

    def __init__(self) -> None:
        self.inbox = DictInbox()

    def advance(self, seconds: float) -> None:
        self.inbox.now += timedelta(seconds=seconds)

    async def restart(self) -> None:
        self.inbox.end_process()


@pytest.fixture(params=["database", "double"])
async def setting(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Setting]:
    if request.param == "double":
        yield OnTheDouble()
        return
    real = OnDisk(tmp_path / "memory.sqlite3")
    try:
        yield real
    finally:
        await real.close()


async def taken(setting: Setting, *names: str, source: str = "slack", body: str = "{}") -> Job:
    """Take a job that nobody has taken."""
    job = await setting.inbox.take(*names, source=source, body=body)
    assert job is not None
    return job


async def adopted(setting: Setting, source: str = "slack") -> list[str]:
    return [job.id for job in await setting.inbox.adopt(source)]


async def test_a_job_is_what_was_heard(setting: Setting) -> None:
    job = await taken(setting, "event 1", "message 1", body=STRANGE)

    assert (job.id, job.body, job.at, job.tries, job.noted("message")) == ("event 1", STRANGE, NOON, 1, "")


@pytest.mark.parametrize("again", [["event 1"], ["message 1"], ["event 2", "message 1"], ["event 2", "event 1"]])
async def test_a_name_is_taken_once(setting: Setting, again: list[str]) -> None:
    await taken(setting, "event 1", "message 1")

    assert await setting.inbox.take(*again, source="slack", body="") is None


async def test_a_name_is_taken_for_every_source(setting: Setting) -> None:
    await taken(setting, "event 1")

    assert await setting.inbox.take("event 1", source="discord", body="") is None


async def test_what_is_not_taken_leaves_no_name_behind(setting: Setting) -> None:
    await taken(setting, "event 1", "message 1")
    await setting.inbox.take("event 2", "message 1", source="slack", body="")

    assert (await taken(setting, "event 2")).id == "event 2"


async def test_a_name_may_be_said_twice_at_once(setting: Setting) -> None:
    assert (await taken(setting, "event 1", "event 1")).id == "event 1"


async def test_strange_names_are_told_apart(setting: Setting) -> None:
    await taken(setting, STRANGE)

    assert await setting.inbox.take(STRANGE, source="slack", body="") is None
    assert (await taken(setting, STRANGE.replace("\x00", ""))).tries == 1


async def test_of_many_who_take_a_name_at_once_one_has_it(setting: Setting) -> None:
    jobs = await asyncio.gather(
        *(setting.inbox.take(f"event {number}", "message", source="slack", body="") for number in range(20))
    )

    assert len([job for job in jobs if job is not None]) == 1


async def test_a_job_in_hand_is_not_adopted(setting: Setting) -> None:
    await taken(setting, "event 1")

    assert await adopted(setting) == []


async def test_what_a_process_left_is_adopted_with_all_that_is_known_of_it(setting: Setting) -> None:
    before = await taken(setting, "event 1", "message 1", body=STRANGE)
    await before.note("thread", STRANGE)
    await before.note("message", "1")
    await before.note("message", "2")
    setting.advance(60)
    await setting.restart()

    [job] = await setting.inbox.adopt("slack")

    assert (job.id, job.body, job.at, job.tries) == ("event 1", STRANGE, NOON, 2)
    assert (job.noted("thread"), job.noted("message"), job.noted("other")) == (STRANGE, "2", "")


async def test_jobs_are_adopted_oldest_first_and_once(setting: Setting) -> None:
    for name in ("b", "c", "a"):
        await taken(setting, name)
        setting.advance(1)
    await setting.restart()

    assert await adopted(setting) == ["b", "c", "a"]
    assert await adopted(setting) == []


async def test_every_try_is_counted_and_keeps_its_notes(setting: Setting) -> None:
    await (await taken(setting, "event 1")).note("message", "1")
    await setting.restart()
    [second] = await setting.inbox.adopt("slack")
    await second.note("thread", "7")
    await setting.restart()

    [third] = await setting.inbox.adopt("slack")

    assert (third.tries, third.noted("message"), third.noted("thread")) == (3, "1", "7")


async def test_only_jobs_of_the_source_are_adopted(setting: Setting) -> None:
    await taken(setting, "event 1", source="slack")
    await taken(setting, "event 2", source="discord")
    await setting.restart()

    assert await adopted(setting, "discord") == ["event 2"]
    assert await adopted(setting, "slack") == ["event 1"]


async def test_sources_that_adopt_at_once_each_get_theirs(setting: Setting) -> None:
    sources = [f"source {number}" for number in range(10)]
    for source in sources:
        await taken(setting, source, source=source)
    await setting.restart()

    found = await asyncio.gather(*(adopted(setting, source) for source in sources))

    assert found == [[source] for source in sources]


async def test_notes_that_are_made_at_once_are_all_kept(setting: Setting) -> None:
    job = await taken(setting, "event 1")
    await asyncio.gather(*(job.note(f"{number}", "x") for number in range(20)))
    await setting.restart()

    [again] = await setting.inbox.adopt("slack")

    assert [again.noted(f"{number}") for number in range(20)] == ["x"] * 20


async def test_what_is_done_is_never_adopted_and_stays_known(setting: Setting) -> None:
    job = await taken(setting, "event 1", "message 1")
    await job.done()
    await job.done()
    await setting.restart()

    assert await adopted(setting) == []
    assert await setting.inbox.take("event 2", "message 1", source="slack", body="") is None


async def test_a_job_that_is_done_holds_nothing_any_more(setting: Setting) -> None:
    job = await taken(setting, "event 1", body="private words")
    await job.note("message", "1")

    await job.done()

    assert (job.body, job.noted("message")) == ("", "")


async def test_an_adopted_job_can_be_done(setting: Setting) -> None:
    await taken(setting, "event 1")
    await setting.restart()
    [job] = await setting.inbox.adopt("slack")

    await job.done()

    await setting.restart()
    assert await adopted(setting) == []


async def test_old_names_of_what_is_done_can_be_taken_again(setting: Setting) -> None:
    for name in ("old", "young"):
        await (await taken(setting, name, f"also {name}")).done()
        setting.advance(60)

    await setting.inbox.forget_before(NOON + timedelta(seconds=60))

    assert (await taken(setting, "also old")).id == "also old"
    assert await setting.inbox.take("also young", source="slack", body="") is None


async def test_what_is_unfinished_is_not_forgotten_however_old(setting: Setting) -> None:
    await taken(setting, "event 1")

    await setting.inbox.forget_before(NOON + timedelta(days=99))

    assert await setting.inbox.take("event 1", source="slack", body="") is None
    await setting.restart()
    assert await adopted(setting) == ["event 1"]
