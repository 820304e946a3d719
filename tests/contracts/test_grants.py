"""What every `Grants` does, shown on the database and on its double."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.ports.grants import Grants
from bot.store.database import Database
from bot.store.grants import SqlGrants
from tests.builders import NOON
from tests.doubles.grants import DictGrants


@pytest.fixture(params=["database", "double"])
async def grants(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Grants]:
    if request.param == "double":
        yield DictGrants()
        return
    database = Database(tmp_path / "memory.sqlite3")
    try:
        yield SqlGrants(database)
    finally:
        await database.close()


async def allow(grants: Grants, channel: str, *patterns: str) -> None:
    """Give a channel some patterns, one a minute."""
    for number, pattern in enumerate(patterns):
        await grants.allow(channel, pattern, by="slack:T1/U1", at=NOON + timedelta(minutes=number))


async def test_a_channel_has_what_it_was_given_in_that_order(grants: Grants) -> None:
    await allow(grants, "here", "octo/web", "octo/*", "acme/tools")

    assert list(await grants.allowed("here")) == ["octo/web", "octo/*", "acme/tools"]


async def test_a_channel_that_was_given_nothing_has_nothing(grants: Grants) -> None:
    await allow(grants, "here", "octo/web")

    assert list(await grants.allowed("there")) == []


async def test_what_is_given_again_stays_as_it_was_written_first(grants: Grants) -> None:
    await allow(grants, "here", "Octo/Web", "octo/api", "octo/web")

    assert list(await grants.allowed("here")) == ["Octo/Web", "octo/api"]


async def test_what_is_taken_back_is_gone_however_it_is_written(grants: Grants) -> None:
    await allow(grants, "here", "Octo/Web", "octo/*")

    assert await grants.disallow("here", "oCTO/wEB") is True

    assert list(await grants.allowed("here")) == ["octo/*"]


async def test_what_was_not_given_cannot_be_taken_back(grants: Grants) -> None:
    await allow(grants, "here", "octo/*")

    assert await grants.disallow("here", "octo/web") is False
    assert await grants.disallow("there", "octo/*") is False

    assert list(await grants.allowed("here")) == ["octo/*"]


async def test_what_is_taken_back_can_be_given_anew(grants: Grants) -> None:
    await allow(grants, "here", "octo/web")
    await grants.disallow("here", "octo/web")

    await allow(grants, "here", "octo/WEB")

    assert list(await grants.allowed("here")) == ["octo/WEB"]
