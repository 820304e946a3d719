"""What every `People` does, shown on the database and on its double."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.ports.people import People
from bot.store.database import Database
from bot.store.people import SqlPeople
from tests.builders import NOON
from tests.doubles.people import DictPeople


@pytest.fixture(params=["database", "double"])
async def people(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[People]:
    if request.param == "double":
        yield DictPeople()
        return
    database = Database(tmp_path / "memory.sqlite3")
    try:
        yield SqlPeople(database)
    finally:
        await database.close()


async def test_the_last_word_of_each_person_counts(people: People) -> None:
    assert dict(await people.claims()) == {}

    await people.save("slack:T1/U1", "ada", NOON)
    await people.save("slack:T1/U2", "bob", NOON)
    await people.save("slack:T1/U1", "", NOON)

    assert dict(await people.claims()) == {"slack:T1/U1": "", "slack:T1/U2": "bob"}
