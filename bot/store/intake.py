"""Writing down what was heard, many at a time: a burst of events costs one transaction and not one each.

A chat platform waits for its acknowledgement meanwhile.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.database import Database
from bot.store.tables import job_names, jobs

MOST = 500
"""How many jobs one transaction writes; databases take some ten thousand names in one statement."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Heard:
    """A job that may be new; the fields as in `bot.store.tables.jobs`.

    Attributes:
        names: The first is the job's.
    """

    names: Sequence[str]
    source: str
    body: str
    at: datetime
    runner: str


@dataclass(slots=True, eq=False)
class Batch:
    """What is written together.

    Attributes:
        closed: It is being written, or was.
    """

    heard: list[Heard] = field(default_factory=list)
    closed: bool = False


class Intake:
    """Gathers what is heard while one transaction runs for the next. Whoever made it awaits `close`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._batch = Batch(closed=True)
        self._writing: asyncio.Task[frozenset[Heard]] | None = None
        self._running: set[asyncio.Task[frozenset[Heard]]] = set()

    async def take(self, heard: Heard) -> bool:
        """Write it down unless any of its names is known, and tell whether it was; durable when this returns.

        Raises:
            StoreUnusable: The database cannot be used.
        """
        if self._writing is None or self._batch.closed or len(self._batch.heard) >= MOST:
            self._batch = Batch()
            self._writing = asyncio.create_task(self._write(self._batch))
            self._running.add(self._writing)
            self._writing.add_done_callback(self._running.discard)
        self._batch.heard.append(heard)
        # Who is cancelled leaves the others of the batch what they wait for.
        return heard in await asyncio.shield(self._writing)

    async def close(self) -> None:
        """Wait for what is being written."""
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _write(self, batch: Batch) -> frozenset[Heard]:
        try:
            async with self._database.writing(first=True) as connection:
                batch.closed = True
                return await _add(connection, batch.heard)
        finally:
            batch.closed = True


async def _add(connection: AsyncConnection, heard: Sequence[Heard]) -> frozenset[Heard]:
    """Insert what is new, also beside what comes before it in *heard*; return that."""
    asked = {name for one in heard for name in one.names}
    found = await connection.execute(select(job_names.c.name).where(job_names.c.name.in_(asked)))
    known = set(found.scalars())
    new: list[Heard] = []
    for one in heard:
        if known.isdisjoint(one.names):
            known.update(one.names)
            new.append(one)
    if new:
        await connection.execute(insert(jobs), [_row(one) for one in new])
        names = [{"name": name, "job": one.names[0]} for one in new for name in dict.fromkeys(one.names)]
        await connection.execute(insert(job_names), names)
    return frozenset(new)


def _row(one: Heard) -> dict[str, object]:
    row = {"id": one.names[0], "source": one.source, "body": one.body, "at": one.at, "runner": one.runner}
    return {**row, "notes": "{}", "tries": 1}
