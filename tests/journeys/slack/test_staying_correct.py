"""Twice, late, interrupted, refused, too much: each event is answered once."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

from bot.domain.completion import Completion, Prompt
from tests.doubles.language_model import ScriptedModel
from tests.journeys.slack.conftest import Program
from tests.journeys.slack.test_ways_in import reviews
from tests.journeys.test_review_and_ask import answering
from tests.standins.slack import StandInSlack
from tests.standins.slack.server import Storm


class SlowModel(ScriptedModel):
    """Answers when it is told to."""

    def __init__(self) -> None:
        super().__init__(script=answering)
        self.begun, self.free = asyncio.Event(), asyncio.Event()

    async def complete(self, prompt: Prompt, **named: Any) -> Completion:
        self.begun.set()
        await self.free.wait()
        return await super().complete(prompt, **named)


async def test_an_event_that_comes_twice_is_answered_once(program: Program, slack: StandInSlack, link: str) -> None:
    async with program.serving():
        await slack.post("C1", "U1", f"<{link}>")
        event = slack.deliveries[0].payload
        slack.happen(event["event"], event_id=event["event_id"])
        await slack.until(lambda: reviews(slack))
        slack.happen(event["event"], event_id=event["event_id"])
        await slack.until(lambda: all(delivery.acked is not None for delivery in slack.deliveries))

    assert len(slack.by_bot()) == 1


async def test_an_acknowledgement_that_is_lost_starts_nothing_again(
    program: Program, slack: StandInSlack, link: str
) -> None:
    slack.ack_seconds, slack.deaf = 0.2, 2
    async with program.serving():
        await slack.post("C1", "U1", f"<{link}>")
        await slack.until(lambda: reviews(slack))
        await slack.until(lambda: slack.deliveries[0].acked is not None)

    assert slack.deliveries[0].sent == 3
    assert len(slack.by_bot()) == 1


async def test_two_processes_on_one_database_answer_once(program: Program, slack: StandInSlack, link: str) -> None:
    async with program.serving(), program.serving():
        await slack.post("C1", "U1", f"<{link}>")
        event = slack.deliveries[0].payload
        for _ in range(4):
            slack.happen(event["event"], event_id=event["event_id"])
        await slack.until(lambda: reviews(slack))
        await slack.until(lambda: all(delivery.acked is not None for delivery in slack.deliveries))

    assert len(slack.by_bot()) == 1


@pytest.mark.parametrize("reason", ["warning", "refresh_requested"])
async def test_a_connection_that_slack_ends_in_the_middle_of_a_review_loses_nothing(
    program: Program, slack: StandInSlack, link: str, reason: str
) -> None:
    program.model = model = SlowModel()
    async with program.serving():
        await slack.post("C1", "U1", f"<{link}>")
        await model.begun.wait()
        await slack.disconnect(reason)
        await slack.until(lambda: slack.connections == 2)
        model.free.set()
        await slack.until(lambda: reviews(slack))
        slack.command("C1", "U2", "help")
        await slack.until(lambda: slack.whispered("U2"))

    assert len(slack.by_bot("C1")) == 1


async def test_a_socket_that_is_cut_is_made_anew(program: Program, slack: StandInSlack, link: str) -> None:
    async with program.serving():
        await slack.drop()
        await slack.until(lambda: slack.connections == 2, seconds=30)
        await slack.post("C1", "U1", f"<{link}>")
        await slack.until(lambda: reviews(slack), seconds=30)

    assert len(slack.by_bot()) == 1


async def test_rate_limits_are_waited_out(program: Program, slack: StandInSlack, link: str) -> None:
    slack.storms += [Storm(method="chat.postMessage", times=2), Storm(method="chat.update", times=2)]
    async with program.serving():
        ts = await slack.post("C1", "U1", f"<{link}>")
        await slack.until(lambda: reviews(slack), seconds=30)

    assert len(slack.thread("C1", ts)) == 1


async def test_a_review_that_is_interrupted_says_so_and_is_taken_up_again(
    program: Program, slack: StandInSlack, link: str
) -> None:
    program.model = slow = SlowModel()
    async with program.serving():
        ts = await slack.post("C1", "U1", f"<{link}>")
        await slow.begun.wait()
        began = time.monotonic()
    stopped = time.monotonic() - began
    (message,) = slack.thread("C1", ts)
    assert "interrupted" in message.seen
    assert stopped < 5

    program.model = ScriptedModel(script=answering)
    async with program.serving():
        await slack.until(lambda: reviews(slack))

    assert slack.thread("C1", ts) == [message], "the same message became the review"


async def test_a_review_that_was_made_but_not_shown_is_shown_without_making_it_again(
    program: Program, slack: StandInSlack, link: str
) -> None:
    slack.storms.append(Storm(method="chat.update", times=1000, retry_after=30))
    async with program.serving():
        ts = await slack.post("C1", "U1", f"<{link}>")
        await slack.until(
            lambda: [c for c in slack.calls if c.method == "chat.update" and "Review" in str(c.arguments)]
        )
    slack.storms.clear()
    asked = len(program.model.asked)  # type: ignore[attr-defined]  # it is the scripted one
    async with program.serving():
        await slack.until(lambda: reviews(slack))

    assert len(program.model.asked) == asked  # type: ignore[attr-defined]
    assert len(slack.thread("C1", ts)) == 1


@pytest.mark.parametrize(("channel", "told"), [("C3", "invite me there"), ("C9", "archived")])
async def test_where_it_cannot_write_it_tells_the_person(
    program: Program, slack: StandInSlack, channel: str, told: str
) -> None:
    async with program.serving():
        slack.command(channel, "U1", "octo/hello.world#12")
        (answer,) = await slack.until(lambda: slack.whispered("U1"))

    assert told in answer
    assert slack.responses, "by the way that a command leaves open"


async def test_a_message_that_is_gone_does_not_leave_the_review_hanging(
    program: Program, slack: StandInSlack, link: str
) -> None:
    program.model = model = SlowModel()
    async with program.serving():
        await slack.post("C1", "U1", f"<{link}>")
        await model.begun.wait()
        (progress,) = slack.by_bot("C1")
        slack.messages.remove(progress)
        model.free.set()
        await slack.until(lambda: reviews(slack))


async def test_cancel_in_the_thread_stops_the_review_and_says_so_once(
    program: Program, slack: StandInSlack, link: str
) -> None:
    program.model = model = SlowModel()
    async with program.serving():
        ts = await slack.post("C1", "U1", f"<{link}>")
        await model.begun.wait()
        await slack.post("C1", "U1", "<@UBOT> cancel", thread_ts=ts)
        await slack.until(lambda: any("was stopped" in m.seen for m in slack.thread("C1", ts)))

    assert len(slack.thread("C1", ts)) == 1


async def test_many_events_at_once_are_each_acknowledged_in_time_and_answered_once(
    program: Program, slack: StandInSlack
) -> None:
    channels = [slack.add_channel(f"C1{number:02}").id for number in range(50)]
    lags: list[float] = []
    async with program.serving():
        watch = asyncio.create_task(measure(lags))
        questions = [await slack.post(channels[n % 50], "U1", f"<@UBOT> what about {n}?") for n in range(100)]
        await slack.until(lambda: len(slack.by_bot()) >= 100, seconds=60)
        await slack.until(lambda: all(delivery.acked is not None for delivery in slack.deliveries))
        watch.cancel()

    acks = sorted(delivery.acked or 9.0 for delivery in slack.deliveries)
    sys_line = f"acks: p50 {acks[100]:.3f} s, p99 {acks[-3]:.3f} s, max {acks[-1]:.3f} s; lag: max {max(lags):.3f} s"
    print(sys_line)  # noqa: T201 - the figure that this journey is for
    assert len(slack.deliveries) == 200, "each mention comes as two events"
    assert acks[-1] < 3
    answered = [(message.channel, message.thread_ts) for message in slack.by_bot()]
    assert sorted(answered) == sorted((channels[n % 50], ts) for n, ts in enumerate(questions))


async def measure(lags: list[float]) -> None:
    """Note how late the event loop wakes."""
    while True:
        began = time.monotonic()
        await asyncio.sleep(0.01)
        lags.append(time.monotonic() - began - 0.01)
