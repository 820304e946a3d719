"""What every `Feedback` does, shown on the database and on its double."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.feedback import Dismissal
from bot.ports.feedback import Feedback
from bot.store.database import Database
from bot.store.feedback import SqlFeedback
from tests.builders import NOON
from tests.doubles.feedback import DictFeedback

DISMISSAL = Dismissal(
    channel="here", finding="0123456789ab", title="Grüße \udc80 \x00 \\ 🎉", by="slack:T1/U1", at=NOON
)


@pytest.fixture(params=["database", "double"])
async def feedback(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Feedback]:
    if request.param == "double":
        yield DictFeedback()
        return
    database = Database(tmp_path / "memory.sqlite3")
    try:
        yield SqlFeedback(database)
    finally:
        await database.close()


async def test_a_dismissal_comes_back_equal(feedback: Feedback) -> None:
    await feedback.dismiss(DISMISSAL)

    assert list(await feedback.dismissed("here")) == [DISMISSAL]


async def test_a_dismissal_holds_in_its_channel_alone(feedback: Feedback) -> None:
    await feedback.dismiss(DISMISSAL)

    assert list(await feedback.dismissed("there")) == []


async def test_dismissals_come_newest_first(feedback: Feedback) -> None:
    for finding, minute in (("b", 1), ("c", 2), ("a", 0)):
        await feedback.dismiss(replace(DISMISSAL, finding=finding, at=NOON + timedelta(minutes=minute)))

    assert [dismissal.finding for dismissal in await feedback.dismissed("here")] == ["c", "b", "a"]


async def test_of_the_same_finding_the_first_dismissal_stays(feedback: Feedback) -> None:
    await feedback.dismiss(DISMISSAL)

    await feedback.dismiss(replace(DISMISSAL, by="slack:T1/U2", title="other", at=NOON + timedelta(days=1)))

    assert list(await feedback.dismissed("here")) == [DISMISSAL]


async def test_a_dismissal_is_taken_back_once(feedback: Feedback) -> None:
    elsewhere = replace(DISMISSAL, channel="there")
    await feedback.dismiss(DISMISSAL)
    await feedback.dismiss(elsewhere)

    assert await feedback.restore("here", DISMISSAL.finding) is True
    assert await feedback.restore("here", DISMISSAL.finding) is False

    assert list(await feedback.dismissed("here")) == []
    assert list(await feedback.dismissed("there")) == [elsewhere]


async def test_a_finding_can_be_dismissed_anew(feedback: Feedback) -> None:
    later = replace(DISMISSAL, by="slack:T1/U2", at=NOON + timedelta(days=1))
    await feedback.dismiss(DISMISSAL)
    await feedback.restore("here", DISMISSAL.finding)

    await feedback.dismiss(later)

    assert list(await feedback.dismissed("here")) == [later]


async def test_ratings_are_counted_by_review(feedback: Feedback) -> None:
    for person, helpful in (("ada", True), ("mona", True), ("linus", False)):
        await feedback.rate("r1", by=person, helpful=helpful, at=NOON)
    await feedback.rate("r2", by="ada", helpful=False, at=NOON)

    assert await feedback.ratings("r1") == (2, 1)
    assert await feedback.ratings("r2") == (0, 1)
    assert await feedback.ratings("r3") == (0, 0)


async def test_who_thinks_again_is_counted_once(feedback: Feedback) -> None:
    await feedback.rate("r1", by="ada", helpful=True, at=NOON)

    await feedback.rate("r1", by="ada", helpful=False, at=NOON + timedelta(minutes=1))

    assert await feedback.ratings("r1") == (0, 1)
