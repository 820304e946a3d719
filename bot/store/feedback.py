"""What people said about findings and reviews, in the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, insert, select

from bot.domain.feedback import Dismissal
from bot.store.database import Database
from bot.store.tables import dismissals, ratings


class SqlFeedback:
    """Keeps dismissals and ratings."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def dismiss(self, dismissal: Dismissal) -> None:
        """Remember a dismissal; of the same finding in the same channel the first stays."""
        known = select(dismissals.c.finding).where(
            dismissals.c.channel == dismissal.channel, dismissals.c.finding == dismissal.finding
        )
        async with self._database.writing() as connection:
            if (await connection.execute(known)).first() is None:
                await connection.execute(
                    insert(dismissals).values(
                        channel=dismissal.channel,
                        finding=dismissal.finding,
                        title=dismissal.title,
                        by=dismissal.by,
                        at=dismissal.at,
                    )
                )

    async def restore(self, channel: str, finding: str) -> bool:
        """Forget a dismissal; tell whether there was one."""
        gone = delete(dismissals).where(dismissals.c.channel == channel, dismissals.c.finding == finding)
        async with self._database.writing() as connection:
            return (await connection.execute(gone)).rowcount > 0

    async def dismissed(self, channel: str) -> Sequence[Dismissal]:
        """Load what a channel dismissed, newest first."""
        wanted = select(dismissals).where(dismissals.c.channel == channel)
        async with self._database.reading() as connection:
            found = await connection.execute(wanted.order_by(dismissals.c.at.desc(), dismissals.c.finding))
            return [
                Dismissal(channel=row.channel, finding=row.finding, title=row.title, by=row.by, at=row.at)
                for row in found
            ]

    async def rate(self, review: str, *, by: str, helpful: bool, at: datetime) -> None:
        """Remember what a person thinks of a review, in place of what they thought before."""
        async with self._database.writing() as connection:
            await connection.execute(delete(ratings).where(ratings.c.review == review, ratings.c.by == by))
            await connection.execute(insert(ratings).values(review=review, by=by, helpful=helpful, at=at))

    async def ratings(self, review: str) -> tuple[int, int]:
        """Count who found a review helpful, and who did not."""
        counted = select(ratings.c.helpful, func.count()).where(ratings.c.review == review).group_by(ratings.c.helpful)
        async with self._database.reading() as connection:
            rows = (await connection.execute(counted)).all()
        counts = {row.helpful: row[1] for row in rows}
        return counts.get(True, 0), counts.get(False, 0)
