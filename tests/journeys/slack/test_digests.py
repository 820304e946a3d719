"""Digests come to channels at their time, once, late where nobody ran, and say what is different."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.config import DigestSettings
from tests.doubles.clock import FakeClock
from tests.journeys.slack.setting import Program, asked
from tests.standins.github import StandInGitHub, StandInPull
from tests.standins.slack import Message, StandInSlack

MORNING = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)


@pytest.fixture
def clock(program: Program) -> FakeClock:
    program.clock = clock = FakeClock(MORNING)
    return clock


def digests(slack: StandInSlack) -> list[Message]:
    return [message for message in slack.by_bot("C1") if "hello.world" in message.seen and "open" in message.seen]


async def test_a_digest_comes_once_and_the_next_says_what_is_different(
    program: Program, slack: StandInSlack, github: StandInGitHub, clock: FakeClock
) -> None:
    async with program.serving():
        await asked(slack, "subscribe octo/hello.world daily at 09:30")
        await program.at_rest()
    for hours in (1, 0, 24):
        clock.advance(hours * 3600)
        if hours == 24:
            github.served.pulls[12].state, github.served.pulls[12].merged = "closed", True
            github.open_pull_request(number=13, title="Another")
        expected = 2 if hours == 24 else 1
        async with program.serving():
            await slack.until(lambda wanted=expected: len(digests(slack)) >= wanted)  # type: ignore[misc]  # bound now
            await program.at_rest()

    first, second = digests(slack)
    assert "late: I was not running then" in first.seen
    assert "Compute the total first #12" in first.seen
    assert "Since 2026-03-04: 1 new, 1 merged (#12)." in second.seen
    assert "Another #13 · new · by ada" in second.seen


async def test_who_must_act_and_wants_it_is_mentioned(
    program: Program, slack: StandInSlack, github: StandInGitHub, clock: FakeClock
) -> None:
    github.served.pulls[12].requested, github.served.pulls[12].updated = ("Ada-L", "hubot"), "2026-03-03T10:00:00Z"
    async with program.serving():
        await asked(slack, "i am @ada-l", user="U2")
        await asked(slack, "subscribe octo/hello.world daily at 09:30")
        slack.command("C1", "U2", "digest octo/hello.world")
        (now,) = await slack.until(lambda: digests(slack))
        await program.at_rest()
    clock.advance(3600)
    async with program.serving():
        await slack.until(lambda: len(digests(slack)) == 2)

    digest = digests(slack)[1]
    assert "user_id" not in str(now.blocks), "who asks now pings nobody"
    assert str(digest.blocks).count("'user_id': 'U2'") == 1
    slack.messages.remove(digest)  # the ping that was asked for is no mistake


async def test_filters_bots_and_snoozes_are_kept_over_a_restart(
    program: Program, slack: StandInSlack, github: StandInGitHub, clock: FakeClock
) -> None:
    github.served.add(
        "octo/stats",
        StandInPull(number=1, title="Urgent one", labels=("urgent",)),
        StandInPull(number=2, title="Quiet one", labels=("urgent",)),
        StandInPull(number=3, title="Bot one", labels=("urgent",), bot=True),
        StandInPull(number=4, title="Other one", labels=()),
    )
    async with program.serving():
        await asked(slack, "subscribe octo/stats daily at 09:30 label:urgent")
        await asked(slack, "snooze octo/stats#2 1w")
        listed = await asked(slack, "list")
    clock.advance(1800)
    async with program.serving():
        await slack.until(lambda: slack.by_bot("C1"))

    (digest,) = slack.by_bot("C1")
    assert "1. octo/stats, daily at 09:30 (UTC), only label:urgent" in listed
    assert "Urgent one #1" in digest.seen
    assert "late" not in digest.seen
    assert all(title not in digest.seen for title in ("Quiet one", "Bot one", "Other one"))
    assert "1 by a bot is not shown" in digest.seen
    assert "1 is snoozed." in digest.seen


async def test_nothing_comes_on_a_holiday(
    program: Program, slack: StandInSlack, github: StandInGitHub, clock: FakeClock
) -> None:
    clock.moment = datetime(2026, 12, 24, 9, 0, tzinfo=UTC)
    program.settings = program.settings.model_copy(update={"digest": DigestSettings(holidays="DE")})
    async with program.serving():
        said = await asked(slack, "subscribe octo/hello.world daily at 09:30")
    clock.moment += timedelta(days=1, hours=1)
    async with program.serving():
        await asked(slack, "status")
    assert slack.by_bot("C1") == []

    clock.moment += timedelta(days=2)
    async with program.serving():
        await slack.until(lambda: digests(slack))

    assert "The next one comes on 2026-12-24 09:30." in said
    assert len(digests(slack)) == 1


async def test_all_of_an_owner_shows_what_the_channel_may_see(
    program: Program, slack: StandInSlack, github: StandInGitHub
) -> None:
    github.served.add("acme/web", StandInPull(number=1, title="Public one"))
    github.served.add("acme/vault", StandInPull(number=2, title="Secret one"), private=True)
    async with program.serving():
        await asked(slack, "subscribe acme/*")
        slack.command("C1", "U1", "digest")
        (before,) = await slack.until(lambda: slack.by_bot("C1"))
        await asked(slack, "allow acme/vault", user="UADMIN")
        slack.command("C1", "U1", "digest")
        await slack.until(lambda: len(slack.by_bot("C1")) == 2)
        wrong = await asked(slack, "subscribe acme/wbe")

    assert "Public one" in before.seen
    assert "ecret" not in before.seen
    assert "Secret one" in slack.by_bot("C1")[1].seen
    assert "Did you mean acme/web?" in wrong
