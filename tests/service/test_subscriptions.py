"""A channel subscribes to digests, sees them now, and sees only what it may."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import time

import pytest

from bot.domain.change import RepositoryRef
from bot.domain.command import DigestCommand, ListCommand, SubscribeCommand, UnsubscribeCommand
from bot.domain.digest import Digest
from bot.domain.errors import NotAllowed, UserError
from bot.domain.subscription import DAILY, WEEKDAYS, Day
from bot.service.access import Access
from bot.service.digests import Digests
from bot.service.subscriptions import MOST, SubscriptionDesk
from tests.builders import an_entry
from tests.doubles.chat import TranscriptChat
from tests.doubles.clock import FakeClock
from tests.doubles.code_host import FixedCodeHost
from tests.doubles.grants import DictGrants
from tests.doubles.subscriptions import DictSubscriptions

STATS = RepositoryRef(owner="octo", name="stats")
SECRET = RepositoryRef(owner="octo", name="secret")


@dataclass(kw_only=True)
class Counter:
    """A desk for subscriptions with a channel in front of it."""

    kept: DictSubscriptions = field(default_factory=DictSubscriptions)
    code_host: FixedCodeHost = field(
        default_factory=lambda: FixedCodeHost(repositories={"octo/stats": False, "octo/secret": True})
    )
    chat: TranscriptChat = field(default_factory=lambda: TranscriptChat(local=False))
    changes: int = 0

    def __post_init__(self) -> None:
        clock = FakeClock()
        access = Access(code_host=self.code_host, grants=DictGrants(), clock=clock)
        self.desk = SubscriptionDesk(
            subscriptions=self.kept,
            digests=Digests(code_host=self.code_host, access=access),
            access=access,
            schedule=self,
            clock=clock,
        )

    async def changed(self) -> None:
        self.changes += 1


async def test_a_subscription_takes_what_is_not_said_from_the_configuration() -> None:
    counter = Counter()

    await counter.desk.handle(SubscribeCommand(repository=STATS), counter.chat)

    (kept,) = await counter.desk.of(("console",))
    assert (kept.days, kept.at, kept.timezone) == (WEEKDAYS, time(9), "UTC")
    assert counter.chat.said[0].startswith("Subscribed: octo/stats, on weekdays at 09:00 (UTC). The next one comes on ")
    assert counter.changes == 1


async def test_a_second_subscription_of_a_repository_replaces_the_first() -> None:
    counter = Counter()
    other = RepositoryRef(owner="Octo", name="Stats")

    await counter.desk.subscribe(SubscribeCommand(repository=STATS, days=DAILY), counter.chat.audience)
    await counter.desk.subscribe(SubscribeCommand(repository=other, days=(Day.MONDAY,)), counter.chat.audience)

    assert [one.days for one in await counter.desk.of(("console",))] == [(Day.MONDAY,)]


async def test_a_repository_that_the_channel_may_not_see_is_refused_as_a_missing_one() -> None:
    counter = Counter()
    missing = RepositoryRef(owner="octo", name="nothing")

    refusals = []
    for repository in (SECRET, missing):
        with pytest.raises(NotAllowed) as caught:
            await counter.desk.subscribe(SubscribeCommand(repository=repository), counter.chat.audience)
        refusals.append(str(caught.value.sentence).replace(repository.name, "x"))

    assert refusals[0] == refusals[1]


async def test_on_a_terminal_nothing_is_posted_later() -> None:
    counter = Counter(chat=TranscriptChat(local=True))

    with pytest.raises(UserError, match="here `digest owner/name` shows one"):
        await counter.desk.subscribe(SubscribeCommand(repository=STATS), counter.chat.audience)


async def test_a_channel_has_no_more_than_so_many() -> None:
    counter = Counter(code_host=FixedCodeHost(repositories={f"octo/r{number}": False for number in range(MOST + 1)}))
    for number in range(MOST):
        repository = RepositoryRef(owner="octo", name=f"r{number}")
        await counter.desk.subscribe(SubscribeCommand(repository=repository), counter.chat.audience)

    last = RepositoryRef(owner="octo", name=f"r{MOST}")
    with pytest.raises(UserError, match="end one first"):
        await counter.desk.subscribe(SubscribeCommand(repository=last), counter.chat.audience)


async def test_what_is_listed_ends_when_it_is_unsubscribed() -> None:
    counter = Counter()
    await counter.desk.subscribe(SubscribeCommand(repository=STATS, timezone="Europe/Berlin"), counter.chat.audience)

    for command in (
        ListCommand(),
        UnsubscribeCommand(repository=STATS),
        UnsubscribeCommand(repository=STATS),
        ListCommand(),
    ):
        await counter.desk.handle(command, counter.chat)

    assert counter.chat.said == [
        "octo/stats, on weekdays at 09:00 (Europe/Berlin)",
        "No more digests of octo/stats here.",
        "This channel has no subscription of octo/stats; `list` shows what it has.",
        "This channel has no subscriptions. `subscribe owner/name` makes one.",
    ]


async def test_a_digest_now_is_of_what_is_named_or_subscribed() -> None:
    counter = Counter()
    counter.code_host.entries.append(an_entry())
    with pytest.raises(UserError, match="Which repository"):
        await counter.desk.handle(DigestCommand(), counter.chat)
    await counter.desk.subscribe(SubscribeCommand(repository=STATS), counter.chat.audience)

    await counter.desk.handle(DigestCommand(), counter.chat)
    await counter.desk.handle(DigestCommand(repositories=(STATS, SECRET)), counter.chat)

    first, second = (entry.what for entry in counter.chat.kinds("digest"))
    assert isinstance(first, Digest)
    assert isinstance(second, Digest)
    assert [str(entry.ref) for entry in first.entries] == ["octo/stats#12"]
    assert first.unread == ()
    assert [str(repository) for repository, _ in second.unread] == ["octo/secret"]
    assert "octo/secret" not in counter.code_host.asked[-1:]


async def test_an_empty_digest_that_somebody_asked_for_says_that_nothing_is_open() -> None:
    counter = Counter()

    await counter.desk.handle(DigestCommand(repositories=(STATS,)), counter.chat)

    assert counter.chat.said == ["No pull request is open in octo/stats."]


async def test_a_digest_of_nothing_but_refused_repositories_is_refused() -> None:
    counter = Counter()

    with pytest.raises(NotAllowed):
        await counter.desk.handle(DigestCommand(repositories=(SECRET,)), counter.chat)
