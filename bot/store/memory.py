"""The `Memory` of a program that is restarted: a database file."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

from bot.domain.conversation import Conversation, ReviewNote, ReviewRecord, ThreadRef, Turn
from bot.store import rows, statements
from bot.store.database import Database
from bot.store.documents import dump_change, dump_review


class SqlMemory:
    """Keeps reviews and turns."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save_review(self, record: ReviewRecord) -> None:
        """Keep a finished review and its change."""
        review = await asyncio.to_thread(dump_review, record.review)
        change = await asyncio.to_thread(dump_change, record.change)
        async with self._database.writing() as connection:
            await connection.execute(statements.add_review(record, review=review, change=change))

    async def reviews(
        self,
        channel: str,
        *,
        thread: str | None = None,
        target: str | None = None,
        since: datetime | None = None,
        limit: int = 20,
    ) -> Sequence[ReviewRecord]:
        """Load reviews of a channel, newest first, narrowed to a thread, a target, or *since* and later."""
        wanted = statements.find_reviews(channel, thread=thread, target=target, since=since, limit=limit)
        async with self._database.reading() as connection:
            found = (await connection.execute(wanted)).all()
        return await asyncio.to_thread(rows.records, found)

    async def review(self, key: str) -> ReviewRecord | None:
        """Load the review whose `ReviewRecord.id` is *key*; None if it was forgotten."""
        async with self._database.reading() as connection:
            found = (await connection.execute(statements.find_review(key))).all()
        records = await asyncio.to_thread(rows.records, found)
        return records[0] if records else None

    async def notes(self, channels: Sequence[str], *, limit: int = 10) -> Sequence[ReviewNote]:
        """Load the last reviews of some channels in short, newest first."""
        async with self._database.reading() as connection:
            found = (await connection.execute(statements.find_notes(channels, limit=limit))).all()
        return await asyncio.to_thread(rows.notes, found)

    async def takes_part(self, where: ThreadRef) -> bool:
        """Tell whether anything is remembered of a thread."""
        if not where.thread:
            return False
        async with self._database.reading(first=True) as connection:  # before an event is acknowledged
            return bool((await connection.execute(statements.is_known(where))).scalar_one())

    async def add_turns(self, where: ThreadRef, turns: Sequence[Turn]) -> None:
        """Append what was said, all of it or nothing."""
        if not turns:
            return
        async with self._database.writing() as connection:
            await connection.execute(statements.add_turn(), [statements.turn_values(where, turn) for turn in turns])

    async def conversation(self, where: ThreadRef) -> Conversation:
        """Load the rolling summary of a thread and every turn it does not cover yet, in the order they were added."""
        async with self._database.reading() as connection:
            summary = (await connection.execute(statements.find_summary(where))).scalar_one_or_none()
            uncovered = (await connection.execute(statements.find_uncovered(where))).all()
        return Conversation(turns=tuple(rows.turns(uncovered)), summary=summary or "")

    async def channel_turns(self, channel: str, *, since: datetime | None = None, limit: int = 200) -> Sequence[Turn]:
        """Load the last turns of all threads of a channel, oldest first."""
        async with self._database.reading() as connection:
            newest_first = await connection.execute(statements.find_channel_turns(channel, since=since, limit=limit))
            return rows.turns(reversed(newest_first.all()))

    async def save_summary(self, where: ThreadRef, summary: str, *, covers: int) -> None:
        """Replace the rolling summary; it now covers also the *covers* oldest turns of `conversation`."""
        async with self._database.writing() as connection:
            before = (await connection.execute(statements.find_covered(where))).scalar_one_or_none()
            more = (await connection.execute(statements.find_uncovered(where).limit(covers))).all()
            last = more[-1].id if more else before or 0
            await connection.execute(statements.remove_summary(where))
            await connection.execute(statements.add_summary(where, summary, covers=last))

    async def forget(self, channel: str, *, thread: str | None = None) -> int:
        """Remove everything of a channel, or of one of its threads; return how many reviews and turns went."""
        return await self._remove(statements.remove_place(channel, thread))

    async def forget_before(self, moment: datetime) -> int:
        """Remove every review and turn older than *moment*; return how many.

        A summary that speaks of a removed turn goes too, and the turns that stay are part of `conversation` again.
        """
        return await self._remove(statements.remove_before(moment))

    async def _remove(self, deletions: statements.Deletions) -> int:
        async with self._database.writing() as connection:
            for deletion in deletions.first:
                await connection.execute(deletion)
            gone = sum([(await connection.execute(deletion)).rowcount for deletion in deletions.counted])
        await self._database.wipe()
        return gone
