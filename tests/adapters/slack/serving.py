"""A Slack adapter that serves a stand-in, for as long as a test needs it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from adapters.slack.adapter import SlackAdapter
from adapters.slack.settings import SlackSettings
from bot.domain.sentence import Sentence
from tests.doubles.desk import ScriptedDesk
from tests.doubles.inbox import DictInbox
from tests.standins.slack import StandInSlack

PING = 0.2
"""Seconds: a silent socket is noticed four times as late."""


def settings_for(slack: StandInSlack, *, bot_token: str = "", app_token: str = "") -> SlackSettings:
    """Return settings that point at the stand-in."""
    return SlackSettings(
        bot_token=bot_token or slack.bot_token,
        app_token=app_token or slack.app_token,
        api_url=slack.api_url,
        web_url="https://github.com",
        timezone="Europe/Berlin",
    )


@dataclass(kw_only=True)
class Office:
    """Everything an adapter is made with, and what it said when it was connected."""

    slack: StandInSlack
    desk: ScriptedDesk = field(default_factory=ScriptedDesk)
    inbox: DictInbox = field(default_factory=DictInbox)
    told: list[str] = field(default_factory=list)

    def adapter(self) -> SlackAdapter:
        """Make an adapter, as each process does."""
        return SlackAdapter(self.desk, self.inbox, settings_for(self.slack), str, ping=PING)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[SlackAdapter]:
        """Serve until the end of the block."""
        adapter, connected = self.adapter(), asyncio.Event()

        def ready(sentence: Sentence) -> None:
            self.told.append(str(sentence))
            connected.set()

        serving = asyncio.create_task(adapter.run(ready))
        waiting = asyncio.create_task(connected.wait())
        await asyncio.wait([serving, waiting], return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        if serving.done():
            await serving
        try:
            yield adapter
        finally:
            serving.cancel()
            with suppress(asyncio.CancelledError):
                await serving

    async def all_done(self) -> None:
        """Wait until everything was acknowledged and everything that was taken is done."""
        await self.slack.settled()
        async with asyncio.timeout(20):
            while self.inbox.unfinished:  # noqa: ASYNC110 - the double has nothing to wait for
                await asyncio.sleep(0)
