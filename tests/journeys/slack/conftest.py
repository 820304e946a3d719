"""The assembled program, serving a stand-in Slack; what must hold in every journey is looked at after each."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.config import Settings
from tests.journeys.slack.setting import Program, with_slack
from tests.standins.github import StandInGitHub
from tests.standins.slack import StandInSlack, pings


@pytest.fixture
async def slack() -> AsyncIterator[StandInSlack]:
    """Serve a Slack where nothing is refused that the journey does not expect, and nobody is ever pinged."""
    async with StandInSlack() as standin:
        yield standin
        assert set(standin.errors) <= standin.expected
        assert [message.seen for message in standin.by_bot() if pings(message.text, message.blocks)] == []


@pytest.fixture
def program(settings: Settings, slack: StandInSlack) -> Program:
    return Program(settings=with_slack(settings, slack), slack=slack)


@pytest.fixture
def link(github: StandInGitHub) -> str:
    """Return the link of the open pull request."""
    return f"{github.web_url}/octo/hello.world/pull/12"
