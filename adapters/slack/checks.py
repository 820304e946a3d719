"""What `parley doctor` looks at on Slack: both tokens, and what the bot may do with them."""

from __future__ import annotations

from collections.abc import AsyncIterator

from adapters.slack.api import SlackApi
from adapters.slack.errors import translated
from adapters.slack.settings import SlackSettings
from adapters.slack.tokens import try_app_token, try_bot_token
from bot.domain.errors import BotError, ChatUnavailable
from bot.domain.health import Check, Health
from bot.domain.sentence import Sentence, say

PART = "slack"

SCOPES: dict[str, Sentence] = {
    "app_mentions:read": say("mentions are not heard"),
    "channels:history": say("links and replies in public channels are not heard"),
    "channels:read": say("App Home shows no subscriptions"),
    "chat:write": say("nothing can be answered"),
    "commands": say("`/review` and the shortcut do not work"),
    "files:write": say("full reports are not attached"),
    "groups:history": say("links and replies in private channels are not heard"),
    "groups:read": say("App Home shows nothing of private channels"),
    "im:history": say("direct messages are not heard"),
    "users:read": say("people are called by their ids"),
}
"""What the bot asks for, and what is lost without it; the manifest asks for the same."""


async def examine(settings: SlackSettings) -> AsyncIterator[Check]:
    """Look at the bot token, its rights, and the app token."""
    api = SlackApi(settings)
    await api.open()
    try:
        try:
            known = await try_bot_token(api)
            team, name = str(known.get("team", "?")), str(known.get("user", "?"))
            yield _ok(say("The bot token is good: {team} knows us as {name}.", team=team, name=name))
            yield await _scopes(api)
        except ChatUnavailable as error:
            yield _fail(error.sentence)
            return  # neither for the other token
        except BotError as error:
            yield _fail(error.sentence)
        try:
            await try_app_token(api, settings.app_token)
            yield _ok(say("The app token is good: Socket Mode can be opened."))
        except BotError as error:
            yield _fail(error.sentence)
    finally:
        await api.close()


async def _scopes(api: SlackApi) -> Check:
    with translated():
        response = await api.client.auth_test()
    headers = {name.lower(): value for name, value in response.headers.items()}
    granted = {scope.strip() for scope in str(headers.get("x-oauth-scopes", "")).split(",")}
    missing = [scope for scope in SCOPES if scope not in granted]
    if not missing:
        return _ok(say("All {count} rights are granted.", count=len(SCOPES)))
    lost = "; ".join(f"{scope} ({SCOPES[scope]})" for scope in missing)
    return Check(
        health=Health.FAIL if "chat:write" in missing else Health.WARN,
        part=PART,
        sentence=say(
            "Rights are missing: {lost}. Add them under OAuth & Permissions and install the app again.", lost=lost
        ),
    )


def _ok(sentence: Sentence) -> Check:
    return Check(health=Health.OK, part=PART, sentence=sentence)


def _fail(sentence: Sentence) -> Check:
    return Check(health=Health.FAIL, part=PART, sentence=sentence)
