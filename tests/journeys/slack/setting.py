"""The assembled program beside a stand-in Slack, and the models that journeys need."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from bot.assembly import assemble
from bot.config import AccessSettings, Settings, SlackSettings, WatchSettings
from bot.domain.completion import Completion, Prompt
from bot.ports.clock import Clock
from tests.doubles.language_model import ScriptedModel
from tests.journeys.test_review_and_ask import answering
from tests.standins.slack import Message, StandInSlack

ADMIN = "slack:T1/UADMIN"
FINDING = "Division by zero"
READ = "Read 1 of 1 file"


@dataclass(kw_only=True)
class Program:
    """Settings, model and clock of the program; `serving` runs it, also several times, in turn or together."""

    settings: Settings
    slack: StandInSlack
    model: ScriptedModel = field(default_factory=lambda: ScriptedModel(script=answering))
    clock: Clock | None = None

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """Serve until the end of the block, which is a stop in order."""
        before = self.slack.socket.opened
        async with assemble(self.settings, model=self.model, clock=self.clock) as application:
            task = asyncio.create_task(application.serve())
            connected = asyncio.create_task(self.slack.until(lambda: self.slack.socket.opened > before))
            await asyncio.wait([task, connected], return_when=asyncio.FIRST_COMPLETED)
            connected.cancel()
            if task.done():
                await task
            try:
                yield
            finally:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task

    async def at_rest(self) -> None:
        """Wait until nothing that was heard or fell due is unfinished."""
        database = sqlite3.connect(self.settings.memory.path)
        try:
            await eventually(
                lambda: database.execute("SELECT count(*) FROM jobs WHERE runner != ''").fetchone() == (0,)
            )
        finally:
            database.close()

    def looking_often(self) -> None:
        """Look at watched repositories several times a second, and listen for webhooks."""
        watch = WatchSettings.model_construct(trigger="parley review", poll_seconds=0.1)
        self.settings = self.settings.model_copy(update={"watch": watch})

    def with_review(self, **values: object) -> None:
        """Change [review] of the settings."""
        self.settings = self.settings.model_copy(
            update={"review": self.settings.review.model_copy(update=dict(values))}
        )


def with_slack(settings: Settings, slack: StandInSlack, **access: object) -> Settings:
    """Return *settings* that also point at the stand-in Slack; UADMIN is an admin."""
    return settings.model_copy(
        update={
            "slack": SlackSettings(bot_token=slack.bot_token, app_token=slack.app_token, api_url=slack.api_url),  # type: ignore[arg-type]  # pydantic makes them secrets
            "access": AccessSettings(admins=(ADMIN,), **access),  # type: ignore[arg-type]  # pydantic checks it
        }
    )


def reviews(slack: StandInSlack, channel: str = "") -> list[Message]:
    """Return the reviews that stand."""
    return [message for message in slack.by_bot(channel) if READ in message.seen]


def answers(slack: StandInSlack, channel: str, thread: str) -> list[Message]:
    """Return the finished answers to questions in a thread: those that name what they are from."""
    return [m for m in slack.thread(channel, thread) if "From:" in m.seen and not m.streaming]


async def reviewed(slack: StandInSlack, link: str, channel: str = "C1") -> Message:
    """Have a pull request reviewed, and return the review."""
    known = len(reviews(slack, channel))
    await slack.post(channel, "U1", link)
    found: list[Message] = await slack.until(lambda: reviews(slack, channel)[known:])
    return found[0]


async def asked(slack: StandInSlack, words: str, user: str = "U1", channel: str = "C1") -> str:
    """Return what a person alone is told."""
    before = len(slack.whispered(user))
    slack.command(channel, user, words)
    told = await slack.until(lambda: slack.whispered(user)[before:])
    return str(told[0])


async def eventually(holds: Callable[[], object], seconds: float = 10) -> None:
    """Wait for what happens elsewhere than on Slack."""
    for _ in range(round(seconds * 50)):
        if holds():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it never came true")


async def nothing_more(slack: StandInSlack, user: str = "U2") -> None:
    """Wait until whatever was going to happen has happened: the app says something else on request, after it all."""
    await slack.settled()
    for _ in range(20):
        if "No review runs" in await asked(slack, "status", user):
            break
    await slack.settled()


class SlowModel(ScriptedModel):
    """Answers when it is told to; of an answer that people read along it says the first words at once."""

    def __init__(self) -> None:
        super().__init__(script=answering)
        self.begun, self.free = asyncio.Event(), asyncio.Event()

    async def complete(self, prompt: Prompt, **named: Any) -> Completion:
        if on_text := named.get("on_text"):
            on_text("The mean of ")
        self.begun.set()
        await self.free.wait()
        return await super().complete(prompt, **named)


class TalkingModel(ScriptedModel):
    """Says *answer* to a question: its first half at once, its second when it is told to."""

    def __init__(self, answer: str) -> None:
        super().__init__(script=answering)
        self.answer, self.go_on = answer, asyncio.Event()

    async def complete(self, prompt: Prompt, **named: Any) -> Completion:
        on_text = named.get("on_text")
        if on_text is None:
            return await super().complete(prompt, **named)
        half = len(self.answer) // 2
        on_text(self.answer[:half])
        await self.go_on.wait()
        on_text(self.answer[half:])
        return Completion(text=self.answer, cut=False, prompt_tokens=1, cached_tokens=0, completion_tokens=1)
