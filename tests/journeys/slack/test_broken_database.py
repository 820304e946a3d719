"""A database that cannot be written in the middle of it: people get what was asked for, or a sentence."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing

from bot.config import Settings
from tests.journeys.slack.setting import (
    FINDING,
    Program,
    SlowModel,
    TalkingModel,
    answers,
    nothing_more,
    reviewed,
    reviews,
)
from tests.standins.slack import StandInSlack

ANSWER = "The mean of an empty list divides by zero."


@asynccontextmanager
async def unwritable(settings: Settings) -> AsyncIterator[None]:
    """Let every write fail at once until the end of the block, as on a full disk."""
    await asyncio.to_thread(execute, settings, "CREATE TRIGGER {name} BEFORE {what} ON {table} {then}")
    try:
        yield
    finally:
        await asyncio.to_thread(execute, settings, "DROP TRIGGER {name}")


def execute(settings: Settings, statement: str) -> None:
    """Execute a statement for every way to write; not on the event loop, where the program may hold the lock."""
    then = "BEGIN SELECT RAISE(FAIL, 'disk is full'); END"
    with closing(sqlite3.connect(settings.memory.database, isolation_level=None)) as connection:
        for table in ("jobs", "reviews", "turns", "dismissals"):
            for what in ("INSERT", "UPDATE"):
                name = f"no_{what}_{table}"
                connection.execute(statement.format(name=name, what=what, table=table, then=then))


async def test_a_review_is_shown_though_it_cannot_be_remembered(
    program: Program, slack: StandInSlack, settings: Settings, link: str
) -> None:
    program.model = model = SlowModel()
    async with program.serving():
        ts = await slack.post("C1", "U1", link)
        await model.begun.wait()
        async with unwritable(settings):
            model.free.set()
            await slack.until(lambda: len(slack.thread("C1", ts)) == 2)

    review, note = slack.thread("C1", ts)
    assert FINDING in review.seen, "in place of the progress message"
    assert "This review will not be remembered" in note.seen


async def test_an_answer_is_given_though_it_cannot_be_remembered(
    program: Program, slack: StandInSlack, settings: Settings, link: str
) -> None:
    program.model = model = TalkingModel(ANSWER)
    async with program.serving():
        review = await reviewed(slack, link)
        await slack.post("C1", "U2", "what about an empty list?", thread_ts=review.thread_ts)
        await slack.until(lambda: slack.of("chat.startStream"))
        async with unwritable(settings):
            model.go_on.set()
            (answer,) = await slack.until(lambda: answers(slack, "C1", review.thread_ts))
            await slack.settled()

    assert answer.seen.startswith(ANSWER)


async def test_an_event_that_cannot_be_taken_is_left_to_slack_to_send_again(
    program: Program, slack: StandInSlack, settings: Settings, link: str
) -> None:
    slack.socket.ack_seconds, slack.socket.minute = 0.2, 1.0
    async with program.serving():
        async with unwritable(settings):
            ts = await slack.post("C1", "U1", link)
            await slack.until(lambda: len(slack.socket.deliveries[0].attempts) == 2)
        await slack.until(lambda: reviews(slack))

    assert len(slack.thread("C1", ts)) == 1


async def test_a_command_and_a_button_that_cannot_be_taken_are_apologised_for(
    program: Program, slack: StandInSlack, settings: Settings, link: str
) -> None:
    async with program.serving():
        review = await reviewed(slack, link)
        await nothing_more(slack, "UADMIN")
        async with unwritable(settings):
            slack.command("C1", "U2", "octo/hello.world#12")
            await slack.until(lambda: len(slack.whispered("U2")) == 1)
            slack.press("U2", review, "dismiss")
            await slack.until(lambda: len(slack.whispered("U2")) == 2)

    assert all("I did not begin. Please try again later." in told for told in slack.whispered("U2"))
    assert slack.by_bot("C1") == [review]
