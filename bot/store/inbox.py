"""What was heard and must be answered once, in the database."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Row, delete, select, update

from bot.domain.errors import StoreUnusable
from bot.ports.clock import Clock
from bot.store.database import Database
from bot.store.failures import translated
from bot.store.intake import Heard, Intake
from bot.store.runner import Runner
from bot.store.tables import jobs

log = structlog.get_logger()

DONE = ""
"""The runner of a finished job."""


class SqlInbox:
    """Keeps jobs. Whoever made it awaits `close`, after which they can be adopted by others."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._intake = Intake(database)
        self._runner = Runner(database.file.with_name(f"{database.file.name}.runners"))

    async def take(self, *names: str, source: str, body: str) -> SqlJob | None:
        """Take what was heard; None if any of its names was taken before."""
        me = await self._hold()
        heard = Heard(names=names, source=source, body=body, at=self._clock.now(), runner=me)
        if not await self._intake.take(heard):
            return None
        return SqlJob(self._database, me, names[0], body=body, at=heard.at, tries=1, notes={})

    async def adopt(self, source: str) -> Sequence[SqlJob]:
        """Take over the unfinished jobs of processes that have ended, oldest first."""
        me = await self._hold()
        others = (jobs.c.source == source, jobs.c.runner.not_in((DONE, me)))
        async with self._database.reading() as connection:
            holders = set((await connection.execute(select(jobs.c.runner).where(*others).distinct())).scalars())
        # Who lives is asked after who holds: a process that starts in between is not taken for a dead one.
        gone = holders - await self._living()
        if not gone:
            return ()
        left = (*others, jobs.c.runner.in_(gone))
        async with self._database.writing() as connection:
            # Read under the write lock: who comes second finds another runner in the rows.
            rows = (await connection.execute(select(jobs).where(*left).order_by(jobs.c.at, jobs.c.id))).all()
            await connection.execute(update(jobs).where(*left).values(runner=me, tries=jobs.c.tries + 1))
        return [self._job(me, row) for row in rows]

    async def forget_before(self, moment: datetime) -> None:
        """Remove finished jobs heard before *moment*; their names can be taken again."""
        async with self._database.writing() as connection:
            await connection.execute(delete(jobs).where(jobs.c.runner == DONE, jobs.c.at < moment))

    async def close(self) -> None:
        """Let others adopt what is unfinished. May be called twice; a later use holds anew."""
        await self._intake.close()
        self._runner.release()

    def _job(self, runner: str, row: Row[Any]) -> SqlJob:
        return SqlJob(
            self._database,
            runner,
            row.id,
            body=row.body,
            at=row.at,
            tries=row.tries + 1,
            notes=json.loads(row.notes),
        )

    async def _hold(self) -> str:
        if not self._runner.holds:
            await self._database.open()  # makes the folder too
            with translated(self._database.file):
                self._runner.hold()
        return self._runner.id

    async def _living(self) -> frozenset[str]:
        with translated(self._database.file):
            return await asyncio.to_thread(self._runner.living)


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
        """Keep what the next try must know; what cannot be kept is logged."""
        self._notes[key] = value
        try:
            async with self._database.writing() as connection:
                await connection.execute(update(jobs).where(*self._mine).values(notes=json.dumps(self._notes)))
        except StoreUnusable as error:
            log.warning("job.not_noted", key=key, why=str(error.sentence))

    async def done(self) -> None:
        """Let go of it for good."""
        async with self._database.writing() as connection:
            await connection.execute(update(jobs).where(*self._mine).values(runner=DONE, body="", notes="{}"))
        self.body = ""
        self._notes.clear()
