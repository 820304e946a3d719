"""Statistics of what a channel may see, now and weekly; what is hidden sounds like what is missing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest

from bot.domain.access import Audience
from bot.domain.change import RepositoryRef
from bot.domain.command import StatsCommand
from bot.domain.errors import AccessRefused, CodeHostUnavailable, ConfigInvalid, NotAllowed
from bot.domain.filter_words import parse_filters
from bot.domain.history import History
from bot.domain.picture import Picture
from bot.domain.sentence import say
from bot.domain.subscription import Day, Kind, Snooze, Subscription
from bot.service.access import Access
from bot.service.statistics import Statistics
from bot.service.subscriptions.suggestions import Suggestions
from tests.builders import NOON, a_course, a_pattern, a_ref, a_subscription
from tests.doubles.charts import ListedCharts
from tests.doubles.chat import TranscriptChat
from tests.doubles.clock import FakeClock
from tests.doubles.code_host import FixedCodeHost
from tests.doubles.grants import DictGrants
from tests.doubles.memory import DictMemory
from tests.doubles.snoozes import DictSnoozes
from tests.doubles.subscriptions import DictSubscriptions

CHANNEL = Audience(channel="slack:T1/C1", person="slack:T1/U1")
STATS = RepositoryRef(owner="octo", name="stats")


@dataclass(kw_only=True)
class Office:
    """octo/stats is public, octo/secret is not."""

    code_host: FixedCodeHost = field(
        default_factory=lambda: FixedCodeHost(repositories={"octo/stats": False, "octo/secret": True})
    )
    grants: DictGrants = field(default_factory=DictGrants)
    snoozes: DictSnoozes = field(default_factory=DictSnoozes)
    charts: ListedCharts = field(default_factory=ListedCharts)
    clock: FakeClock = field(default_factory=FakeClock)
    timezone: str = "UTC"

    def __post_init__(self) -> None:
        access = Access(code_host=self.code_host, grants=self.grants, clock=self.clock)
        self.statistics = Statistics(
            code_host=self.code_host,
            access=access,
            snoozes=self.snoozes,
            suggestions=Suggestions(
                code_host=self.code_host, access=access, memory=DictMemory(), subscriptions=DictSubscriptions()
            ),
            charts=self.charts,
            clock=self.clock,
            timezone=self.timezone,
        )

    async def make(self, name: str = "octo/stats", **fields: Any) -> Picture:
        owner, _, repository = name.partition("/")
        command = StatsCommand(repository=RepositoryRef(owner=owner, name=repository), **fields)
        return await self.statistics.make(command, CHANNEL, timezone=self.timezone)


def weekly(**fields: Any) -> Subscription:
    return a_subscription(kind=Kind.STATS, days=(Day.MONDAY,), **fields)


async def test_it_is_of_as_many_weeks_as_were_asked_for_in_the_zone_of_the_configuration() -> None:
    office = Office(timezone="Pacific/Auckland")
    office.code_host.courses = [a_course(1), a_course(2, opened=NOON - timedelta(days=300))]

    await office.make(weeks=3)

    (drawn,) = office.charts.drawn
    assert [week.start for week in drawn.weeks] == [date(2026, 2, 16), date(2026, 2, 23), date(2026, 3, 2)]
    assert [week.opened for week in drawn.weeks] == [0, 0, 1]
    assert drawn.open == 2


async def test_programs_count_where_they_are_asked_for() -> None:
    office = Office()
    office.code_host.courses = [a_course(1, bot=True)]

    await office.make()
    await office.make(bots=True)

    assert [(stats.open, stats.bots) for stats in office.charts.drawn] == [(0, 1), (1, 0)]


async def test_what_is_hidden_and_what_is_missing_sound_the_same() -> None:
    office = Office()

    refusals = []
    for name in ("secret", "nothing"):
        with pytest.raises(NotAllowed) as caught:
            await office.make(f"octo/{name}")
        refusals.append(str(caught.value.sentence).replace(name, "x"))

    assert refusals[0] == refusals[1]
    assert office.charts.drawn == []


async def test_what_the_token_may_not_see_sounds_the_same_too() -> None:
    office = Office()
    with pytest.raises(NotAllowed) as missing:
        await office.make("octo/nothing")
    office.code_host.failure = AccessRefused(say("The organisation wants single sign-on."))
    with pytest.raises(NotAllowed) as refused:
        await office.make("octo/nothing")

    assert str(refused.value.sentence) == str(missing.value.sentence)


async def test_who_was_given_a_repository_sees_it_and_hears_why_not() -> None:
    office = Office()
    await office.grants.allow(CHANNEL.channel, "octo/*", by="x", at=NOON)

    await office.make("octo/secret")
    with pytest.raises(NotAllowed, match="octo/nothing was not found"):
        await office.make("octo/nothing")

    assert len(office.charts.drawn) == 1


async def test_a_repository_that_was_renamed_counts_as_what_it_is_now() -> None:
    office = Office()

    class Renamed(FixedCodeHost):
        async def history(self, repository: RepositoryRef, since: Any) -> History:
            return await super().history(RepositoryRef(owner="octo", name="secret"), since)

    office = Office(code_host=Renamed(repositories=office.code_host.repositories))

    with pytest.raises(NotAllowed, match="cannot show octo/stats here"):
        await office.make("octo/stats")


@pytest.mark.parametrize(
    "failure", [ConfigInvalid(say("Statistics need a token.")), CodeHostUnavailable(say("GitHub cannot be reached."))]
)
async def test_what_is_no_answer_of_the_code_host_is_said_as_it_is(failure: Any) -> None:
    office = Office()
    office.code_host.failure = failure

    with pytest.raises(type(failure)):
        await office.make()


async def test_somebody_who_asks_gets_a_picture_or_what_they_may_have_meant() -> None:
    office, chat = Office(), TranscriptChat(local=False)

    await office.statistics.handle(StatsCommand(repository=STATS), chat)
    with pytest.raises(NotAllowed, match="Did you mean octo/stats"):
        await office.statistics.handle(StatsCommand(repository=RepositoryRef(owner="octo", name="stat")), chat)

    (entry,) = chat.kinds("picture")
    assert isinstance(entry.what, Picture)
    assert str(entry.what.title) == "Pull requests of octo/stats, 8 weeks from 2026-01-12"


async def test_weekly_ones_are_of_the_zone_and_the_filters_of_their_subscription() -> None:
    office = Office()
    office.clock.moment = NOON.replace(day=1, hour=12)  # Sunday, in Auckland already Monday
    office.code_host.courses = [a_course(1, bot=True, opened=office.clock.now() - timedelta(days=9))]

    await office.statistics.make_regular(
        weekly(timezone="Pacific/Auckland", filters=parse_filters(["bots:yes"])), CHANNEL
    )

    (drawn,) = office.charts.drawn
    assert (drawn.weeks[-1].start, len(drawn.weeks), drawn.open) == (date(2026, 3, 2), 8, 1)


@pytest.mark.parametrize(
    ("what", "quiet"),
    [
        (None, True),
        (a_pattern("Octo/Stats"), True),
        (a_pattern("octo/*"), True),
        (a_pattern("octo/web"), False),
        (a_ref("octo/stats#12"), False),
    ],
)
async def test_nothing_comes_of_what_is_snoozed(what: Any, quiet: bool) -> None:
    office = Office()
    await office.snoozes.save(
        Snooze(channel=CHANNEL.channel, what=what, until=NOON + timedelta(days=1), by=CHANNEL.person)
    )

    picture = await office.statistics.make_regular(weekly(), CHANNEL)

    assert (picture is None) is quiet
