"""Stopped in order or killed: what was asked for is answered once, in the message that stood there."""

from __future__ import annotations

import asyncio
import signal
import time

import pytest

from bot.config import Settings
from tests.doubles.language_model import ScriptedModel
from tests.journeys.slack.processes import environ_of, process, spawned
from tests.journeys.slack.setting import (
    Program,
    SlowModel,
    TalkingModel,
    answers,
    nothing_more,
    reviewed,
    reviews,
)
from tests.journeys.test_review_and_ask import answering
from tests.standins.slack import StandInSlack


async def test_a_review_that_is_interrupted_says_so_and_is_taken_up_again(
    program: Program, slack: StandInSlack, link: str
) -> None:
    program.model = slow = SlowModel()
    async with program.serving():
        ts = await slack.post("C1", "U1", link)
        await slow.begun.wait()
        began = time.monotonic()
    stopped = time.monotonic() - began
    (message,) = slack.thread("C1", ts)
    assert "interrupted" in message.seen
    assert stopped < 5

    program.model = ScriptedModel(script=answering)
    async with program.serving():
        await slack.until(lambda: reviews(slack))
        await nothing_more(slack)

    assert slack.thread("C1", ts) == [message], "the same message became the review"


async def test_an_answer_that_is_interrupted_is_given_after_the_restart(
    program: Program, slack: StandInSlack, link: str
) -> None:
    slack.expected = {"chat.update: streaming_state_conflict", "chat.stopStream: message_not_in_streaming_state"}
    program.model = TalkingModel("The mean of an empty list divides by zero.")
    async with program.serving():
        review = await reviewed(slack, link)
        await slack.post("C1", "U2", "what about an empty list?", thread_ts=review.thread_ts)
        await slack.until(lambda: slack.of("chat.startStream"))
    program.model = ScriptedModel(script=answering)
    async with program.serving():
        await slack.until(lambda: answers(slack, "C1", review.thread_ts))
        await nothing_more(slack)

    assert len(answers(slack, "C1", review.thread_ts)) == 1
    assert len(slack.thread("C1", review.thread_ts)) == 2, "the review and the answer"


async def test_a_review_that_was_made_but_not_shown_is_shown_without_making_it_again(
    program: Program, slack: StandInSlack, link: str
) -> None:
    async with program.serving():
        ts = await slack.post("C1", "U1", link)
        await slack.until(lambda: slack.thread("C1", ts))
        slack.storm("chat.update", 1000, retry_after=1)
        slack.storm("chat.postMessage", 1000, retry_after=1)
        await slack.until(lambda: [c for c in slack.calls if c.error and "Needs attention" in str(c.arguments)])
    slack.rates.storms.clear()
    asked = len(program.model.asked)
    async with program.serving():
        await slack.until(lambda: reviews(slack))
        await nothing_more(slack)

    assert len(program.model.asked) == asked
    assert len(slack.thread("C1", ts)) == 1


async def test_what_was_asked_while_nobody_served_is_answered_when_slack_sends_it_again(
    program: Program, slack: StandInSlack, link: str
) -> None:
    slack.socket.minute = 3.0
    async with program.serving():
        await reviewed(slack, link)
        await nothing_more(slack)
    ts = await slack.post("C2", "U1", link)
    async with program.serving():
        await slack.until(lambda: reviews(slack, "C2"))

    assert len(slack.thread("C2", ts)) == 1


async def test_a_process_that_is_killed_in_a_review_is_followed_by_one_that_ends_it(
    settings: Settings, slack: StandInSlack, link: str
) -> None:
    async with process(settings, slack, "stuck") as killed:
        ts = await slack.post("C1", "U1", link)
        await slack.until(lambda: [m for m in slack.thread("C1", ts) if "Reading" in m.seen], 30)
        killed.send_signal(signal.SIGKILL)
        await killed.wait()
    (progress,) = slack.thread("C1", ts)

    async with process(settings, slack, "answering"):
        await slack.until(lambda: reviews(slack), 30)
        await nothing_more(slack)

    assert slack.thread("C1", ts) == [progress], "the same message became the review"
    assert any("interrupted and goes on" in look for look in progress.looks)


async def test_what_a_killed_process_was_at_is_ended_by_the_one_beside_it(
    settings: Settings, slack: StandInSlack, link: str
) -> None:
    slack.socket.minute = 3.0
    async with process(settings, slack, "stuck") as killed:
        ts = await slack.post("C1", "U1", link)
        await slack.until(lambda: [m for m in slack.thread("C1", ts) if "Reading" in m.seen], 30)
        async with process(settings, slack, "answering"):
            for delivery in [one for one in slack.socket.deliveries if not one.own]:
                for _ in range(4):  # to either of them
                    slack.happen(delivery.event, event_id=delivery.payload["event_id"])
            await slack.settled()
            killed.send_signal(signal.SIGKILL)
            await killed.wait()
            await slack.until(lambda: reviews(slack), 40)
            await nothing_more(slack)

    used = {attempt.connection for delivery in slack.socket.deliveries for attempt in delivery.attempts}
    assert used == {1, 2}
    assert len(slack.by_bot()) == 1


@pytest.mark.parametrize("way", ["paste", "slash"])
async def test_a_process_that_is_killed_the_moment_its_message_appears_leaves_no_second_one(
    settings: Settings, slack: StandInSlack, link: str, way: str
) -> None:
    async with process(settings, slack, "stuck") as killed:
        if way == "paste":
            await slack.post("C1", "U1", link)
        else:
            slack.command("C1", "U1", "octo/hello.world#12")
        await slack.until(slack.by_bot, 30)
        killed.send_signal(signal.SIGKILL)
        await killed.wait()
    said = slack.by_bot()

    async with process(settings, slack, "answering"):
        await slack.until(lambda: reviews(slack), 30)
        await nothing_more(slack)

    expected = said if way == "paste" else [*said, *reviews(slack)]
    assert slack.by_bot() == expected, "nothing was said twice"


async def test_an_answer_that_is_killed_the_moment_it_appears_is_given_once(
    settings: Settings, slack: StandInSlack, link: str
) -> None:
    slack.expected = {"chat.update: streaming_state_conflict", "chat.stopStream: message_not_in_streaming_state"}
    async with process(settings, slack, "answering"):
        review = await reviewed(slack, link)
        await nothing_more(slack)
    async with process(settings, slack, "stuck") as killed:
        await slack.post("C1", "U2", "what about an empty list?", thread_ts=review.thread_ts)
        await slack.until(lambda: slack.of("chat.startStream"), 30)
        killed.send_signal(signal.SIGKILL)
        await killed.wait()
    assert len(slack.thread("C1", review.thread_ts)) == 2

    async with process(settings, slack, "answering"):
        await slack.until(lambda: answers(slack, "C1", review.thread_ts), 30)
        await nothing_more(slack)

    assert len(slack.thread("C1", review.thread_ts)) == 2, "the review and the answer"


async def test_parley_run_says_what_it_connected_to_and_stops_in_time(settings: Settings, slack: StandInSlack) -> None:
    async with spawned("-m", "bot", "run", environ=environ_of(settings, slack)) as running:
        await slack.until(lambda: slack.socket.living, 30)
        slack.command("C1", "U1", "help")
        await slack.until(lambda: slack.whispered("U1"))
        began = time.monotonic()
        running.send_signal(signal.SIGTERM)
        out, errors = await running.communicate()
        seconds = time.monotonic() - began

    assert seconds < 5
    assert running.returncode in (0, 143), errors
    assert b"Traceback" not in errors + out
    assert b"connected to Octo as parley" in errors + out
    assert slack.bot_token.encode() not in errors + out


async def test_a_token_that_slack_does_not_know_ends_parley_run_with_a_sentence(
    settings: Settings, slack: StandInSlack
) -> None:
    slack.expected = {"auth.test: invalid_auth"}
    environ = environ_of(settings, slack, PARLEY_SLACK__BOT_TOKEN="xoxb-wrong")
    async with spawned("-m", "bot", "run", environ=environ) as running, asyncio.timeout(30):
        out, errors = await running.communicate()

    assert running.returncode in (2, 3)
    assert b"invalid_auth" in errors
    assert b"Traceback" not in errors + out
