"""What channels subscribed to, in the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time
from typing import Any

from sqlalchemy import Row, Select, delete, insert, select

from bot.domain.change import RepositoryPattern
from bot.domain.filter_words import parse_filters
from bot.domain.subscription import Day, Kind, Subscription
from bot.domain.targets import words
from bot.store.database import Database
from bot.store.tables import last_digests, subscriptions


class SqlSubscriptions:
    """Keeps subscriptions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save(self, subscription: Subscription) -> None:
        """Keep a subscription in place of the one of the same id."""
        async with self._database.writing() as connection:
            await connection.execute(delete(subscriptions).where(subscriptions.c.id == subscription.id))
            await connection.execute(insert(subscriptions).values(_row(subscription)))

    async def remove(self, channel: str, ids: Sequence[str]) -> int:
        """Remove some of a channel's, and what their last digests said; return how many there were."""
        mine = select(subscriptions.c.id).where(subscriptions.c.channel == channel, subscriptions.c.id.in_(ids))
        async with self._database.writing() as connection:
            gone = list((await connection.execute(mine)).scalars())
            await connection.execute(delete(subscriptions).where(subscriptions.c.id.in_(gone)))
            await connection.execute(delete(last_digests).where(last_digests.c.subscription.in_(gone)))
        return len(gone)

    async def of(self, channels: Sequence[str]) -> Sequence[Subscription]:
        """Load those of some channels, by channel, repository and age."""
        return await self._load(select(subscriptions).where(subscriptions.c.channel.in_(channels)))

    async def all(self) -> Sequence[Subscription]:
        """Load all, in the same order."""
        return await self._load(select(subscriptions))

    async def _load(self, wanted: Select[*tuple[Any, ...]]) -> Sequence[Subscription]:
        columns = subscriptions.c
        ordered = wanted.order_by(columns.channel, columns.folded, columns.since, columns.id)
        async with self._database.reading() as connection:
            return [_subscription(row) for row in await connection.execute(ordered)]


def _row(subscription: Subscription) -> dict[str, object]:
    return {
        "id": subscription.id,
        "channel": subscription.channel,
        "folded": str(subscription.pattern).casefold(),
        "owner": subscription.pattern.owner,
        "name": subscription.pattern.name,
        "kind": subscription.kind.value,
        "days": ",".join(subscription.days),
        "at": subscription.at.strftime("%H:%M"),
        "timezone": subscription.timezone,
        "filters": str(subscription.filters),
        "by": subscription.by,
        "since": subscription.since,
    }


def _subscription(row: Row[Any]) -> Subscription:
    return Subscription(
        id=row.id,
        channel=row.channel,
        pattern=RepositoryPattern(owner=row.owner, name=row.name),
        kind=Kind(row.kind),
        days=tuple(Day(day) for day in row.days.split(",")),
        at=time.fromisoformat(row.at),
        timezone=row.timezone,
        filters=parse_filters(words(row.filters)),
        by=row.by,
        since=row.since,
    )
