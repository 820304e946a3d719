"""`parley run` as people run it, with the starter model: killed in a review, stopped in it, and at last let alone."""

from __future__ import annotations

import asyncio
import re
import signal
import time

import pytest

from bot.config import Settings
from tests.journeys.slack.processes import environ_of, spawned
from tests.journeys.slack.setting import answers
from tests.standins.github import StandInGitHub
from tests.standins.slack import Message, StandInSlack

pytestmark = pytest.mark.real

FILES = {
    f"stats/part_{part}.py": "".join(
        f"def share_{line}(values):\n    return values[{part}] / values[{line}]\n\n\n" for line in range(12)
    )
    for part in range(2)
}


async def test_a_review_outlives_a_kill_and_a_stop_and_stands_once(
    settings: Settings, slack: StandInSlack, github: StandInGitHub, link: str
) -> None:
    github.served.history.repository.commit(FILES, "Add parts")
    environ = environ_of(settings, slack, PARLEY_MODEL__PATH="starter", PARLEY_REVIEW__CHUNK_TOKENS="200")
    run = ("-m", "bot", "run")

    async with spawned(*run, environ=environ) as killed:
        await slack.until(lambda: slack.socket.living, 60)
        ts = await slack.post("C1", "U1", link)
        (message,) = await slack.until(lambda: being_read(slack), 120)
        killed.send_signal(signal.SIGKILL)
        await killed.wait()

    async with spawned(*run, environ=environ) as stopped:
        await slack.until(lambda: "interrupted and goes on" in message.seen and being_read(slack), 120)
        for number in range(20):  # while the model writes
            slack.command("C2", "U2", "status")
            await slack.post("C2", "U2", f"number {number} of what people tell each other in a channel")
            await asyncio.sleep(0.05)
        await slack.settled()
        seconds = await stop(stopped)
    assert "being restarted and take this up again" in message.seen

    async with spawned(*run, environ=environ) as left_alone:
        await slack.until(lambda: "Read 3 of 3 files" in message.seen, 240)
        await slack.post("C1", "U2", "What does share_3 return?", thread_ts=ts)
        (answer,) = await slack.until(lambda: answers(slack, "C1", ts), 120)
        await stop(left_alone)

    acks = sorted(one.acked_ms or 99_999.0 for one in slack.socket.deliveries if not one.own)
    print(  # noqa: T201 - the figures that this journey is for
        f"\n{len(acks)} deliveries beside the starter model: p50 {acks[len(acks) // 2]:.0f} ms, "
        f"p95 {acks[len(acks) * 95 // 100]:.0f} ms, max {acks[-1]:.0f} ms; stopped in a review within {seconds:.1f} s"
    )
    assert slack.thread("C1", ts) == [message, answer], "the progress message became the review"
    assert acks[len(acks) * 95 // 100] < 300
    assert acks[-1] < 3000
    assert seconds < 5


def being_read(slack: StandInSlack) -> list[Message]:
    """Return the progress messages that say that the model reads."""
    return [message for message in slack.by_bot("C1") if re.search("[012] of 3 files", message.seen)]


async def stop(running: asyncio.subprocess.Process) -> float:
    """Stop the program as systemd does, and return after how many seconds it ended."""
    began = time.monotonic()
    running.send_signal(signal.SIGTERM)
    out, errors = await running.communicate()
    assert running.returncode == 128 + signal.SIGTERM
    assert b"Traceback" not in errors + out
    return time.monotonic() - began
