"""Keeping the chat adapters running, each by itself: one that cannot connect does not take the others down."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import structlog

from bot.domain.errors import BotError, PermanentError, TransientError
from bot.domain.sentence import Sentence, Speak
from bot.ports.adapter import Adapter
from bot.ports.chat import Chat
from bot.ports.inbox import Job

log = structlog.get_logger()

FIRST_WAIT, LONGEST_WAIT = 2.0, 60.0
"""Seconds between two tries to connect; each wait is twice the one before."""

Sleep = Callable[[float], Awaitable[None]]


class Serving:
    """The chat platforms of this process.

    Args:
        speak: Puts what is logged for the operator into the configured language.
        sleep: Waits on the event loop.
    """

    def __init__(self, adapters: Sequence[Adapter], *, speak: Speak, sleep: Sleep = asyncio.sleep) -> None:
        self._adapters = adapters
        self._speak = speak
        self._sleep = sleep

    def chat_in(self, channel: str, *, thread: str = "", job: Job | None = None) -> Chat | None:
        """Return a chat to post in a channel or thread, from the platform that its name begins with."""
        name = channel.partition(":")[0]
        adapter = next((adapter for adapter in self._adapters if adapter.name == name), None)
        return adapter.chat_in(channel, thread=thread, job=job) if adapter else None

    async def run(self) -> None:
        """Serve until cancelled.

        Raises:
            PermanentError: No adapter is left: each was refused for good. The error is that of the last.
        """
        ends = [asyncio.create_task(self._keep(adapter), name=adapter.name) for adapter in self._adapters]
        try:
            errors = await asyncio.gather(*ends)
        finally:
            for end in ends:
                if not end.cancelling():  # a second time would interrupt its goodbye
                    end.cancel()
            await asyncio.gather(*ends, return_exceptions=True)
        raise errors[-1]

    async def _keep(self, adapter: Adapter) -> PermanentError:
        """Run *adapter*, again and again while time can help; return why it cannot be run."""
        wait = FIRST_WAIT

        def ready(sentence: Sentence) -> None:
            nonlocal wait
            wait = FIRST_WAIT
            log.info("adapter.ready", adapter=adapter.name, message=self._speak(sentence))

        while True:
            try:
                await adapter.run(ready)
            except PermanentError as error:
                log.warning("adapter.refused", adapter=adapter.name, message=self._speak(error.sentence))
                return error
            except BotError as error:
                pause = error.retry_after if isinstance(error, TransientError) and error.retry_after else wait
                log.warning(
                    "adapter.unavailable", adapter=adapter.name, message=self._speak(error.sentence), wait=pause
                )
            else:
                pause = wait
                log.warning("adapter.ended", adapter=adapter.name, wait=pause)
            wait = min(wait * 2, LONGEST_WAIT)
            await self._sleep(pause)
