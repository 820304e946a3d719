"""What every `LastDigests` does, shown on the database and on its double."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.digest import Group, LastDigest
from bot.ports.last_digests import LastDigests
from bot.store.database import Database
from bot.store.last_digests import SqlLastDigests
from tests.builders import NOON, a_ref
from tests.doubles.last_digests import DictLastDigests


@pytest.fixture(params=["database", "double"])
async def digests(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[LastDigests]:
    if request.param == "double":
        yield DictLastDigests()
        return
    database = Database(tmp_path / "memory.sqlite3")
    try:
        yield SqlLastDigests(database)
    finally:
        await database.close()


def a_last_digest(name: str = "one", hours: int = 0, **groups: Group) -> LastDigest:
    known = {a_ref(f"octo/hello.world#{number.lstrip('n')}"): group for number, group in groups.items()}
    return LastDigest(subscription=name, at=NOON + timedelta(hours=hours), groups=known)


async def test_a_digest_comes_back_equal_and_only_where_it_is_asked_for(digests: LastDigests) -> None:
    one, two = a_last_digest("one", n1=Group.STALE, n20=Group.DRAFT), a_last_digest("two")
    await digests.save(one)
    await digests.save(two)

    assert list(await digests.of(["one", "three"])) == [one]
    assert list(await digests.of([])) == []


async def test_the_last_one_counts(digests: LastDigests) -> None:
    await digests.save(a_last_digest(n1=Group.STALE))
    await digests.save(a_last_digest(hours=24, n2=Group.APPROVED))

    (kept,) = await digests.of(["one"])
    assert list(kept.groups) == [a_ref("octo/hello.world#2")]
