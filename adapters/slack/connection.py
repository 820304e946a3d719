"""The connection to Slack: Socket Mode, opened once and then kept.

The client reconnects by itself when a socket closes, stays silent for four pings, or is asked to by Slack. Three things
it does not do are done here: giving up at the first try, asking for a new address while it tries to reconnect (each is
good once and for some seconds, and it would try the same one for ever), and closing in bounded time.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from contextlib import suppress

import structlog
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp

from adapters.slack.api import SlackApi
from adapters.slack.errors import translated
from adapters.slack.tokens import try_app_token
from bot.domain.errors import BotError

log = structlog.get_logger()

PATIENCE = 4
"""Pings for the first connection, and for the client to begin with a lost one; whoever serves us tries again."""

HEALTH = 60.0
"""Seconds between two looks whether Slack still knows us.

People report that events come again after a call of the Web API: https://github.com/slackapi/bolt-python/issues/1529.
"""

GOODBYE = 1.0
"""Seconds for a farewell that the other side may not answer."""


_TICKET = re.compile(r"ticket=[^&'\"\s]+")


class _Brief(logging.Filter):
    """Shortens what the client logs every few seconds while Slack is away: no tracebacks, no secrets of addresses."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let warnings pass, shorter: how connections come and go is told by ourselves."""
        record.exc_info = None
        record.msg = _TICKET.sub("ticket=...", str(record.msg))
        return record.levelno >= logging.WARNING


_BRIEF = _Brief()


class Connection:
    """A connection for *app*; to be made and used inside a running loop.

    Args:
        ping: Seconds between two pings.
    """

    def __init__(self, app: AsyncApp, api: SlackApi, app_token: str, *, ping: float) -> None:
        self._api = api
        self._app_token = app_token
        self._ping = ping
        logger = logging.getLogger(f"{__name__}.client")  # not that of this module, whose events are no texts
        logger.addFilter(_BRIEF)
        self._handler = AsyncSocketModeHandler(app, app_token, logger, web_client=api.client, ping_interval=ping)
        self._watch: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Connect, and stay connected from then on.

        Raises:
            AccessRefused: Slack does not want the app token.
            ChatUnavailable: It cannot be reached.
        """
        with translated():
            async with asyncio.timeout(PATIENCE * self._ping):
                self._handler.client.wss_uri = await try_app_token(self._api, self._app_token)
                await self._handler.connect_async()
        self._watch = asyncio.create_task(self._stay_connected())

    async def close(self) -> None:
        """Say goodbye, and cut what does not answer."""
        client = self._handler.client
        if self._watch is not None:
            self._watch.cancel()
        with suppress(TimeoutError):
            async with asyncio.timeout(GOODBYE):
                await self._handler.close_async()
        workers = (self._watch, client.message_processor, client.current_session_monitor, client.message_receiver)
        running = [worker for worker in workers if worker is not None]
        for worker in running:
            worker.cancel()
        await asyncio.wait(running)
        await client.aiohttp_client_session.close()

    async def _stay_connected(self) -> None:
        lost_at: float | None = None
        asked_at = time.monotonic()
        while True:
            await asyncio.sleep(self._ping)
            now = time.monotonic()
            if not await self._handler.client.is_connected():
                lost_at = lost_at or now
                await self._reconnect(lost_for=now - lost_at)
            elif lost_at is not None:
                log.info("slack.reconnected", seconds=round(now - lost_at, 1))
                lost_at = None
            if now - asked_at >= HEALTH:
                asked_at = now
                await self._ask()

    async def _reconnect(self, *, lost_for: float) -> None:
        client = self._handler.client
        client.wss_uri = None  # the next try asks for a new address
        if lost_for == 0:
            log.warning("slack.disconnected")
        if lost_for < PATIENCE * self._ping or client.connect_operation_lock.locked():
            return
        log.warning("slack.still_disconnected", seconds=round(lost_for))
        try:
            with translated():
                await client.connect_to_new_endpoint()
        except BotError as error:
            log.warning("slack.not_reconnected", error=type(error).__name__)

    async def _ask(self) -> None:
        try:
            await self._api.ask_quickly(self._api.quick.auth_test())
        except BotError as error:
            log.warning("slack.unwell", error=type(error).__name__, why=str(error.sentence))
