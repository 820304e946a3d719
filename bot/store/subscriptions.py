"""What channels subscribed to, in the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time
from typing import Any

from sqlalchemy import Row, Select, delete, insert, select

from bot.domain.change import RepositoryRef
from bot.domain.subscription import Day, Subscription
from bot.store.database import Database
from bot.store.tables import subscriptions


class SqlSubscriptions:
    """Keeps subscriptions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save(self, subscription: Subscription) -> None:
        """Keep a subscription in place of the channel's earlier one of this repository."""
        folded = _folded(subscription.repository)
        mine = (subscriptions.c.channel == subscription.channel, subscriptions.c.folded == folded)
        async with self._database.writing() as connection:
            await connection.execute(delete(subscriptions).where(*mine))
            await connection.execute(
                insert(subscriptions).values(
                    channel=subscription.channel,
                    folded=folded,
                    owner=subscription.repository.owner,
                    name=subscription.repository.name,
                    days=",".join(subscription.days),
                    at=subscription.at.strftime("%H:%M"),
                    timezone=subscription.timezone,
                    by=subscription.by,
                    since=subscription.since,
                )
            )

    async def remove(self, channel: str, repository: RepositoryRef) -> bool:
        """Remove it; tell whether there was one."""
        gone = delete(subscriptions).where(
            subscriptions.c.channel == channel, subscriptions.c.folded == _folded(repository)
        )
        async with self._database.writing() as connection:
            return (await connection.execute(gone)).rowcount > 0

    async def of(self, channels: Sequence[str]) -> Sequence[Subscription]:
        """Load those of some channels, by channel and repository."""
        return await self._load(select(subscriptions).where(subscriptions.c.channel.in_(channels)))

    async def all(self) -> Sequence[Subscription]:
        """Load all, by channel and repository."""
        return await self._load(select(subscriptions))

    async def _load(self, wanted: Select[*tuple[Any, ...]]) -> Sequence[Subscription]:
        ordered = wanted.order_by(subscriptions.c.channel, subscriptions.c.folded)
        async with self._database.reading() as connection:
            return [_subscription(row) for row in await connection.execute(ordered)]


def _subscription(row: Row[Any]) -> Subscription:
    return Subscription(
        channel=row.channel,
        repository=RepositoryRef(owner=row.owner, name=row.name),
        days=tuple(Day(day) for day in row.days.split(",")),
        at=time.fromisoformat(row.at),
        timezone=row.timezone,
        by=row.by,
        since=row.since,
    )


def _folded(repository: RepositoryRef) -> str:
    return str(repository).casefold()
