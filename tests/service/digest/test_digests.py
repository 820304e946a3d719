"""Regular digests: with what is different, with people, without what is snoozed or hidden."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bot.domain.access import Audience
from bot.domain.digest import Decision, Digest, Fate
from bot.domain.errors import NotAllowed
from bot.domain.filter_words import parse_filters
from bot.domain.subscription import Snooze
from bot.service.access import Access
from bot.service.digest.digests import Digests
from bot.service.digest.people import Mentions
from tests.builders import NOON, a_pattern, a_ref, a_subscription, an_entry
from tests.doubles.clock import FakeClock
from tests.doubles.code_host import FixedCodeHost
from tests.doubles.grants import DictGrants
from tests.doubles.last_digests import DictLastDigests
from tests.doubles.people import DictPeople
from tests.doubles.snoozes import DictSnoozes

CHANNEL = Audience(channel="slack:T1/C1", person="slack:T1/")
STATS = a_subscription("octo/stats", id="stats")
ALL = a_subscription("octo/*", id="all")


@dataclass(kw_only=True)
class Desk:
    """octo/stats and octo/web are public, octo/secret is not."""

    code_host: FixedCodeHost = field(
        default_factory=lambda: FixedCodeHost(
            repositories={"octo/stats": False, "octo/web": False, "octo/secret": True}
        )
    )
    grants: DictGrants = field(default_factory=DictGrants)
    snoozes: DictSnoozes = field(default_factory=DictSnoozes)
    people: DictPeople = field(default_factory=DictPeople)
    last: DictLastDigests = field(default_factory=DictLastDigests)
    clock: FakeClock = field(default_factory=FakeClock)

    def __post_init__(self) -> None:
        self.digests = Digests(
            code_host=self.code_host,
            access=Access(code_host=self.code_host, grants=self.grants, clock=self.clock),
            snoozes=self.snoozes,
            last=self.last,
            mentions=Mentions(people=self.people, clock=self.clock),
            clock=self.clock,
        )

    async def post(self, *subscriptions: object) -> Digest:
        mine = subscriptions or (STATS,)
        digest = await self.digests.make_regular(mine, CHANNEL)  # type: ignore[arg-type]  # subscriptions
        assert digest is not None
        await self.digests.remember(mine, digest)  # type: ignore[arg-type]  # the same
        return digest


async def test_the_first_digest_has_no_news() -> None:
    desk = Desk()
    desk.code_host.entries.append(an_entry(1))

    assert (await desk.post()).news is None


async def test_the_next_says_what_is_new_what_moved_and_what_is_gone() -> None:
    desk = Desk()
    desk.code_host.entries += [an_entry(1), an_entry(2), an_entry(3), an_entry(4)]
    await desk.post()
    desk.code_host.entries[:] = [an_entry(1), an_entry(2, decision=Decision.APPROVED), an_entry(5)]
    desk.code_host.ends = {a_ref("octo/stats#3"): Fate.MERGED}

    news = (await desk.post()).news

    assert news is not None
    assert news.since == NOON
    assert news.opened == {a_ref("octo/stats#5")}
    assert news.moved == {a_ref("octo/stats#2")}
    assert news.gone == {a_ref("octo/stats#3"): Fate.MERGED, a_ref("octo/stats#4"): Fate.UNKNOWN}


async def test_what_only_a_new_subscription_lists_is_nothing_new() -> None:
    desk = Desk()
    desk.code_host.entries += [an_entry(1), an_entry(7, ref=a_ref("octo/web#7"))]
    await desk.post(STATS)

    news = (await desk.post(STATS, ALL)).news

    assert news is not None
    assert (news.opened, news.gone) == (frozenset(), {})


async def test_what_does_not_fit_any_more_is_not_gone() -> None:
    desk = Desk()
    only = a_subscription("octo/stats", id="only", filters=parse_filters(["label:urgent"]))
    desk.code_host.entries.append(an_entry(1, labels=("urgent",)))
    await desk.post(only)
    desk.code_host.entries[:] = [an_entry(1)]

    news = (await desk.post(only)).news

    assert news is not None
    assert news.gone == {}


async def test_a_label_that_is_added_later_counts() -> None:
    desk = Desk()
    only = a_subscription("octo/stats", id="only", filters=parse_filters(["label:urgent"]))
    desk.code_host.entries.append(an_entry(1))
    assert (await desk.post(only)).entries == ()
    desk.code_host.entries[:] = [an_entry(1, labels=("urgent",))]

    digest = await desk.post(only)

    assert [entry.ref.number for entry in digest.entries] == [1]
    assert digest.news is not None
    assert digest.news.opened == {a_ref("octo/stats#1")}


async def test_a_snoozed_channel_gets_none_and_a_snoozed_repository_is_left_out() -> None:
    desk = Desk()
    desk.code_host.entries += [an_entry(1), an_entry(7, ref=a_ref("octo/web#7"))]
    until = NOON + timedelta(hours=1)
    await desk.snoozes.save(Snooze(channel="slack:T1/C1", what=a_pattern("octo/web"), until=until, by="ada"))

    digest = await desk.post(ALL)
    await desk.snoozes.save(Snooze(channel="slack:T1/C1", what=None, until=until, by="ada"))
    none = await desk.digests.make_regular([ALL], CHANNEL)
    desk.clock.advance(3600)
    again = await desk.digests.make_regular([ALL], CHANNEL)

    assert ([entry.ref.number for entry in digest.entries], digest.left.snoozed) == ([1], 1)
    assert none is None
    assert again is not None
    assert len(again.entries) == 2


async def test_what_the_channel_may_not_see_is_as_if_it_were_not_there() -> None:
    desk = Desk()
    desk.code_host.entries.append(an_entry(7, ref=a_ref("octo/secret#7")))

    hidden = await desk.post(ALL)
    await desk.grants.allow("slack:T1/C1", "octo/secret", by="root", at=NOON)
    shown = await desk.post(ALL)

    assert (hidden.entries, hidden.unread, hidden.left.filtered) == ((), (), 0)
    assert [str(entry.ref) for entry in shown.entries] == ["octo/secret#7"]


async def test_a_repository_that_turned_private_is_refused_beside_those_that_are_seen() -> None:
    desk = Desk()
    desk.code_host.entries.append(an_entry(1))
    web = a_subscription("octo/web", id="web")
    desk.code_host.repositories["octo/web"] = True

    digest = await desk.post(STATS, web)

    assert [(str(pattern), "may not see it" in str(why)) for pattern, why in digest.unread] == [("octo/web", True)]
    with pytest.raises(NotAllowed):
        await desk.post(web)


async def test_who_was_given_a_repository_hears_why_it_cannot_be_read() -> None:
    desk = Desk()
    gone = a_subscription("octo/gone", id="gone")
    await desk.grants.allow("slack:T1/C1", "octo/gone", by="root", at=NOON)

    digest = await desk.post(STATS, gone)

    assert [str(why) for _, why in digest.unread] == ["octo/gone was not found."]


async def test_those_are_mentioned_who_said_who_they_are() -> None:
    desk = Desk()
    desk.people.said = {"slack:T1/U1": "Ada", "slack:T2/U2": "bob", "slack:T1/U3": ""}

    assert (await desk.post()).people == {"ada": "slack:T1/U1"}
