"""What channels watch, and what they were shown of it, in the database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, delete, insert, select

from bot.domain.change import PullRequestRef, RepositoryPattern
from bot.domain.filter_words import parse_filters
from bot.domain.targets import words
from bot.domain.watch import Standing, Watch, Watched
from bot.store.database import Database
from bot.store.tables import watched, watches


class SqlWatches:
    """Keeps watches."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save(self, watch: Watch, known: Sequence[Watched] = ()) -> None:
        """Keep a watch in place of the channel's earlier one, with what is *known* from the start."""
        folded = str(watch.pattern).casefold()
        mine = select(watched.c.number).where(watched.c.channel == watch.channel, watched.c.folded == folded)
        async with self._database.writing() as connection:
            await connection.execute(delete(watches).where(_watch(watch.channel, folded)))
            await connection.execute(insert(watches).values(_row(watch)))
            before = set((await connection.execute(mine)).scalars())
            if rows := [_watched_row(one) for one in known if one.ref.number not in before]:
                await connection.execute(insert(watched), rows)

    async def remove(self, channel: str, pattern: RepositoryPattern) -> bool:
        """Remove a watch and what the channel was shown for it; tell whether there was one."""
        folded = str(pattern).casefold()
        async with self._database.writing() as connection:
            gone = await connection.execute(delete(watches).where(_watch(channel, folded)))
            await connection.execute(delete(watched).where(watched.c.channel == channel, watched.c.folded == folded))
        return gone.rowcount > 0

    async def of(self, channel: str) -> Sequence[Watch]:
        """Load those of a channel, by repository."""
        return await self._load(select(watches).where(watches.c.channel == channel))

    async def all(self) -> Sequence[Watch]:
        """Load all, by repository and channel."""
        return await self._load(select(watches))

    async def watched(self, channel: str, pattern: RepositoryPattern) -> Sequence[Watched]:
        """Load what is known of the pull requests of a repository in a channel."""
        folded = str(pattern).casefold()
        wanted = select(watched).where(watched.c.channel == channel, watched.c.folded == folded)
        async with self._database.reading() as connection:
            rows = (await connection.execute(wanted.order_by(watched.c.number))).all()
        return [_watched(row, pattern) for row in rows]

    async def put(self, one: Watched) -> None:
        """Keep how far the channel is with a pull request, if it still watches its repository."""
        row = _watched_row(one)
        same = (
            (watched.c.channel == row["channel"])
            & (watched.c.folded == row["folded"])
            & (watched.c.number == row["number"])
        )
        still = select(watches.c.folded).where(_watch(one.channel, str(row["folded"])))
        async with self._database.writing() as connection:
            if (await connection.execute(still)).first() is not None:
                await connection.execute(delete(watched).where(same))
                await connection.execute(insert(watched).values(row))

    async def _load(self, wanted: Select[*tuple[Any, ...]]) -> Sequence[Watch]:
        async with self._database.reading() as connection:
            rows = await connection.execute(wanted.order_by(watches.c.folded, watches.c.channel))
            return [_of_row(row) for row in rows]


def _watch(channel: str, folded: str) -> ColumnElement[bool]:
    return (watches.c.channel == channel) & (watches.c.folded == folded)


def _row(watch: Watch) -> dict[str, object]:
    return {
        "channel": watch.channel,
        "folded": str(watch.pattern).casefold(),
        "owner": watch.pattern.owner,
        "name": watch.pattern.name,
        "filters": str(watch.filters),
        "by": watch.by,
        "since": watch.since,
    }


def _of_row(row: Row[Any]) -> Watch:
    return Watch(
        channel=row.channel,
        pattern=RepositoryPattern(owner=row.owner, name=row.name),
        filters=parse_filters(words(row.filters)),
        by=row.by,
        since=row.since,
    )


def _watched_row(one: Watched) -> dict[str, object]:
    return {
        "channel": one.channel,
        "folded": str(one.ref.repository_ref).casefold(),
        "number": one.ref.number,
        "standing": one.standing.value,
        "thread": one.thread,
        "head": one.head,
        "shown": one.shown,
    }


def _watched(row: Row[Any], pattern: RepositoryPattern) -> Watched:
    return Watched(
        channel=row.channel,
        ref=PullRequestRef(owner=pattern.owner, repository=pattern.name, number=row.number),
        standing=Standing(row.standing),
        thread=row.thread,
        head=row.head,
        shown=row.shown,
    )
