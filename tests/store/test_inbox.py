"""Jobs of a process that is killed are adopted once, those of a living one never."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.domain.errors import StoreUnusable
from bot.store.database import Database
from bot.store.inbox import SqlInbox
from tests.doubles.clock import FakeClock

ROOT = Path(__file__).parents[2]


async def a_taker(file: Path, count: int, *more: str) -> Process:
    command = (sys.executable, "-m", "tests.store.taker", str(file), str(count), *more)
    return await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=PIPE)


async def lines_until(process: Process, last: str) -> list[str]:
    assert process.stdout
    lines: list[str] = []
    while not lines or lines[-1] != last:
        lines.append((await process.stdout.readline()).decode().strip())
        assert not process.stdout.at_eof() or lines[-1] == last
    return lines


@asynccontextmanager
async def an_inbox(file: Path) -> AsyncIterator[SqlInbox]:
    database = Database(file)
    inbox = SqlInbox(database, FakeClock())
    try:
        yield inbox
    finally:
        await inbox.close()
        await database.close()


async def test_the_jobs_of_a_killed_process_are_shared_out_once(tmp_path: Path) -> None:
    file = tmp_path / "parley.sqlite3"
    process = await a_taker(file, 20, "hold")
    await lines_until(process, "all")

    async with an_inbox(file) as one, an_inbox(file) as other:
        assert list(await one.adopt("slack")) == [], "it lives"
        process.kill()
        await process.communicate()
        shares = await asyncio.gather(one.adopt("slack"), other.adopt("slack"))

    names = sorted(job.id for share in shares for job in share)
    assert names == sorted(f"job {number}" for number in range(20))
    assert {job.tries for share in shares for job in share} == {2}


async def test_processes_that_hear_the_same_take_each_thing_once(tmp_path: Path) -> None:
    file = tmp_path / "parley.sqlite3"
    takers = [await a_taker(file, 50) for _ in range(3)]

    taken = await asyncio.gather(*(lines_until(taker, "all") for taker in takers))
    await asyncio.gather(*(taker.communicate() for taker in takers))

    names = [name for lines in taken for name in lines if name.startswith("job ")]
    assert sorted(names) == sorted(f"job {number}" for number in range(50))


async def test_nothing_of_a_runner_is_left_behind(tmp_path: Path) -> None:
    file = tmp_path / "parley.sqlite3"

    async with an_inbox(file) as inbox:
        await inbox.take("job", source="slack", body="{}")
        assert len(list((tmp_path / "parley.sqlite3.runners").iterdir())) == 1

    assert list((tmp_path / "parley.sqlite3.runners").iterdir()) == []


async def test_a_place_for_locks_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "parley.sqlite3.runners").write_text("in the way")

    async with an_inbox(tmp_path / "parley.sqlite3") as inbox:
        with pytest.raises(StoreUnusable, match=r"parley\.sqlite3"):
            await inbox.take("job", source="slack", body="{}")
