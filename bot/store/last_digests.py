"""What the last digests said, in the database."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, delete, insert, select

from bot.domain.change import PullRequestRef, from_name
from bot.domain.digest import Group, LastDigest
from bot.store.database import Database
from bot.store.tables import last_digests


class SqlLastDigests:
    """Keeps one digest a subscription."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save(self, last: LastDigest) -> None:
        """Keep what a digest said, in place of the one before of the same subscription."""
        groups = json.dumps({str(ref): group for ref, group in last.groups.items()})
        async with self._database.writing() as connection:
            await connection.execute(delete(last_digests).where(last_digests.c.subscription == last.subscription))
            await connection.execute(
                insert(last_digests).values(subscription=last.subscription, at=last.at, groups=groups)
            )

    async def of(self, subscriptions: Sequence[str]) -> Sequence[LastDigest]:
        """Load those of some subscriptions."""
        wanted = select(last_digests).where(last_digests.c.subscription.in_(subscriptions))
        async with self._database.reading() as connection:
            return [_last_digest(row) for row in await connection.execute(wanted)]


def _last_digest(row: Row[Any]) -> LastDigest:
    named = ((from_name(name), Group(group)) for name, group in json.loads(row.groups).items())
    groups = {ref: group for ref, group in named if isinstance(ref, PullRequestRef)}
    return LastDigest(subscription=row.subscription, at=row.at, groups=groups)
