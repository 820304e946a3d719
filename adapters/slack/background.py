"""Work beside a review or an answer that nobody waits for."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

PATIENCE = 10.0
"""Seconds that `stop` waits for a step: longer than a request that nobody would miss may take."""


class Background:
    """Takes a step after each `wake`, never two at once; ends by itself when there is nothing to do.

    Args:
        step: Does what there is to do, and returns whether it did; if not, it is called again.
        between: Tells how many seconds to wait after a step.
    """

    def __init__(self, step: Callable[[], Awaitable[bool]], *, between: Callable[[], float]) -> None:
        self._step = step
        self._between = between
        self._more = False
        self._stopped = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def wake(self) -> None:
        """Let a step be taken as soon as may be; ignored after `stop`."""
        if self._stopped.is_set():
            return
        self._more = True
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """End after the step that is being taken: a request that is cut off may still arrive, after others."""
        self._stopped.set()
        if self._task is None:
            return
        _, late = await asyncio.wait([self._task], timeout=PATIENCE)
        if late:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def _run(self) -> None:
        while self._more and not self._stopped.is_set():
            self._more = False
            if not await self._step():
                self._more = True
            await self._rest()

    async def _rest(self) -> None:
        # Not `wait_for`: in Python 3.11 it loses a cancellation that comes together with the event.
        try:
            async with asyncio.timeout(self._between()):
                await self._stopped.wait()
        except TimeoutError:
            return
