"""`parley doctor` names what is wrong with tokens and rights, and what does not work because of it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from adapters.slack.checks import SCOPES, examine
from adapters.slack.settings import SlackSettings
from bot.domain.health import Check, Health
from tests.adapters.slack.serving import settings_for
from tests.standins.slack import StandInSlack
from tests.standins.slack.server import MANIFEST


@pytest.fixture
async def slack() -> AsyncIterator[StandInSlack]:
    async with StandInSlack() as standin:
        yield standin


async def found(settings: SlackSettings) -> list[Check]:
    return [check async for check in examine(settings)]


def test_the_rights_that_are_checked_are_those_of_the_manifest() -> None:
    listed = re.search(r"^ *bot:\n((?: +- .+\n)+)", MANIFEST.read_text(), re.MULTILINE)
    assert listed is not None

    assert re.findall(r"- (\S+)", listed[1]) == sorted(SCOPES)


async def test_a_good_set_up_is_good(slack: StandInSlack) -> None:
    checks = await found(settings_for(slack))

    assert [check.health for check in checks] == [Health.OK] * 3
    assert {check.part for check in checks} == {"slack"}
    assert str(checks[0].sentence) == "The bot token is good: Octo knows us as parley."


@pytest.mark.parametrize(
    ("scope", "health", "lost"),
    [("files:write", Health.WARN, "full reports are not attached"), ("chat:write", Health.FAIL, "nothing can be")],
)
async def test_a_missing_right_is_named_with_what_does_not_work(
    slack: StandInSlack, scope: str, health: Health, lost: str
) -> None:
    slack.scopes = tuple(one for one in slack.scopes if one != scope)
    (missing,) = [check for check in await found(settings_for(slack)) if check.health is not Health.OK]

    assert missing.health is health
    assert scope in str(missing.sentence)
    assert lost in str(missing.sentence)
    assert "install the app again" in str(missing.sentence)


async def test_each_token_is_looked_at_though_the_other_is_bad(slack: StandInSlack) -> None:
    bot = await found(settings_for(slack, bot_token="xoxb-old"))
    app = await found(settings_for(slack, app_token="xapp-old"))

    assert [check.health for check in bot] == [Health.FAIL, Health.OK]
    assert "bot_token" in str(bot[0].sentence)
    assert "xoxb-" in str(bot[0].sentence)
    assert [check.health for check in app] == [Health.OK, Health.OK, Health.FAIL]
    assert "app_token" in str(app[2].sentence)
    assert "connections:write" in str(app[2].sentence)


async def test_an_app_token_without_its_right_says_so(slack: StandInSlack) -> None:
    slack.app_scopes = ("authorizations:read",)
    sentence = str((await found(settings_for(slack)))[2].sentence)

    assert "make one with connections:write under Basic Information" in sentence
    assert "OAuth" not in sentence, "that page has the bot's rights only"


async def test_tokens_that_are_mixed_up_are_told_apart(slack: StandInSlack) -> None:
    checks = await found(settings_for(slack, bot_token=slack.app_token, app_token=slack.bot_token))

    assert [check.health for check in checks] == [Health.FAIL, Health.FAIL]
    assert "bot_token is the token of something else" in str(checks[0].sentence)
    assert "Slack refuses app_token of [slack] (not_allowed_token_type)" in str(checks[1].sentence)


async def test_a_slack_that_cannot_be_reached_fails_and_raises_nothing(slack: StandInSlack) -> None:
    checks = await found(replace(settings_for(slack), api_url="http://127.0.0.1:9/api/"))

    assert [check.health for check in checks] == [Health.FAIL]
    assert "cannot be reached" in str(checks[0].sentence)
    assert "http://127.0.0.1:9/api/, which is api_url of [slack]" in str(checks[0].sentence)


async def test_an_address_where_something_else_answers_says_so(slack: StandInSlack) -> None:
    checks = await found(replace(settings_for(slack), api_url=f"{slack.url}/elsewhere/"))

    assert [check.health for check in checks] == [Health.FAIL]
    assert "What answers there is not Slack (HTTP 404)" in str(checks[0].sentence)


async def test_no_check_shows_a_token(slack: StandInSlack) -> None:
    checks = await found(settings_for(slack, bot_token="xoxb-secret", app_token="xapp-secret"))

    assert all("secret" not in str(check.sentence) for check in checks)
