"""Statistics on Slack: asked for, and weekly, once, whatever restarts in between."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.doubles.clock import FakeClock
from tests.journeys.slack.setting import Program, asked, nothing_more
from tests.standins.github import StandInGitHub, StandInPull
from tests.standins.slack import Message, StandInSlack

REPOSITORY = "octo/hello.world"
WEDNESDAY = datetime(2026, 1, 7, 12, tzinfo=UTC)


def pictures(slack: StandInSlack, channel: str = "C1") -> list[Message]:
    return [message for message in slack.by_bot(channel) if message.image]


async def test_statistics_are_a_picture_in_the_channel_with_its_figures_in_words(
    program: Program, slack: StandInSlack, github: StandInGitHub
) -> None:
    program.clock = FakeClock(WEDNESDAY)
    github.open_pull_request(
        number=13,
        state="closed",
        merged=True,
        closed="2026-01-06T10:00:00Z",
        reviews=(("eve", "2026-01-05T16:00:00Z"),),
    )
    async with program.serving():
        slack.command("C1", "U1", f"stats {REPOSITORY} 2")
        (picture,) = await slack.until(lambda: pictures(slack))

    assert picture.image.startswith(b"\x89PNG")
    assert picture.file_name == "Pull requests of octo/hello.world, 2 weeks from 2025-12-29"
    assert "All in all: 2 opened, 1 merged, 0 closed without a merge." in picture.text
    assert "Until the first review by another person: half in 6 h, 90% in 6 h." in picture.text
    assert picture.alt.startswith("Pull requests of octo/hello.world")


async def test_where_files_are_refused_statistics_come_in_words(
    program: Program, slack: StandInSlack, github: StandInGitHub
) -> None:
    slack.expected = {"files.getUploadURLExternal: missing_scope"}
    slack.scopes = tuple(scope for scope in slack.scopes if scope != "files:write")
    program.clock = FakeClock(WEDNESDAY)
    async with program.serving():
        ts = await slack.post("C1", "U1", f"@parley stats {REPOSITORY} 1")
        (message,) = await slack.until(lambda: slack.thread("C1", ts))

    assert "All in all: 1 opened, 0 merged, 0 closed without a merge." in message.seen


async def test_a_repository_that_the_channel_may_not_see_has_no_statistics(
    program: Program, slack: StandInSlack, github: StandInGitHub
) -> None:
    github.served.add("octo/secret", StandInPull(number=1), private=True)
    async with program.serving():
        hidden = await asked(slack, "stats octo/secret")
        missing = await asked(slack, "stats octo/secreT2")

    assert hidden.replace("secret", "x") == missing.replace("secreT2", "x")
    assert pictures(slack) == []


async def test_weekly_statistics_come_once_across_restarts(
    program: Program, slack: StandInSlack, github: StandInGitHub
) -> None:
    program.clock = clock = FakeClock(WEDNESDAY)
    async with program.serving():
        said = await asked(slack, f"subscribe {REPOSITORY} weekly stats at 9:00")
        await nothing_more(slack)
    assert "Subscribed: octo/hello.world, weekly stats, mon at 09:00 (UTC)." in said
    assert "The next one comes on 2026-01-12 09:00." in said
    assert pictures(slack) == []

    clock.moment = datetime(2026, 1, 12, 9, 1, tzinfo=UTC)
    async with program.serving():
        await slack.until(lambda: pictures(slack))
        await nothing_more(slack)
    clock.moment = datetime(2026, 1, 12, 9, 5, tzinfo=UTC)
    async with program.serving():
        await nothing_more(slack)

    assert len(pictures(slack)) == 1
    assert "late" not in pictures(slack)[0].text
