"""`parley doctor` on Slack: both tokens, and the rights that the manifest asks for."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.slack.checks import SCOPES, examine
from adapters.slack.settings import SlackSettings
from bot.domain.health import Health
from tests.standins.slack import StandInSlack

MANIFEST = Path(__file__).parents[3] / "docs" / "how-to" / "slack-manifest.yaml"


@pytest.fixture
async def slack() -> AsyncIterator[StandInSlack]:
    async with StandInSlack() as standin:
        yield standin


async def checks(slack: StandInSlack, *, bot: str = "xoxb-good", app: str = "xapp-good") -> list[tuple[Health, str]]:
    settings = SlackSettings(bot_token=bot, app_token=app, api_url=slack.api_url, web_url="https://github.com")
    return [(check.health, str(check.sentence)) async for check in examine(settings)]


async def test_what_is_well_is_said(slack: StandInSlack) -> None:
    assert await checks(slack) == [
        (Health.OK, "The bot token is good: Octo knows us as parley."),
        (Health.OK, f"All {len(SCOPES)} rights are granted."),
        (Health.OK, "The app token is good: Socket Mode can be opened."),
    ]


async def test_a_right_that_is_missing_is_named_with_what_is_lost(slack: StandInSlack) -> None:
    slack.scopes = slack.scopes.replace("files:write,", "")

    _, (health, sentence), _ = await checks(slack)

    assert health is Health.WARN
    assert "files:write (full reports are not attached)" in sentence


async def test_each_token_is_judged_by_itself(slack: StandInSlack) -> None:
    (bot, _), (app, _) = await checks(slack, bot="xoxb-bad")
    assert (bot, app) == (Health.FAIL, Health.OK)

    *_, (app, sentence) = await checks(slack, app="xapp-bad")
    assert app is Health.FAIL
    assert "connections:write" in sentence


async def test_a_slack_that_is_away_is_no_traceback() -> None:
    settings = SlackSettings(bot_token="x", app_token="y", api_url="http://127.0.0.1:9/", web_url="https://github.com")

    found = [check.health async for check in examine(settings)]

    assert found == [Health.FAIL, Health.FAIL]


def test_the_manifest_asks_for_the_rights_that_are_checked() -> None:
    lines = MANIFEST.read_text(encoding="utf-8").partition("    bot:\n")[2].partition("settings:")[0].splitlines()

    assert [line.strip("- ") for line in lines] == sorted(SCOPES)
