"""The two tokens of the app, each tried once, so that a refusal says which one it is about."""

from __future__ import annotations

from typing import Any

from adapters.slack.api import SlackApi
from bot.domain.errors import AccessRefused
from bot.domain.sentence import say


async def try_bot_token(api: SlackApi) -> dict[str, Any]:
    """Ask who we are; the answer is that of `SlackApi.introduce`.

    Raises:
        AccessRefused: The token is not good; the sentence says where to get one.
        ChatUnavailable: Slack does not answer.
    """
    try:
        known = await api.introduce()
    except AccessRefused as error:
        raise AccessRefused(
            say("bot_token: {problem} It is under Install App, and begins with xoxb-.", problem=error.sentence)
        ) from error
    if not (known.get("bot_id") and known.get("user_id") and known.get("team_id")):
        raise AccessRefused(
            say("bot_token is the token of something else. The bot's is under Install App, and begins with xoxb-.")
        )
    return known


async def try_app_token(api: SlackApi, app_token: str) -> str:
    """Ask for an address to open one connection at, good once and for some seconds.

    Raises:
        AccessRefused: As `try_bot_token`.
        ChatUnavailable: As `try_bot_token`.
    """
    try:
        known = await api.ask(api.client.apps_connections_open(app_token=app_token))
    except AccessRefused as error:
        raise AccessRefused(
            say(
                "app_token: {problem} Make one with connections:write under Basic Information, App-Level Tokens; "
                "it begins with xapp-.",
                problem=error.sentence,
            )
        ) from error
    return str(known.get("url", ""))
