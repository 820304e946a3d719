"""What every `Feedback`, `Grants` and `Subscriptions` does, shown on the database and on the doubles."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import time, timedelta
from pathlib import Path

import pytest

from bot.domain.change import RepositoryRef
from bot.domain.feedback import Dismissal
from bot.domain.subscription import DAILY, Day, Subscription
from bot.ports.feedback import Feedback
from bot.ports.grants import Grants
from bot.ports.subscriptions import Subscriptions
from bot.store.database import Database
from bot.store.feedback import SqlFeedback
from bot.store.grants import SqlGrants
from bot.store.subscriptions import SqlSubscriptions
from tests.builders import NOON
from tests.doubles.feedback import DictFeedback
from tests.doubles.grants import DictGrants
from tests.doubles.subscriptions import DictSubscriptions

STATS = RepositoryRef(owner="octo", name="stats")


@dataclass(frozen=True, kw_only=True)
class Kept:
    """The three of one place."""

    feedback: Feedback
    grants: Grants
    subscriptions: Subscriptions


@pytest.fixture(params=["database", "double"])
async def kept(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Kept]:
    if request.param == "double":
        yield Kept(feedback=DictFeedback(), grants=DictGrants(), subscriptions=DictSubscriptions())
        return
    database = Database(tmp_path / "parley.sqlite3")
    try:
        yield Kept(feedback=SqlFeedback(database), grants=SqlGrants(database), subscriptions=SqlSubscriptions(database))
    finally:
        await database.close()


def a_dismissal(finding: str, **fields: object) -> Dismissal:
    known = Dismissal(channel="C1", finding=finding, title="Division by zero", by="U1", at=NOON)
    return replace(known, **fields)  # type: ignore[arg-type]  # fields of a dismissal


def a_subscription(**fields: object) -> Subscription:
    known = Subscription(
        channel="C1", repository=STATS, days=DAILY, at=time(9, 30), timezone="Europe/Berlin", by="U1", since=NOON
    )
    return replace(known, **fields)  # type: ignore[arg-type]  # fields of a subscription


async def test_dismissals_are_of_a_channel_newest_first_and_the_first_stays(kept: Kept) -> None:
    first, second = a_dismissal("f1"), a_dismissal("f2", at=NOON + timedelta(minutes=1))
    for dismissal in (first, second, a_dismissal("f1", by="U2"), a_dismissal("f3", channel="C2")):
        await kept.feedback.dismiss(dismissal)

    assert list(await kept.feedback.dismissed("C1")) == [second, first]


async def test_a_dismissal_is_taken_back_once(kept: Kept) -> None:
    await kept.feedback.dismiss(a_dismissal("f1"))

    assert not await kept.feedback.restore("C2", "f1")
    assert await kept.feedback.restore("C1", "f1")
    assert not await kept.feedback.restore("C1", "f1")
    assert list(await kept.feedback.dismissed("C1")) == []


async def test_a_person_has_one_opinion_of_a_review(kept: Kept) -> None:
    for person, helpful in (("U1", True), ("U2", False), ("U1", False), ("U3", True)):
        await kept.feedback.rate("r1", by=person, helpful=helpful, at=NOON)

    assert await kept.feedback.ratings("r1") == (1, 2)
    assert await kept.feedback.ratings("r2") == (0, 0)


async def test_a_channel_has_what_it_was_given_in_order_and_each_once(kept: Kept) -> None:
    for minute, pattern in enumerate(("acme/web", "acme/api", "ACME/Web")):
        await kept.grants.allow("C1", pattern, by="U1", at=NOON + timedelta(minutes=minute))

    assert list(await kept.grants.allowed("C1")) == ["acme/web", "acme/api"]
    assert list(await kept.grants.allowed("C2")) == []


async def test_what_was_given_is_taken_back_however_it_is_written(kept: Kept) -> None:
    await kept.grants.allow("C1", "acme/*", by="U1", at=NOON)

    assert await kept.grants.disallow("C1", "Acme/*")
    assert not await kept.grants.disallow("C1", "acme/*")
    assert list(await kept.grants.allowed("C1")) == []


async def test_a_subscription_comes_back_equal(kept: Kept) -> None:
    await kept.subscriptions.save(a_subscription(days=(Day.MONDAY, Day.SUNDAY), at=time(0, 5)))

    assert list(await kept.subscriptions.of(("C1",))) == [a_subscription(days=(Day.MONDAY, Day.SUNDAY), at=time(0, 5))]


async def test_a_channel_has_one_subscription_of_a_repository(kept: Kept) -> None:
    again = a_subscription(repository=RepositoryRef(owner="Octo", name="STATS"), at=time(10))
    elsewhere = a_subscription(channel="C2")
    for subscription in (a_subscription(), again, elsewhere):
        await kept.subscriptions.save(subscription)

    assert list(await kept.subscriptions.all()) == [again, elsewhere]
    assert list(await kept.subscriptions.of(("C2", "C3"))) == [elsewhere]
    assert list(await kept.subscriptions.of(())) == []


async def test_a_subscription_is_removed_once(kept: Kept) -> None:
    await kept.subscriptions.save(a_subscription())

    assert await kept.subscriptions.remove("C1", RepositoryRef(owner="OCTO", name="stats"))
    assert not await kept.subscriptions.remove("C1", STATS)
    assert list(await kept.subscriptions.all()) == []
