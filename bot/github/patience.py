"""How often and how long we ask again, counted over one whole review."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog

from bot.domain.errors import CodeHostUnavailable, RateLimited

T = TypeVar("T")
Sleep = Callable[[float], Awaitable[None]]

TRIES = 3
"""Of a request that GitHub failed to answer."""

SHORTEST_WAIT = 1.0

log = structlog.get_logger()


class Patience:
    """Waits on the event loop, where waiting is cancelled at once and holds no thread.

    Args:
        seconds: To spend on rate limits altogether.
    """

    def __init__(self, seconds: float, *, sleep: Sleep = asyncio.sleep) -> None:
        self._left = seconds
        self._sleep = sleep

    async def ask(self, attempt: Callable[[], Awaitable[T]], *, tries: int = TRIES) -> T:
        """Repeat *attempt* until it succeeds or there is no point in it.

        Raises:
            RateLimited: GitHub wants more time than is left.
            CodeHostUnavailable: No answer after *tries* tries.
        """
        failures = 0
        while True:
            try:
                return await attempt()
            except RateLimited as error:
                await self._wait(error)
            except CodeHostUnavailable:
                failures += 1
                if failures >= tries:
                    raise
                await self._sleep(0.5 * failures)

    async def _wait(self, error: RateLimited) -> None:
        seconds = max(error.retry_after or 0.0, SHORTEST_WAIT)
        if seconds > self._left:
            raise error
        self._left -= seconds
        log.info("github.throttled", seconds=round(seconds))
        await self._sleep(seconds)
