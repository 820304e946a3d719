"""Slack's Web API: one session, two ways to ask over it, and our errors."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any

import aiohttp
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.errors import translated
from adapters.slack.pace import Pace
from adapters.slack.settings import SlackSettings
from bot.domain.errors import BotError

TIMEOUT = 30
"""Seconds for one request."""

QUICK = 8.0
"""Seconds for a request that nobody would miss."""

MOST_WAITS = 20
"""How often a call waits as long as Slack says; what is posted in the end is a review of many minutes."""

EDITS_A_MINUTE = 40
"""`chat.update` is allowed 50 times a minute, https://docs.slack.dev/apis/web-api/rate-limits."""

PIECES_A_MINUTE = 80
"""`chat.appendStream` is allowed 100 times a minute."""


class SlackApi:
    """What all chats of one workspace share. Whoever opened it closes it.

    Attributes:
        client: Asks with patience: waits as long as Slack says, and tries again where the connection fails.
        careful: Waits too, but tries nothing again that may have been done, though no answer came.
        quick: Asks once: for what is shown on the way, which is out of date a moment later.
        edits: How many edits may still be made that nobody would miss.
        pieces: The same for pieces of streamed answers.
        url: Where Slack is asked.
        web_url: Where the pages of the code host are.
        team_url: Where the pages of the workspace are; empty until `introduce`.
        user: The bot's own user id; likewise.
    """

    def __init__(self, settings: SlackSettings) -> None:
        limits = AsyncRateLimitErrorRetryHandler(max_retry_count=MOST_WAITS)
        failures = [
            AsyncConnectionErrorRetryHandler(max_retry_count=2),
            AsyncServerErrorRetryHandler(max_retry_count=2),
        ]
        self.client = _client(settings, [*failures, limits])
        self.careful = _client(settings, [limits])
        self.quick = _client(settings, [])
        self.edits = Pace(per_minute=EDITS_A_MINUTE, burst=10, between=3.0)
        self.pieces = Pace(per_minute=PIECES_A_MINUTE, burst=10, between=0.7)
        self.url = settings.api_url
        self.web_url = settings.web_url
        self.team_url = self.user = ""
        self._names: dict[str, str] = {}

    async def open(self) -> None:
        """Begin the session, in the running loop."""
        if self.client.session is None:
            self.client.session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT))
            self.careful.session = self.quick.session = self.client.session

    async def close(self) -> None:
        """End the session. May be called twice."""
        session = self.client.session
        self.client.session = self.careful.session = self.quick.session = None
        if session is not None:
            await session.close()

    async def introduce(self) -> dict[str, Any]:
        """Ask who we are: `team`, `team_id`, `user`, `user_id`, `url`.

        Raises:
            AccessRefused: The token is not good.
            ChatUnavailable: Slack does not answer.
        """
        known = await self.ask(self.client.auth_test())
        self.team_url, self.user = str(known.get("url", "")), str(known.get("user_id", ""))
        return known

    async def ask(self, call: Awaitable[Any]) -> dict[str, Any]:
        """Await *call* of a client and return the answer's body, with errors in our words.

        A stream that only keeps what it is given answers nothing; the body is empty then.
        """
        with translated():
            response = await call
        data = getattr(response, "data", None)
        return data if isinstance(data, dict) else {}

    async def ask_quickly(self, call: Awaitable[Any]) -> dict[str, Any]:
        """Do as `ask` does, in bounded time; *call* is one of `quick`."""
        with translated():
            async with asyncio.timeout(QUICK):
                return await self.ask(call)

    async def person_name(self, user: str) -> str:
        """Return how Slack shows a person, the id where it does not tell."""
        if user not in self._names:
            try:
                known = (await self.ask_quickly(self.quick.users_info(user=user))).get("user", {})
            except BotError:
                return user
            profile = known.get("profile", {})
            self._names[user] = profile.get("display_name") or known.get("real_name") or known.get("name") or user
        return self._names[user]


def _client(settings: SlackSettings, handlers: list[AsyncRetryHandler]) -> AsyncWebClient:
    return AsyncWebClient(token=settings.bot_token, base_url=settings.api_url, timeout=TIMEOUT, retry_handlers=handlers)
