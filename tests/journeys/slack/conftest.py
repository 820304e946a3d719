"""The assembled program, serving a stand-in Slack."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, field

import pytest

from bot.assembly import assemble
from bot.config import AccessSettings, Settings, SlackSettings
from bot.ports.language_model import LanguageModel
from tests.doubles.language_model import ScriptedModel
from tests.journeys.test_review_and_ask import answering
from tests.standins.github import StandInGitHub
from tests.standins.slack import StandInSlack


@pytest.fixture
async def slack() -> AsyncIterator[StandInSlack]:
    async with StandInSlack() as standin:
        yield standin


@dataclass(kw_only=True)
class Program:
    """Settings and model of the program; `serving` runs it, also several times one after another."""

    settings: Settings
    slack: StandInSlack
    model: LanguageModel = field(default_factory=lambda: ScriptedModel(script=answering))

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """Serve until the end of the block, which is a stop in order."""
        before, others = self.slack.connections, len(self.slack.living())
        async with assemble(self.settings, model=self.model) as application:
            task = asyncio.create_task(application.serve())
            connected = asyncio.create_task(self.slack.until(lambda: self.slack.connections > before))
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
                # What is sent into a connection that is being closed is lost, as it is with Slack.
                await self.slack.until(lambda: len(self.slack.living()) <= others)


@pytest.fixture
def program(settings: Settings, slack: StandInSlack) -> Program:
    return Program(settings=with_slack(settings, slack), slack=slack)


def with_slack(settings: Settings, slack: StandInSlack, **access: object) -> Settings:
    """Return *settings* that also point at the stand-in Slack; UADMIN is an admin."""
    return settings.model_copy(
        update={
            "slack": SlackSettings(bot_token=slack.bot_token, app_token=slack.app_token, api_url=slack.api_url),  # type: ignore[arg-type]  # pydantic makes them secrets
            "access": AccessSettings(admins=("slack:T1/UADMIN",), **access),  # type: ignore[arg-type]  # pydantic checks it
        }
    )


@pytest.fixture
def link(github: StandInGitHub) -> str:
    """Return the link of the open pull request."""
    return f"{github.web_url}/octo/hello.world/pull/12"


Serving = Callable[[], AbstractAsyncContextManager[None]]
