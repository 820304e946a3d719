"""The port that `listen` of [server] names."""

from __future__ import annotations

import asyncio
import errno

import structlog
from aiohttp import web

from bot.domain.errors import ConfigInvalid
from bot.domain.sentence import say
from bot.server.webhooks import Webhooks

log = structlog.get_logger()

LARGEST = 25 * 2**20
"""Bytes of one delivery, GitHub's own limit: https://docs.github.com/en/webhooks/webhook-events-and-payloads."""


class Server:
    """Answers `/health`, and takes webhooks at `/webhooks/github` where there is a secret for them.

    Attributes:
        port: The one that is listened on, once it is; 0 before.
        listening: Set when it is.
    """

    def __init__(self, *, host: str, port: int, webhooks: Webhooks | None) -> None:
        self._host = host
        self._wanted = port
        self.port = 0
        self.listening = asyncio.Event()
        self._app = web.Application(client_max_size=LARGEST)
        self._app.router.add_get("/health", _health)
        if webhooks is not None:
            self._app.router.add_post("/webhooks/github", webhooks.take)

    async def run(self) -> None:
        """Listen until cancelled.

        Raises:
            ConfigInvalid: The address cannot be used.
        """
        runner = web.AppRunner(self._app, access_log=None, shutdown_timeout=0.2)
        await runner.setup()
        try:
            try:
                await web.TCPSite(runner, self._host, self._wanted).start()
            except OSError as error:
                raise _unusable(self._host, self._wanted, error) from error
            self.port = int(runner.addresses[0][1])
            self.listening.set()
            log.info("server.listening", host=self._host, port=self.port)
            await asyncio.Event().wait()
        finally:
            await runner.cleanup()


async def _health(_request: web.Request) -> web.Response:
    return web.json_response({"status": "ok"})


def _unusable(host: str, port: int, error: OSError) -> ConfigInvalid:
    why = "in use already" if error.errno == errno.EADDRINUSE else (error.strerror or type(error).__name__)
    return ConfigInvalid(
        say("listen of [server]: {host}:{port} cannot be listened on ({why}).", host=host, port=port, why=why)
    )
