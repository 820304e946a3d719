"""What was heard and must be answered once, in the database."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from bot.ports.clock import Clock
from bot.store.database import Database
from bot.store.failures import translated
from bot.store.runner import Runner
from bot.store.tables import job_names, jobs

DONE = ""
"""The runner of a finished job."""


class SqlInbox:
    """Keeps jobs. Whoever made it awaits `close`, after which they can be adopted by others."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._runner = Runner(database.file.with_name(f"{database.file.name}.runners"))

    async def take(self, *names: str, source: str, body: str) -> SqlJob | None:
        """Take what was heard; None if any of its names was taken before."""
        await self._hold()
        job = SqlJob(self._database, self._runner.id, names[0], body=body, at=self._clock.now(), tries=1, notes={})
        known = select(job_names.c.name).where(job_names.c.name.in_(names)).limit(1)
        async with self._database.writing() as connection:
            if (await connection.execute(known)).first() is not None:
                return None
            row = {"id": job.id, "source": source, "body": body, "notes": "{}", "at": job.at, "tries": 1}
            await connection.execute(insert(jobs).values(**row, runner=self._runner.id))
            await connection.execute(
                insert(job_names), [{"name": name, "job": job.id} for name in dict.fromkeys(names)]
            )
        return job

    async def adopt(self, source: str) -> Sequence[SqlJob]:
        """Take over the unfinished jobs of processes that have ended, oldest first."""
        await self._hold()
        open_jobs = (jobs.c.source == source, jobs.c.runner.not_in((DONE, self._runner.id)))
        async with self._database.reading() as connection:
            holders = list((await connection.execute(select(jobs.c.runner).where(*open_jobs).distinct())).scalars())
        gone = [holder for holder in holders if not await self._lives(holder)]
        if not gone:
            return ()
        left = (*open_jobs, jobs.c.runner.in_(gone))
        async with self._database.writing() as connection:
            # Read under the write lock: who comes second finds another runner in the rows.
            rows = (await connection.execute(select(jobs).where(*left).order_by(jobs.c.at, jobs.c.id))).all()
            await connection.execute(update(jobs).where(*left).values(runner=self._runner.id, tries=jobs.c.tries + 1))
        return [self._job(row) for row in rows]

    async def forget_before(self, moment: datetime) -> None:
        """Remove finished jobs heard before *moment*; their names can be taken again."""
        async with self._database.writing() as connection:
            await connection.execute(delete(jobs).where(jobs.c.runner == DONE, jobs.c.at < moment))

    async def close(self) -> None:
        """Let others adopt what is unfinished. May be called twice; a later use holds anew."""
        await asyncio.to_thread(self._runner.release)

    def _job(self, row: Row[Any]) -> SqlJob:
        return SqlJob(
            self._database,
            self._runner.id,
            row.id,
            body=row.body,
            at=row.at,
            tries=row.tries + 1,
            notes=json.loads(row.notes),
        )

    async def _hold(self) -> None:
        await self._database.open()  # makes the folder too
        with translated(self._database.file):
            self._runner.hold()

    async def _lives(self, runner: str) -> bool:
        with translated(self._database.file):
            return await asyncio.to_thread(self._runner.lives, runner)


class SqlJob:
    """A row of the table, while this process holds it.

    Attributes:
        id: Its first name.
        body: What its source wrote down.
        at: When it was heard, in UTC.
        tries: Which try this is.
    """

    def __init__(
        self,
        database: Database,
        runner: str,
        name: str,
        *,
        body: str,
        at: datetime,
        tries: int,
        notes: Mapping[str, str],
    ) -> None:
        self._database = database
        self._mine = (jobs.c.id == name, jobs.c.runner == runner)
        self.id = name
        self.body = body
        self.at = at
        self.tries = tries
        self._notes = dict(notes)

    def noted(self, key: str) -> str:
        """Return what was noted, empty if nothing."""
        return self._notes.get(key, "")

    async def note(self, key: str, value: str) -> None:
        """Keep what the next try must know."""
        self._notes[key] = value
        async with self._database.writing() as connection:
            await connection.execute(update(jobs).where(*self._mine).values(notes=json.dumps(self._notes)))

    async def done(self) -> None:
        """Let go of it for good."""
        async with self._database.writing() as connection:
            await connection.execute(update(jobs).where(*self._mine).values(runner=DONE, body="", notes="{}"))
