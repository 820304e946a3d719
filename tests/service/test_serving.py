"""Each chat platform is kept running by itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import pytest

from bot.domain.conversation import ThreadRef
from bot.domain.errors import AccessRefused, BotError, ChatUnavailable
from bot.domain.health import Check
from bot.domain.sentence import Sentence, say
from bot.ports.chat import Chat
from bot.ports.inbox import Job
from bot.service.serving import FIRST_WAIT, LONGEST_WAIT, Serving
from tests.doubles.chat import TranscriptChat

AWAY = ChatUnavailable(say("It cannot be reached."))
REFUSED = AccessRefused(say("It does not want us."))


@dataclass(kw_only=True)
class ScriptedAdapter:
    """Ends with one error after another, and then serves; `runs` counts how often it was run."""

    name: str = "slack"
    ends: list[BotError] = field(default_factory=list)
    runs: int = 0
    ready_first: bool = False
    goodbye: float = 0.0
    closed: bool = False

    async def run(self, ready: Callable[[Sentence], None]) -> None:
        self.runs += 1
        if self.ready_first:
            ready(say("Connected."))
        if self.ends:
            raise self.ends.pop(0)
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(self.goodbye)
            self.closed = True

    def chat_in(self, channel: str, *, thread: str = "", job: Job | None = None) -> Chat | None:
        return TranscriptChat(where=ThreadRef(channel=channel, thread=thread))

    async def check(self) -> AsyncIterator[Check]:
        checks: tuple[Check, ...] = ()
        for check in checks:
            yield check


@dataclass(kw_only=True)
class Waits:
    """Sleeps no time and remembers how long it should have; stops the test's loop after *most*."""

    slept: list[float] = field(default_factory=list)

    async def __call__(self, seconds: float) -> None:
        self.slept.append(seconds)
        await asyncio.sleep(0)


async def served(*adapters: ScriptedAdapter, waits: Waits) -> asyncio.Task[None]:
    """Serve until everything that is scripted happened."""
    task = asyncio.create_task(Serving(adapters, speak=str, sleep=waits).run())
    for _ in range(50):
        await asyncio.sleep(0)
    return task


async def test_an_adapter_that_cannot_connect_is_tried_again_more_and_more_seldom() -> None:
    adapter, waits = ScriptedAdapter(ends=[AWAY] * 8), Waits()

    task = await served(adapter, waits=waits)

    assert adapter.runs == 9
    assert waits.slept == [2, 4, 8, 16, 32, 60, 60, 60]
    assert (FIRST_WAIT, LONGEST_WAIT) == (2, 60)
    task.cancel()


async def test_an_adapter_says_itself_how_long_to_wait() -> None:
    adapter, waits = ScriptedAdapter(ends=[ChatUnavailable(say("Later."), retry_after=17)]), Waits()

    task = await served(adapter, waits=waits)

    assert waits.slept == [17]
    task.cancel()


async def test_after_a_good_connection_the_waits_begin_anew() -> None:
    adapter, waits = ScriptedAdapter(ends=[AWAY] * 3, ready_first=True), Waits()

    task = await served(adapter, waits=waits)

    assert waits.slept == [2, 2, 2]
    task.cancel()


async def test_one_that_is_refused_does_not_take_the_other_down() -> None:
    refused, other, waits = ScriptedAdapter(ends=[REFUSED]), ScriptedAdapter(name="discord"), Waits()

    task = await served(refused, other, waits=waits)

    assert (refused.runs, other.runs) == (1, 1)
    assert not task.done()
    task.cancel()


async def test_when_all_are_refused_serving_ends_with_the_reason() -> None:
    task = await served(ScriptedAdapter(ends=[AWAY, REFUSED]), ScriptedAdapter(ends=[REFUSED]), waits=Waits())

    with pytest.raises(AccessRefused):
        await task


async def test_each_adapter_says_its_goodbye_in_peace() -> None:
    adapter = ScriptedAdapter(goodbye=0.01)

    task = await served(adapter, waits=Waits())
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert adapter.closed


async def test_a_channel_is_looked_for_on_the_platform_it_is_named_after() -> None:
    serving = Serving((ScriptedAdapter(), ScriptedAdapter(name="discord")), speak=str)

    chat = serving.chat_in("discord:1/2", thread="3")

    assert chat is not None
    assert chat.where == ThreadRef(channel="discord:1/2", thread="3")
    assert serving.chat_in("console") is None
