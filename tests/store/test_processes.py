"""Several processes share one database, and one that is killed damages nothing."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from asyncio.subprocess import PIPE, Process
from contextlib import closing
from pathlib import Path

from bot.store.migrations import MIGRATIONS
from tests.builders import a_thread
from tests.store.file_memory import FileMemory

ROOT = Path(__file__).parents[2]
FOR_EVER = 10**9


async def a_writer(file: Path, thread: str, count: int) -> Process:
    """Start a writer and wait until it is about to write."""
    command = (sys.executable, "-m", "tests.store.writer", str(file), thread, str(count))
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdin=PIPE, stdout=PIPE)
    assert process.stdout
    while await process.stdout.readline() != b"ready\n":
        assert not process.stdout.at_eof()
    return process


async def stored(file: Path, thread: str) -> list[str]:
    memory = FileMemory(file)
    try:
        return [turn.text for turn in (await memory.conversation(a_thread(thread))).turns]
    finally:
        await memory.close()


async def test_a_killed_writer_leaves_every_acknowledged_turn_and_no_half_pair(tmp_path: Path) -> None:
    file = tmp_path / "memory.sqlite3"
    writer = await a_writer(file, "1", FOR_EVER)
    assert writer.stdin
    assert writer.stdout
    writer.stdin.write(b"go\n")
    acknowledged = -1
    while acknowledged < 30:
        line = await writer.stdout.readline()
        acknowledged = int(line) if line.strip().isdigit() else acknowledged

    writer.kill()
    rest, _ = await writer.communicate()

    acknowledged = max([acknowledged, *(int(line) for line in rest.splitlines(keepends=True) if line.endswith(b"\n"))])
    texts = await stored(file, "1")
    assert texts == [f"{number}" for number in range(len(texts) // 2) for _ in range(2)]
    assert len(texts) // 2 > acknowledged
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


async def test_processes_that_start_at_once_make_one_database(tmp_path: Path) -> None:
    file = tmp_path / "new" / "memory.sqlite3"
    writers = [await a_writer(file, f"{number}", 5) for number in range(3)]

    ends = await asyncio.gather(*(writer.communicate(b"go\n") for writer in writers))

    assert [writer.returncode for writer in writers] == [0, 0, 0], ends
    for number in range(3):
        assert len(await stored(file, f"{number}")) == 10
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT count(*) FROM schema_version").fetchone() == (len(MIGRATIONS),)
