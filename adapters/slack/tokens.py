"""The two tokens of the app, each tried once, so that a refusal says which one it is about."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from adapters.slack.api import SlackApi
from adapters.slack.errors import code_of
from bot.domain.errors import AccessRefused, ChatUnavailable
from bot.domain.sentence import say


async def try_bot_token(api: SlackApi) -> dict[str, Any]:
    """Ask who we are; the answer is that of `SlackApi.introduce`.

    Raises:
        AccessRefused: The token is not good; the sentence says where to get one.
        ChatUnavailable: Slack does not answer; the sentence says where it was asked.
    """
    with _told_where(api):
        try:
            known = await api.introduce()
        except AccessRefused as error:
            raise AccessRefused(
                say(
                    "Slack refuses bot_token of [slack] ({code}): copy it again from Install App. "
                    "It begins with xoxb-.",
                    code=code_of(error),
                )
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
    with _told_where(api):
        try:
            known = await api.ask(api.client.apps_connections_open(app_token=app_token))
        except AccessRefused as error:
            raise AccessRefused(
                say(
                    "Slack refuses app_token of [slack] ({code}): make one with connections:write under Basic "
                    "Information, App-Level Tokens. It begins with xapp-.",
                    code=code_of(error),
                )
            ) from error
    return str(known.get("url", ""))


@contextmanager
def _told_where(api: SlackApi) -> Iterator[None]:
    """Name the address of a Slack that does not answer: it may be the address that is wrong."""
    try:
        yield
    except ChatUnavailable as error:
        sentence = say(
            "{problem} It was asked at {url}, which is api_url of [slack].", problem=error.sentence, url=api.url
        )
        raise ChatUnavailable(sentence, retry_after=error.retry_after) from error
