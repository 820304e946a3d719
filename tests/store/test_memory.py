"""What only the database does: it lasts, wipes, bears damage and other processes, and closes."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.domain.conversation import Conversation, Role
from bot.domain.errors import ConfigInvalid, StoreUnusable
from tests.builders import a_record, a_review, a_thread, a_turn
from tests.store.file_memory import FileMemory

HERE = a_thread("1")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "parley" / "memory.sqlite3"


@pytest.fixture
async def memory(file: Path) -> AsyncIterator[FileMemory]:
    memory = FileMemory(file, busy_seconds=0.05)
    try:
        yield memory
    finally:
        await memory.close()


def workers() -> list[threading.Thread]:
    """List the driver's threads, one a connection."""
    return [thread for thread in threading.enumerate() if "_connection_worker_thread" in thread.name]


def all_workers_end() -> bool:
    """Tell whether the driver's threads come to their end; one of an open connection never does."""
    for worker in workers():
        worker.join(timeout=5)
    return not workers()


def test_making_a_memory_touches_nothing(file: Path) -> None:
    FileMemory(file)

    assert not file.parent.exists()


def test_an_address_is_refused_before_anything_is_opened() -> None:
    with pytest.raises(ConfigInvalid, match="PostgreSQL is not supported"):
        FileMemory(Path("postgresql://db/parley"))


async def test_another_day_everything_is_still_there(memory: FileMemory, file: Path) -> None:
    await memory.add_turns(HERE, [a_turn("a"), a_turn("b", role=Role.BOT)])
    await memory.save_summary(HERE, "about a", covers=1)
    record = a_record()
    await memory.save_review(record)
    await memory.close()

    reopened = FileMemory(file)
    try:
        assert await reopened.reviews("console") == [record]
        assert await reopened.conversation(HERE) == Conversation(turns=(a_turn("b", role=Role.BOT),), summary="about a")
    finally:
        await reopened.close()


async def test_a_closed_memory_leaves_one_file_and_no_thread(memory: FileMemory, file: Path) -> None:
    await memory.add_turns(HERE, [a_turn()])
    assert workers()

    await memory.close()
    await memory.close()

    assert [path.name for path in file.parent.iterdir()] == [file.name]
    assert all_workers_end()


async def test_a_closed_memory_opens_again_when_it_is_used(memory: FileMemory) -> None:
    await memory.add_turns(HERE, [a_turn()])
    await memory.close()

    assert len((await memory.conversation(HERE)).turns) == 1


async def test_file_and_side_files_are_for_their_owner_alone(memory: FileMemory, file: Path) -> None:
    await memory.add_turns(HERE, [a_turn()])

    modes = {path.name.removeprefix(file.name): path.stat().st_mode & 0o777 for path in file.parent.iterdir()}

    assert modes == {"": 0o600, "-wal": 0o600, "-shm": 0o600}


async def test_the_connection_is_set_up_as_promised(memory: FileMemory) -> None:
    wanted = {"journal_mode": "wal", "foreign_keys": 1, "synchronous": 1, "secure_delete": 1, "busy_timeout": 50}

    async with memory._database.reading() as connection:
        found = {name: (await connection.exec_driver_sql(f"PRAGMA {name}")).scalar_one() for name in wanted}

    assert found == wanted


def everything_on_disk(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def is_on_disk(words: bytes, file: Path) -> bool:
    return any(words in content for content in everything_on_disk(file.parent).values())


async def test_what_is_forgotten_is_gone_from_the_disk(memory: FileMemory, file: Path) -> None:
    await memory.save_review(a_record(review=a_review(summary="the-secret-plan " * 2000)))
    await memory.add_turns(HERE, [a_turn("the-secret-plan " * number) for number in range(1, 300, 7)])
    await memory.save_summary(HERE, "the-secret-plan", covers=3)
    await memory.add_turns(a_thread("2"), [a_turn("what-stays")])
    assert is_on_disk(b"the-secret-plan", file)

    await memory.forget("console", thread="1")

    assert not is_on_disk(b"the-secret-plan", file)
    assert is_on_disk(b"what-stays", file)


async def test_a_reader_elsewhere_delays_the_wiping_and_not_the_forgetting(memory: FileMemory, file: Path) -> None:
    await memory.add_turns(HERE, [a_turn("the-secret-plan")])
    with closing(sqlite3.connect(file, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM turns").fetchall()

        assert await memory.forget("console") == 1
    await memory.close()

    assert not is_on_disk(b"the-secret-plan", file)


def change_by_hand(file: Path, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(statement, values)


@pytest.mark.parametrize(
    ("column", "value"),
    [("review", "{"), ("review", json.dumps({"verdict": "splendid"})), ("change", b"\x00"), ("change", "text")],
)
async def test_a_damaged_review_is_left_out(memory: FileMemory, file: Path, column: str, value: object) -> None:
    await memory.save_review(a_record(target="damaged"))
    await memory.save_review(a_record(target="sound"))
    change_by_hand(file, f"UPDATE reviews SET {column} = ? WHERE target = 'damaged'", value)

    assert [record.target for record in await memory.reviews("console")] == ["sound"]


async def test_a_turn_of_an_unknown_role_is_left_out(memory: FileMemory, file: Path) -> None:
    await memory.add_turns(HERE, [a_turn("a"), a_turn("b")])
    change_by_hand(file, "UPDATE turns SET role = 'ghost' WHERE text = 'a'")

    assert [turn.text for turn in (await memory.conversation(HERE)).turns] == ["b"]


async def test_a_cancelled_write_is_whole_or_absent_and_the_memory_goes_on(memory: FileMemory) -> None:
    await memory.open()
    for steps in range(25):
        writing = asyncio.create_task(memory.add_turns(HERE, [a_turn("a"), a_turn("b")]))
        for _ in range(steps):
            await asyncio.sleep(0)
        writing.cancel()
        await asyncio.gather(writing, return_exceptions=True)

    await memory.add_turns(HERE, [a_turn("a"), a_turn("b")])

    texts = [turn.text for turn in (await memory.conversation(HERE)).turns]
    assert texts == ["a", "b"] * (len(texts) // 2)
    assert len(workers()) == 1


async def test_an_opening_that_is_cancelled_leaves_no_thread(file: Path) -> None:
    for steps in range(25):
        memory = FileMemory(file)
        opening = asyncio.create_task(memory.open())
        for _ in range(steps):
            await asyncio.sleep(0)
        opening.cancel()
        await asyncio.gather(opening, return_exceptions=True)
        await memory.close()

    assert all_workers_end()


async def test_a_writer_elsewhere_is_named_as_the_cause_and_reading_goes_on(memory: FileMemory, file: Path) -> None:
    await memory.add_turns(HERE, [a_turn("a")])
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        with pytest.raises(StoreUnusable, match="locked by another process"):
            await memory.add_turns(HERE, [a_turn("b")])
        assert len((await memory.conversation(HERE)).turns) == 1

        other.execute("ROLLBACK")
        await memory.add_turns(HERE, [a_turn("b")])

    assert len((await memory.conversation(HERE)).turns) == 2


async def test_a_writer_has_the_write_lock_from_its_beginning(memory: FileMemory, file: Path) -> None:
    await memory.open()

    async with memory._database.writing():
        other = sqlite3.connect(file, timeout=0, isolation_level=None)
        with closing(other), pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")


async def test_opening_waits_for_a_lock_but_not_for_ever(memory: FileMemory, file: Path) -> None:
    file.parent.mkdir()
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")

        with pytest.raises(StoreUnusable, match="locked by another process"):
            await memory.open()

    await memory.open()


def a_text_file(file: Path) -> None:
    file.parent.mkdir()
    file.write_text("Dear diary, " * 1000)


def a_folder(file: Path) -> None:
    file.mkdir(parents=True)


def a_file_for_a_folder(file: Path) -> None:
    file.parent.write_text("no folder")


@pytest.mark.parametrize("obstacle", [a_text_file, a_folder, a_file_for_a_folder])
async def test_what_cannot_be_opened_is_explained_kept_and_leaves_no_thread(
    memory: FileMemory, file: Path, tmp_path: Path, obstacle: Callable[[Path], None]
) -> None:
    obstacle(file)
    before = everything_on_disk(tmp_path)

    for _ in range(2):
        with pytest.raises(StoreUnusable) as caught:
            await memory.conversation(HERE)

    assert str(file) in str(caught.value)
    assert "`database` of [memory]" in str(caught.value)
    assert everything_on_disk(tmp_path) == before
    assert all_workers_end()


def damage(file: Path) -> None:
    content = file.read_bytes()
    file.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))


async def test_damage_that_shows_later_is_explained(memory: FileMemory, file: Path) -> None:
    await memory.add_turns(HERE, [a_turn("word " * 5000)])
    await memory.close()
    damage(file)

    with pytest.raises(StoreUnusable, match="damaged or no SQLite database"):
        await memory.conversation(HERE)
