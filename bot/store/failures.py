"""What a database refuses, in sentences."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import exc

from bot.domain.errors import StoreUnusable
from bot.domain.sentence import Sentence, say

FOREIGN = (exc.DBAPIError, exc.TimeoutError, exc.DisconnectionError, sqlite3.Error, OSError)
"""Everything the libraries raise about a database. Their other errors are mistakes in our own code, and pass."""

DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
LOCKED = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
NO_LOCKS = frozenset({errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS})
READ_ONLY = frozenset({sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM})


@contextmanager
def translated(file: Path) -> Iterator[None]:
    """Turn failures of the database in *file* into `StoreUnusable`."""
    try:
        yield
    except FOREIGN as error:
        raise StoreUnusable(explain(error, file)) from error


def is_locked(error: BaseException | None) -> bool:
    """Tell whether another process holds the database."""
    return _code(error) in LOCKED


def explain(error: Exception, file: Path) -> Sentence:
    """Say what went wrong with *file* and what to do about it."""
    code, name = _code(error), str(file)
    number = error.errno if isinstance(error, OSError) else None
    if code in DAMAGED:
        return say(
            "{file} is damaged or no SQLite database: restore a copy, or move the file away to start anew, or set "
            "`database` of [memory] to another file.",
            file=name,
        )
    if code in LOCKED:
        return say(
            "The database {file} is locked by another process: wait for it or stop it, or set `database` of [memory] "
            "to another file.",
            file=name,
        )
    if code == sqlite3.SQLITE_FULL or number in (errno.ENOSPC, errno.EDQUOT):
        return say(
            "There is no room on the disk for the database {file}: free some, or set `database` of [memory] to a "
            "file on another disk.",
            file=name,
        )
    if code in READ_ONLY or number in (errno.EROFS, errno.EACCES, errno.EPERM):
        return say(
            "The database {file} cannot be written, only read at best: change the permissions of the file and its "
            "folder, or set `database` of [memory] to another file.",
            file=name,
        )
    if number in NO_LOCKS:
        return say(
            "The file system of the database {file} knows no locks ({cause}), by which processes see each other: set "
            "`database` of [memory] to a file on a disk of this machine.",
            file=name,
            cause=_cause(error),
        )
    if code == sqlite3.SQLITE_CANTOPEN or number is not None:
        return say(
            "The database {file} cannot be opened or made ({cause}): set `database` of [memory] to a file in a folder "
            "that you may write to.",
            file=name,
            cause=_cause(error),
        )
    return say(
        "The database {file} failed ({cause}): check the disk and the file, or set `database` of [memory] to another "
        "file.",
        file=name,
        cause=_cause(error),
    )


def _origin(error: BaseException | None) -> BaseException | None:
    return error.orig or error if isinstance(error, exc.DBAPIError) else error


def _code(error: BaseException | None) -> int | None:
    """Return SQLite's primary result code, the low byte of what the driver reports."""
    code: int | None = getattr(_origin(error), "sqlite_errorcode", None)
    return None if code is None else code & 0xFF


def _cause(error: Exception) -> str:
    origin = _origin(error)
    return origin.strerror if isinstance(origin, OSError) and origin.strerror else str(origin)
