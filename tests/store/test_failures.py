"""Every failure of the database is a sentence that names the file, the key and a remedy."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import aiosqlite
import pytest
from sqlalchemy import exc

from bot.domain.errors import StoreUnusable
from bot.store.failures import is_locked, translated

FILE = Path("/data/parley.sqlite3")


def with_all_below(kind: type[Exception]) -> Iterator[type[Exception]]:
    yield kind
    for below in kind.__subclasses__():
        yield from with_all_below(below)


def sentence_of(error: Exception) -> str:
    with pytest.raises(StoreUnusable) as caught, translated(FILE):
        raise error
    assert caught.value.__cause__ is error
    return str(caught.value)


@pytest.mark.parametrize("kind", sorted(set(with_all_below(exc.DBAPIError)), key=str))
def test_every_class_of_sqlalchemys_database_errors_is_explained(kind: type[exc.DBAPIError]) -> None:
    sentence = sentence_of(kind("SELECT 1", {}, sqlite3.OperationalError("out of luck")))

    assert "out of luck" in sentence
    assert str(FILE) in sentence
    assert "`database` of [memory]" in sentence


@pytest.mark.parametrize("kind", sorted({*with_all_below(sqlite3.Error), aiosqlite.Error}, key=str))
def test_every_class_of_the_drivers_errors_is_explained(kind: type[Exception]) -> None:
    sentence = sentence_of(kind("out of luck"))

    assert "out of luck" in sentence
    assert "`database` of [memory]" in sentence


@pytest.mark.parametrize("kind", [exc.TimeoutError, exc.DisconnectionError, exc.InvalidatePoolError])
def test_the_pools_errors_are_explained(kind: type[Exception]) -> None:
    assert "out of luck" in sentence_of(kind("out of luck"))


@pytest.mark.parametrize("kind", [exc.ArgumentError, exc.CompileError, exc.InvalidRequestError, KeyError])
def test_mistakes_in_our_own_code_pass(kind: type[Exception]) -> None:
    with pytest.raises(kind), translated(FILE):
        raise kind("mistake")


def refused_by_a_read_only_file(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE a (b)")
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
        connection.execute("INSERT INTO a VALUES (1)")


def refused_by_a_full_disk(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA max_page_count = 2")
        connection.execute("CREATE TABLE a (b)")
        connection.execute("INSERT INTO a VALUES (zeroblob(100000))")


def refused_by_another_writer(file: Path) -> None:
    with closing(sqlite3.connect(file)) as other, closing(sqlite3.connect(file, timeout=0)) as connection:
        other.execute("BEGIN EXCLUSIVE")
        connection.execute("CREATE TABLE a (b)")


def refused_because_damaged(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE a (b)")
        connection.execute("INSERT INTO a VALUES (zeroblob(100000))")
        connection.commit()
    file.write_bytes(file.read_bytes()[:4096] + b"\xff" * 100_000)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("SELECT b FROM a").fetchall()


def refused_because_no_database(file: Path) -> None:
    file.write_text("Dear diary, " * 100)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("SELECT * FROM a")


def refused_because_a_folder(file: Path) -> None:
    file.mkdir()
    sqlite3.connect(file)


@pytest.mark.parametrize(
    ("refused", "words"),
    [
        (refused_by_a_read_only_file, "cannot be written"),
        (refused_by_a_full_disk, "no room"),
        (refused_by_another_writer, "locked by another process"),
        (refused_because_damaged, "damaged or no SQLite database"),
        (refused_because_no_database, "damaged or no SQLite database"),
        (refused_because_a_folder, "cannot be opened or made"),
    ],
)
def test_what_sqlite_refuses_is_said_with_its_remedy(
    refused: Callable[[Path], None], words: str, tmp_path: Path
) -> None:
    file = tmp_path / "a.sqlite3"

    with pytest.raises(StoreUnusable) as caught, translated(file):
        refused(file)

    assert words in str(caught.value)
    assert str(file) in str(caught.value)
    assert "`database` of [memory]" in str(caught.value)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.EACCES, "cannot be written"),
        (errno.EROFS, "cannot be written"),
        (errno.ENOSPC, "no room"),
        (errno.EDQUOT, "no room"),
        (errno.ENOLCK, "knows no locks (No locks available)"),
        (errno.ENOTSUP, "knows no locks (Operation not supported)"),
        (errno.ENOTDIR, "cannot be opened or made (Not a directory)"),
        (errno.ENAMETOOLONG, "cannot be opened or made (File name too long)"),
    ],
)
def test_what_the_system_refuses_is_said_with_its_remedy(number: int, words: str) -> None:
    assert words in sentence_of(OSError(number, os.strerror(number)))


def test_only_a_lock_is_worth_waiting_for(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.Error) as locked:
        refused_by_another_writer(tmp_path / "a.sqlite3")
    with pytest.raises(sqlite3.Error) as damaged:
        refused_because_no_database(tmp_path / "b.sqlite3")

    assert is_locked(locked.value)
    assert not is_locked(damaged.value)
    assert not is_locked(None)
