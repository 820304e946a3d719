"""Processes share one inbox: whatever happens to them, each job is held by one that lives."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.domain.errors import StoreUnusable
from bot.store.database import Database
from bot.store.inbox import SqlInbox
from tests.doubles.clock import FakeClock

ROOT = Path(__file__).parents[2]
NAMES = [f"event{number}" for number in range(50)]


class Holder:
    """Another process with an inbox, see `tests.store.holder`."""

    def __init__(self, process: Process) -> None:
        self.process = process

    async def does(self, *words: str) -> dict[str, int]:
        """Have it do something; return which jobs it holds by that, and their tries."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{' '.join(words)}\n".encode())
        answer = await self.process.stdout.readline()
        return dict(json.loads(answer))

    async def is_killed(self) -> None:
        self.process.kill()
        await self.process.wait()

    async def ends(self) -> None:
        await self.process.communicate(b"")
        assert self.process.returncode == 0


Start = Callable[[], Awaitable[Holder]]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "parley" / "memory.sqlite3"


@pytest.fixture
async def start(file: Path) -> AsyncIterator[Start]:
    """Start other processes; all are killed in the end."""
    started: list[Holder] = []

    async def start() -> Holder:
        command = (sys.executable, "-m", "tests.store.holder", str(file))
        started.append(Holder(await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdin=PIPE, stdout=PIPE)))
        return started[-1]

    yield start
    for holder in started:
        if holder.process.returncode is None:
            holder.process.kill()
        await holder.process.communicate()


@pytest.fixture
async def inboxes(file: Path) -> AsyncIterator[Callable[[], SqlInbox]]:
    """Make inboxes in this process, each with a database of its own as another process has it."""
    made: list[tuple[SqlInbox, Database]] = []

    def make() -> SqlInbox:
        database = Database(file)
        made.append((SqlInbox(database, FakeClock()), database))
        return made[-1][0]

    yield make
    for inbox, database in made:
        await inbox.close()
        await database.close()


@pytest.fixture
def inbox(inboxes: Callable[[], SqlInbox]) -> SqlInbox:
    return inboxes()


async def adopted(inbox: SqlInbox) -> dict[str, int]:
    return {job.id: job.tries for job in await inbox.adopt("slack")}


def lock_files(file: Path) -> list[Path]:
    return sorted(file.with_name(f"{file.name}.runners").iterdir())


async def test_the_jobs_of_a_killed_process_are_adopted_once_with_what_it_noted(start: Start, inbox: SqlInbox) -> None:
    holder = await start()
    await holder.does("take", "a", "b")
    await holder.does("note")
    await holder.is_killed()

    jobs = await inbox.adopt("slack")

    assert [(job.id, job.body, job.tries, job.noted("message")) for job in jobs] == [
        ("a", "a", 2, "of a"),
        ("b", "b", 2, "of b"),
    ]
    assert await adopted(inbox) == {}


async def test_the_jobs_of_a_process_that_lives_stay_its_own(start: Start, inbox: SqlInbox) -> None:
    holder = await start()
    await holder.does("take", "a")

    assert await adopted(inbox) == {}

    await holder.is_killed()
    assert await adopted(inbox) == {"a": 2}


async def test_what_a_killed_process_had_finished_is_not_adopted(start: Start, inbox: SqlInbox) -> None:
    holder = await start()
    await holder.does("take", "a")
    await holder.does("done")
    await holder.does("take", "b")
    await holder.is_killed()

    assert await adopted(inbox) == {"b": 2}
    assert await inbox.take("a", source="slack", body="") is None


async def test_a_process_that_ends_in_order_leaves_its_jobs_too(start: Start, inbox: SqlInbox) -> None:
    holder = await start()
    await holder.does("take", "a")
    await holder.ends()

    assert await adopted(inbox) == {"a": 2}


async def test_two_that_adopt_at_once_share_the_jobs_and_lose_none(start: Start) -> None:
    dead = [await start() for _ in range(3)]
    for number, holder in enumerate(dead):
        await holder.does("take", *NAMES[number::3])
        await holder.is_killed()
    heirs = [await start(), await start()]

    first, second = await asyncio.gather(*(heir.does("adopt") for heir in heirs))

    assert first.keys() & second.keys() == set()
    assert first | second == dict.fromkeys(NAMES, 2)


async def test_what_an_heir_leaves_is_adopted_again(start: Start, inbox: SqlInbox) -> None:
    first, heir = await start(), await start()
    await first.does("take", "a")
    await first.is_killed()
    assert await heir.does("adopt") == {"a": 2}
    await heir.is_killed()

    assert await adopted(inbox) == {"a": 3}


async def test_processes_that_race_for_the_same_names_take_each_once(start: Start) -> None:
    holders = [await start() for _ in range(3)]

    taken = await asyncio.gather(*(holder.does("take", *NAMES) for holder in holders))

    assert sorted(name for names in taken for name in names) == sorted(NAMES)


async def test_a_process_that_holds_nothing_any_more_leaves_no_file_for_long(
    start: Start, inbox: SqlInbox, file: Path
) -> None:
    holder = await start()
    await holder.does("take", "a")
    await holder.does("done")
    await holder.is_killed()
    await inbox.take("b", source="slack", body="")
    assert len(lock_files(file)) == 2

    await inbox.adopt("slack")

    assert len(lock_files(file)) == 1


async def test_a_job_whose_lock_file_was_removed_is_adopted(start: Start, inbox: SqlInbox, file: Path) -> None:
    holder = await start()
    await holder.does("take", "a")
    await holder.is_killed()
    [left] = lock_files(file)
    left.unlink()

    assert await adopted(inbox) == {"a": 2}


async def test_several_inboxes_of_one_process_keep_their_own(inboxes: Callable[[], SqlInbox]) -> None:
    one, other = inboxes(), inboxes()
    await one.take("a", source="slack", body="")
    await other.take("b", source="slack", body="")

    assert await adopted(one) == {}
    assert await adopted(other) == {}

    await one.close()
    assert await adopted(other) == {"a": 2}


async def test_an_inbox_that_was_closed_adopts_its_own_past(inbox: SqlInbox) -> None:
    await inbox.take("a", source="slack", body="")
    await inbox.close()
    await inbox.close()

    assert await adopted(inbox) == {"a": 2}
    assert await adopted(inbox) == {}


async def test_a_job_that_another_took_over_is_out_of_reach(inboxes: Callable[[], SqlInbox]) -> None:
    one, other = inboxes(), inboxes()
    before = await one.take("a", source="slack", body="words")
    assert before is not None
    await one.close()
    [job] = await other.adopt("slack")

    await before.note("message", "wrong")
    await before.done()

    await other.close()
    [again] = await one.adopt("slack")
    assert (again.id, again.body, again.noted("message")) == ("a", "words", "")
    assert job.tries == 2


async def test_making_an_inbox_touches_nothing(inbox: SqlInbox, file: Path) -> None:
    await inbox.close()

    assert not file.parent.exists()


async def test_a_closed_inbox_leaves_no_lock_and_its_folder_is_private(inbox: SqlInbox, file: Path) -> None:
    await inbox.take("a", source="slack", body="")
    [lock] = lock_files(file)
    modes = (lock.parent.stat().st_mode & 0o777, lock.stat().st_mode & 0o777)

    await inbox.close()

    assert modes == (0o700, 0o600)
    assert lock_files(file) == []


async def test_what_is_done_leaves_only_its_names(inbox: SqlInbox, file: Path) -> None:
    job = await inbox.take("a", "b", source="slack", body="private words")
    assert job is not None
    await job.note("message", "private note")

    await job.done()

    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT body, notes FROM jobs").fetchall() == [("", "{}")]
        assert connection.execute("SELECT name FROM job_names ORDER BY name").fetchall() == [("a",), ("b",)]


async def test_forgotten_jobs_take_their_names_along(inbox: SqlInbox, file: Path) -> None:
    job = await inbox.take("a", "b", source="slack", body="")
    assert job is not None
    await job.done()

    await inbox.forget_before(FakeClock().now().replace(year=2027))

    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT count(*) FROM jobs").fetchone() == (0,)
        assert connection.execute("SELECT count(*) FROM job_names").fetchone() == (0,)


async def test_where_no_lock_can_be_made_nothing_is_taken(inbox: SqlInbox, file: Path) -> None:
    file.parent.mkdir()
    runners = file.with_name(f"{file.name}.runners")
    runners.write_text("no folder")

    for _ in range(2):
        with pytest.raises(StoreUnusable, match=r"`database` of \[memory\]"):
            await inbox.take("a", source="slack", body="")

    runners.unlink()
    assert await inbox.take("a", source="slack", body="") is not None


async def test_a_lock_that_is_refused_is_refused_again_until_it_is_not(inbox: SqlInbox, file: Path) -> None:
    runners = file.with_name(f"{file.name}.runners")
    await inbox.take("a", source="slack", body="")
    await inbox.close()
    runners.rmdir()
    runners.symlink_to("/proc/self")  # a folder in which nobody can make a file

    for _ in range(2):
        with pytest.raises(StoreUnusable, match=r"`database` of \[memory\]"):
            await inbox.take("b", source="slack", body="")

    runners.unlink()
    assert await adopted(inbox) == {"a": 2}
