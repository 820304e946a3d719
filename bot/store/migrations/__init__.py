"""How a database comes from any earlier schema to the present one: numbered steps, forward only.

A step that was released is never edited; it describes its tables by itself and not by `bot.store.tables`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import structlog
from sqlalchemy import Column, Connection, Integer, MetaData, Table, func, insert, inspect, select

from bot.domain.errors import StoreUnusable
from bot.domain.sentence import say
from bot.store.columns import Moment
from bot.store.migrations import (
    m0001_reviews_turns_summaries,
    m0002_ids_feedback_grants_subscriptions_jobs,
    m0003_filters_snoozes_people,
    m0004_watches,
)

Migration = Callable[[Connection], None]

MIGRATIONS: tuple[Migration, ...] = (
    m0001_reviews_turns_summaries.upgrade,
    m0002_ids_feedback_grants_subscriptions_jobs.upgrade,
    m0003_filters_snoozes_people.upgrade,
    m0004_watches.upgrade,
)
"""The step at index 0 leads to schema 1."""

schema_version = Table(
    "schema_version",
    MetaData(),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("applied", Moment, nullable=False),
)

log = structlog.get_logger()


def migrate(connection: Connection, file: Path, migrations: Sequence[Migration] = MIGRATIONS) -> None:
    """Apply the steps that *file* lacks, inside a transaction that already holds the write lock.

    Raises:
        StoreUnusable: The file belongs to a newer version, or to another program.
    """
    version = _version(connection, file)
    if version > len(migrations):
        raise StoreUnusable(
            say(
                "The database {file} was written by a newer version of this program (schema {version}, known is "
                "{known}): update the program, or set `database` of [memory] to another file.",
                file=str(file),
                version=version,
                known=len(migrations),
            )
        )
    for number, step in enumerate(migrations[version:], start=version + 1):
        step(connection)
        connection.execute(insert(schema_version).values(version=number, applied=datetime.now(UTC)))
        log.info("memory.migrated", version=number)


def _version(connection: Connection, file: Path) -> int:
    tables = inspect(connection).get_table_names()
    if not tables:
        schema_version.create(connection)
    elif schema_version.name not in tables:
        raise StoreUnusable(
            say(
                "{file} is the database of another program: set `database` of [memory] to another file.",
                file=str(file),
            )
        )
    latest: int | None = connection.execute(select(func.max(schema_version.c.version))).scalar_one()
    return latest or 0
