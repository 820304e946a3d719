"""A channel subscribes to digests, changes and ends that, is quiet for a while, and sees only what it may."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from bot.domain.access import Audience
from bot.domain.command import (
    Command,
    DigestCommand,
    IdentifyCommand,
    ListCommand,
    SubscribeCommand,
    UnsubscribeCommand,
)
from bot.domain.digest import Digest
from bot.domain.errors import NotAllowed, UserError
from bot.domain.grammar import Heard, parse
from bot.domain.schedule import Free
from bot.domain.subscription import DAILY, WEEKDAYS, Day, Kind
from bot.service.subscriptions.desk import MOST
from tests.builders import a_pattern, a_ref, an_entry
from tests.doubles.chat import TranscriptChat
from tests.doubles.code_host import FixedCodeHost
from tests.service.subscriptions.office import Office

STATS = a_pattern("octo/stats")


def said(text: str) -> Command:
    command = parse(text, web_url="https://github.com", heard=Heard.SLASH)
    assert command is not None
    return command


async def test_a_subscription_takes_what_is_not_said_from_the_configuration() -> None:
    office = Office()

    await office.hand(said("subscribe octo/stats"))

    (kept,) = await office.desk.of(("console",))
    assert (kept.days, kept.at, kept.timezone) == (WEEKDAYS, time(9), "UTC")
    assert office.said == [
        "Subscribed: octo/stats, on weekdays at 09:00 (UTC). The next one comes on 2026-03-05 09:00."
    ]
    assert office.changes == 1


async def test_only_what_is_said_of_a_subscription_is_changed() -> None:
    office = Office()
    await office.hand(said("subscribe octo/stats daily at 8:00 label:bug bots:yes"))

    await office.hand(said("subscribe OCTO/stats at 10:00 label:urgent"))

    (kept,) = await office.desk.of(("console",))
    assert (kept.days, kept.at, str(kept.filters)) == (DAILY, time(10), "bots:yes label:urgent")
    assert office.said[1].startswith("Changed: OCTO/stats, daily at 10:00 (UTC), only `bots:yes label:urgent`.")


async def test_a_second_schedule_of_the_same_repository_is_kept_beside_the_first() -> None:
    office = Office()
    await office.hand(said("subscribe octo/stats"))
    office.clock.advance(1)

    await office.hand(said("subscribe octo/stats also fri at 16:00 label:urgent"))
    await office.hand(said("list"))
    with pytest.raises(UserError, match="several of octo/stats: 1, 2"):
        await office.hand(said("subscribe octo/stats at 11:00"))
    await office.hand(said("unsubscribe 2"))

    assert office.said[2] == (
        "1. octo/stats, on weekdays at 09:00 (UTC)\n2. octo/stats, fri at 16:00 (UTC), only `label:urgent`"
    )
    assert [one.days for one in await office.desk.of(("console",))] == [WEEKDAYS]


async def test_statistics_come_beside_the_digest_of_the_same_repository() -> None:
    office = Office()

    for words in (
        "subscribe octo/stats daily label:bug",
        "subscribe octo/stats weekly stats",
        "subscribe octo/stats weekly stats at 8:00",
        "subscribe octo/stats at 10:00",
        "list",
    ):
        await office.hand(said(words))
        office.clock.advance(1)

    assert office.said[1:] == [
        "Subscribed: octo/stats, weekly stats, mon at 09:00 (UTC). The next one comes on 2026-03-09 09:00.",
        "Changed: octo/stats, weekly stats, mon at 08:00 (UTC). The next one comes on 2026-03-09 08:00.",
        "Changed: octo/stats, daily at 10:00 (UTC), only `label:bug`. The next one comes on 2026-03-05 10:00.",
        "1. octo/stats, weekly stats, mon at 08:00 (UTC)\n2. octo/stats, daily at 10:00 (UTC), only `label:bug`",
    ]


async def test_a_number_ends_one_and_a_name_ends_all_of_a_repository() -> None:
    office = Office()
    both = ("subscribe octo/stats", "subscribe octo/stats stats fri tz Asia/Tokyo")

    for words in (*both, "unsubscribe 2", both[1], "unsubscribe octo/stats", "list"):
        await office.hand(said(words))
        office.clock.advance(1)

    assert office.said[2] == "No more weekly stats of octo/stats here."
    assert office.said[4:] == [
        "No more digests of octo/stats here.\nNo more weekly stats of octo/stats here.",
        "This channel has no subscriptions. `subscribe owner/name` makes one.",
    ]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("subscribe octo/* weekly stats", "Statistics are of one repository, not of octo/*."),
        ("subscribe octo/stats weekly stats daily", "name one day"),
        ("subscribe octo/stats weekly stats mon,thu", "name one day"),
        ("subscribe octo/stats weekly stats label:bug", "`label:bug` is for digests"),
        ("subscribe octo/secret weekly stats", "I cannot show octo/secret here"),
    ],
)
async def test_what_statistics_cannot_be_is_refused(words: str, why: str) -> None:
    office = Office()

    with pytest.raises(UserError) as caught:
        await office.hand(said(words))

    assert why in str(caught.value.sentence)
    assert await office.desk.of(("console",)) == []


async def test_a_form_leaves_statistics_what_they_are() -> None:
    office = Office()
    (before,) = await office.desk.subscribe(SubscribeCommand(patterns=(STATS,), kind=Kind.STATS), office.audience)
    changed = SubscribeCommand(patterns=(STATS,), days=(Day.FRIDAY,), replaces=before.id)

    (after,) = await office.desk.subscribe(changed, office.audience)
    with pytest.raises(UserError, match="name one day"):
        await office.desk.subscribe(replace(changed, days=WEEKDAYS), office.audience)

    assert (after.id, after.kind, after.days) == (before.id, Kind.STATS, (Day.FRIDAY,))


async def test_a_digest_now_is_not_of_what_is_subscribed_for_its_statistics() -> None:
    office = Office()
    await office.hand(said("subscribe octo/web weekly stats"))
    with pytest.raises(UserError, match="Which repository"):
        await office.hand(said("digest"))
    await office.hand(said("subscribe octo/stats"))

    await office.hand(said("digest"))

    assert [str(pattern) for pattern in office.digests[0].patterns] == ["octo/stats"]


async def test_several_repositories_are_subscribed_in_one_go_or_not_at_all() -> None:
    office = Office()

    with pytest.raises(NotAllowed):
        await office.hand(said("subscribe octo/stats octo/secret"))
    assert await office.desk.of(("console",)) == []

    await office.hand(said("subscribe octo/stats octo/web daily"))

    assert [str(one.pattern) for one in await office.desk.of(("console",))] == ["octo/stats", "octo/web"]


async def test_what_a_form_says_replaces_a_subscription_as_a_whole() -> None:
    office = Office()
    (before,) = await office.desk.subscribe(
        SubscribeCommand(patterns=(STATS,), days=DAILY, filters=said_filters("label:bug")), office.audience
    )

    (after,) = await office.desk.subscribe(
        SubscribeCommand(patterns=(a_pattern("octo/web"),), days=(Day.MONDAY,), replaces=before.id), office.audience
    )

    assert (after.id, str(after.pattern), after.days, after.filters.terms) == (before.id, "octo/web", (Day.MONDAY,), ())
    assert len(await office.desk.of(("console",))) == 1


def said_filters(text: str) -> Any:
    command = said(f"digest octo/stats {text}")
    assert isinstance(command, DigestCommand)
    return command.filters


async def test_all_of_an_owner_is_what_the_channel_may_see_of_it() -> None:
    office = Office()
    office.code_host.entries += [an_entry(1), an_entry(2, ref=a_ref("octo/secret#2"))]
    await office.hand(said("subscribe octo/*"))

    await office.hand(DigestCommand())

    (digest,) = office.digests
    assert [str(entry.ref) for entry in digest.entries] == ["octo/stats#1"]
    assert digest.unread == ()
    assert "secret" not in str(digest)


async def test_an_owner_of_whom_the_channel_sees_nothing_is_refused_as_a_missing_one() -> None:
    office = Office(code_host=FixedCodeHost(repositories={"acme/secret": True, "octo/stats": False}))

    refusals = []
    for owner in ("acme", "nobody"):
        with pytest.raises(NotAllowed) as caught:
            await office.hand(said(f"subscribe {owner}/*"))
        refusals.append(str(caught.value.sentence).replace(owner, "x"))

    assert refusals[0] == refusals[1]


async def test_a_repository_that_the_channel_may_not_see_is_refused_as_a_missing_one() -> None:
    office = Office()

    refusals = []
    for name in ("secret", "nothing"):
        with pytest.raises(NotAllowed) as caught:
            await office.hand(said(f"subscribe octo/{name}"))
        refusals.append(str(caught.value.sentence).replace(name, "x"))

    assert refusals[0] == refusals[1]


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("subscribe octo/stat", "octo/stats"),
        ("digest octo/statss", "octo/stats"),
        ("subscribe otco/reviewed", "octo/reviewed"),
    ],
)
async def test_a_slip_is_answered_with_what_the_channel_may_see(words: str, meant: str) -> None:
    office = Office()
    office.code_host.repositories |= {"octo/reviewed": False}
    await office.remember("octo/reviewed#3")

    with pytest.raises(NotAllowed, match=f"Did you mean {meant}"):
        await office.hand(said(words))


async def test_what_is_hidden_is_never_suggested_nor_asked_about_differently() -> None:
    office = Office(code_host=FixedCodeHost(repositories={"octo/secret": True}))
    await office.remember("octo/secret#3", private=True)

    with pytest.raises(NotAllowed) as caught:
        await office.hand(said("subscribe octo/secrte"))

    assert "secret" not in str(caught.value.sentence)


async def test_on_a_terminal_nothing_is_posted_later() -> None:
    office = Office(chat=TranscriptChat(local=True))

    for words in ("subscribe octo/stats", "snooze 3d", "i am @ada"):
        with pytest.raises(UserError, match="here `digest owner/name` shows one"):
            await office.hand(said(words))


async def test_a_channel_has_no_more_than_so_many() -> None:
    office = Office(code_host=FixedCodeHost(repositories={f"octo/r{number}": False for number in range(MOST + 1)}))
    patterns = tuple(a_pattern(f"octo/r{number}") for number in range(MOST))
    await office.desk.subscribe(SubscribeCommand(patterns=patterns), office.audience)

    with pytest.raises(UserError, match="end one first"):
        await office.hand(said(f"subscribe octo/r{MOST}"))
    await office.hand(said("subscribe octo/r0 daily"))


async def test_what_is_listed_ends_when_it_is_unsubscribed() -> None:
    office = Office()
    await office.hand(said("subscribe octo/stats tz Europe/Berlin"))

    for command in (
        ListCommand(),
        UnsubscribeCommand(pattern=a_pattern("Octo/Stats")),
        UnsubscribeCommand(pattern=STATS),
        UnsubscribeCommand(number=1),
        ListCommand(),
    ):
        await office.hand(command)

    assert office.said[1:] == [
        "1. octo/stats, on weekdays at 09:00 (Europe/Berlin)",
        "No more digests of Octo/Stats here.",
        "This channel has no subscription of octo/stats; `list` shows what it has.",
        "This channel has no subscription of 1.; `list` shows what it has.",
        "This channel has no subscriptions. `subscribe owner/name` makes one.",
    ]


async def test_a_digest_now_is_of_what_is_named_or_subscribed() -> None:
    office = Office()
    office.code_host.entries += [an_entry(12), an_entry(13, labels=("urgent",))]
    with pytest.raises(UserError, match="Which repository"):
        await office.hand(DigestCommand())
    await office.hand(said("subscribe octo/stats label:urgent"))

    await office.hand(said("digest"))
    await office.hand(said("digest label:*"))
    await office.hand(said("digest octo/stats octo/secret"))

    assert [[entry.ref.number for entry in digest.entries] for digest in office.digests] == [[13], [12, 13], [12, 13]]
    assert [str(pattern) for pattern, _ in office.digests[2].unread] == ["octo/secret"]
    assert "does not exist, or this channel may not see it" in str(office.digests[2].unread[0][1])


async def test_an_empty_digest_that_somebody_asked_for_is_shown() -> None:
    office = Office()

    await office.hand(said("digest octo/stats"))

    assert [digest.entries for digest in office.digests] == [()]


async def test_a_digest_of_nothing_but_refused_repositories_is_refused() -> None:
    office = Office()

    with pytest.raises(NotAllowed):
        await office.hand(said("digest octo/secret"))
    with pytest.raises(NotAllowed):
        await office.hand(said("digest octo/secret octo/nothing"))


async def test_what_is_snoozed_is_listed_and_ends() -> None:
    office = Office()

    for words in ("snooze octo/stats 3d", "snooze 2h", "list", "snooze OCTO/stats off", "snooze off", "snooze off"):
        await office.hand(said(words))

    quiet = "I am quiet about octo/stats until 2026-03-07 12:00; `snooze octo/stats off` ends that."
    assert office.said == [
        quiet,
        "I am quiet in this channel until 2026-03-04 14:00; `snooze off` ends that.",
        f"I am quiet in this channel until 2026-03-04 14:00; `snooze off` ends that.\n{quiet}",
        "I speak again as before.",
        "I speak again as before.",
        "That was not snoozed here; `list` shows what is.",
    ]


async def test_what_somebody_asks_for_is_shown_though_it_is_snoozed() -> None:
    office = Office()
    office.code_host.entries.append(an_entry())
    await office.hand(said("snooze octo/stats 3d"))

    await office.hand(said("digest octo/stats"))

    assert len(office.digests[0].entries) == 1


async def test_a_person_says_who_they_are() -> None:
    office = Office()

    await office.hand(IdentifyCommand(login="ada"))

    assert office.people.said == {"test:mona": "ada"}
    assert "It gives you no rights" in office.said[0]


@pytest.mark.parametrize(
    ("free", "ends"),
    [
        (lambda day: day < datetime(2026, 3, 9, tzinfo=UTC).date(), "The next one comes on 2026-03-09 09:00."),
        (lambda _day: True, "There is no day on which one comes: look at holidays of [digest]."),
    ],
)
async def test_the_next_one_comes_when_nobody_has_a_day_off(free: Free, ends: str) -> None:
    office = Office(free=free)

    await office.hand(said("subscribe octo/stats"))

    assert office.said[0].endswith(ends)


async def test_a_channel_ends_its_own_subscriptions_only() -> None:
    office = Office()
    (mine,) = await office.desk.subscribe(SubscribeCommand(patterns=(STATS,)), office.audience)
    other = Audience(channel="elsewhere", person="test:eve")

    assert not await office.desk.unsubscribe(UnsubscribeCommand(id=mine.id), other)
    assert await office.desk.unsubscribe(UnsubscribeCommand(id=mine.id), office.audience)


async def test_a_digest_is_late_for_nobody_who_asks_now() -> None:
    office = Office()
    office.code_host.entries.append(an_entry(created=office.clock.now() - timedelta(days=9)))
    await office.hand(said("digest octo/stats"))

    digest = office.digests[0]
    assert isinstance(digest, Digest)
    assert (digest.due, digest.news, digest.people) == (None, None, {})
