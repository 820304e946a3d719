"""Everything that only SQLite knows."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import URL, Connection, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

BEGIN = "begin_with"
"""The execution option that says how a transaction begins."""

READING = {BEGIN: "BEGIN"}
WRITING = {BEGIN: "BEGIN IMMEDIATE"}
"""Takes the write lock at once: a transaction that reads first and then writes can fail halfway."""
NO_TRANSACTION = {BEGIN: ""}


def engine_for(file: Path, *, busy_seconds: float) -> AsyncEngine:
    """Return an engine with one connection, opened on first use.

    The driver's own transactions are off (`isolation_level=None`): it begins them late and never around DDL, see
    https://docs.sqlalchemy.org/en/21/dialects/sqlite.html#sqlite-transactions.
    """
    engine = create_async_engine(
        URL.create("sqlite+aiosqlite", database=str(file)),
        pool_size=1,
        max_overflow=0,
        connect_args={"isolation_level": None, "timeout": busy_seconds},
    )
    event.listen(engine.sync_engine, "connect", _prepare)
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


async def empty_log(engine: AsyncEngine) -> bool:
    """Move the write-ahead log into the database and cut it to nothing; False when another process still reads it."""
    async with engine.execution_options(**NO_TRANSACTION).connect() as connection:
        outcome = await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        busy: int = outcome.scalar_one()
        return not busy


def _prepare(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    for pragma in (
        "journal_mode = WAL",
        "synchronous = NORMAL",  # with WAL: a killed process loses nothing, a power cut at most the last writes
        "foreign_keys = ON",
        "secure_delete = ON",  # what is forgotten is overwritten
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    if how := connection.get_execution_options().get(BEGIN, READING[BEGIN]):
        connection.exec_driver_sql(how)
