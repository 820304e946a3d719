"""What is not to be spoken of for a while, in the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, insert, select

from bot.domain.change import from_name
from bot.domain.subscription import Snooze
from bot.store.database import Database
from bot.store.tables import snoozes


class SqlSnoozes:
    """Keeps snoozes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save(self, snooze: Snooze) -> None:
        """Keep a snooze in place of the channel's earlier one of the same thing."""
        what = str(snooze.what or "")
        async with self._database.writing() as connection:
            await connection.execute(delete(snoozes).where(_same(snooze)))
            await connection.execute(
                insert(snoozes).values(
                    channel=snooze.channel, folded=what.casefold(), what=what, until=snooze.until, by=snooze.by
                )
            )

    async def remove(self, snooze: Snooze) -> bool:
        """Forget the snooze of the same thing in the same channel; tell whether there was one."""
        async with self._database.writing() as connection:
            return (await connection.execute(delete(snoozes).where(_same(snooze)))).rowcount > 0

    async def of(self, channel: str, now: datetime) -> Sequence[Snooze]:
        """Load those of a channel that have not ended, by when they end."""
        wanted = select(snoozes).where(snoozes.c.channel == channel, snoozes.c.until > now)
        async with self._database.reading() as connection:
            rows = await connection.execute(wanted.order_by(snoozes.c.until, snoozes.c.folded))
            return [_snooze(row) for row in rows]


def _same(snooze: Snooze) -> ColumnElement[bool]:
    return (snoozes.c.channel == snooze.channel) & (snoozes.c.folded == str(snooze.what or "").casefold())


def _snooze(row: Row[Any]) -> Snooze:
    what = from_name(row.what) if row.what else None
    return Snooze(channel=row.channel, what=what, until=row.until, by=row.by)
