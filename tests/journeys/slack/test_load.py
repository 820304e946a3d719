"""Many events at once: each acknowledged in time and answered once."""

from __future__ import annotations

import asyncio
import time

from tests.journeys.slack.setting import Program
from tests.standins.slack import StandInSlack

CHANNELS, EVENTS = 50, 200
PAUSE = 0.01
"""Seconds between two events: all of them come within two seconds, which is five times what is promised."""


async def test_two_hundred_events_are_each_acknowledged_in_time_and_answered_once(
    program: Program, slack: StandInSlack
) -> None:
    # Real limits would stretch the answers over ten minutes: twenty streams a minute. Acknowledgements do not wait.
    slack.socket.minute = 1.0
    channels = [slack.add_channel(f"C1{number:02}").id for number in range(CHANNELS)]
    lags: list[float] = []
    async with program.serving():
        watch = asyncio.create_task(measure(lags))
        asked = []
        for number in range(EVENTS):
            channel = channels[number % CHANNELS]
            asked.append((channel, await slack.post(channel, "U1", question(number))))
            await asyncio.sleep(PAUSE)
        await slack.until(lambda: len(slack.by_bot()) >= EVENTS, 120)
        watch.cancel()
        slack.socket.minute = 60.0
        await slack.until(lambda: all(one.acked_ms is not None for one in slack.socket.deliveries))

    acks = sorted(one.acked_ms or 99_999.0 for one in slack.socket.deliveries if not one.own)
    waits = sum(call.error == "ratelimited" for call in slack.calls)
    print(  # noqa: T201 - the figures that this journey is for
        f"\n{len(acks)} deliveries: p50 {acks[len(acks) // 2]:.0f} ms, p99 {acks[len(acks) * 99 // 100]:.0f} ms, "
        f"max {acks[-1]:.0f} ms; loop lag max {max(lags) * 1000:.0f} ms; 429 {waits} times"
    )
    assert len(acks) == 2 * EVENTS, "a mention comes as two events"
    assert acks[len(acks) // 2] < 300
    assert acks[-1] < 3000, "also where something else keeps the machine busy"
    assert all(len(one.attempts) == 1 for one in slack.socket.deliveries if not one.own)
    assert sorted((m.channel, m.thread_ts or m.ts) for m in slack.by_bot() if m.thread_ts) == sorted(asked)


def question(number: int) -> str:
    """Ask half of them by a mention, the other half by a link to what is not there."""
    return f"@parley what about {number}?" if number % 2 else f"@parley octo/hello.mars#{number}"


async def measure(lags: list[float]) -> None:
    """Note how late the event loop wakes."""
    while True:
        began = time.monotonic()
        await asyncio.sleep(0.01)
        lags.append(time.monotonic() - began - 0.01)
