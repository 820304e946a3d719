"""Who people say they are on the code host, in the database."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, insert, select

from bot.store.database import Database
from bot.store.tables import people


class SqlPeople:
    """Keeps one login a person."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save(self, person: str, login: str, at: datetime) -> None:
        """Keep what a person says, in place of what they said before."""
        async with self._database.writing() as connection:
            await connection.execute(delete(people).where(people.c.person == person))
            await connection.execute(insert(people).values(person=person, login=login, at=at))

    async def claims(self) -> Mapping[str, str]:
        """Load every login by the person who claims it."""
        wanted = select(people.c.person, people.c.login).order_by(people.c.at, people.c.person)
        async with self._database.reading() as connection:
            return {row.person: row.login for row in await connection.execute(wanted)}
