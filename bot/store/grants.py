"""Which channel was given which repository, in the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select

from bot.store.database import Database
from bot.store.tables import grants


class SqlGrants:
    """Keeps what admins allowed in chat."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def allow(self, channel: str, pattern: str, *, by: str, at: datetime) -> None:
        """Give a channel the repositories of a pattern."""
        folded = pattern.casefold()
        known = select(grants.c.pattern).where(grants.c.channel == channel, grants.c.folded == folded)
        async with self._database.writing() as connection:
            if (await connection.execute(known)).first() is None:
                await connection.execute(
                    insert(grants).values(channel=channel, folded=folded, pattern=pattern, by=by, at=at)
                )

    async def disallow(self, channel: str, pattern: str) -> bool:
        """Take it back, however its letters are written; tell whether it was given."""
        gone = delete(grants).where(grants.c.channel == channel, grants.c.folded == pattern.casefold())
        async with self._database.writing() as connection:
            return (await connection.execute(gone)).rowcount > 0

    async def allowed(self, channel: str) -> Sequence[str]:
        """Load the patterns of a channel, in the order they were given."""
        wanted = select(grants.c.pattern).where(grants.c.channel == channel).order_by(grants.c.at, grants.c.folded)
        async with self._database.reading() as connection:
            return list((await connection.execute(wanted)).scalars())
