"""The message that shows how far a review is: posted once, edited as often as Slack bears, never waited for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import structlog

from adapters.slack.background import Background
from adapters.slack.errors import GONE, code_of
from adapters.slack.pace import Pace
from adapters.slack.posting import Poster
from adapters.slack.rich import Rendered
from bot.domain.errors import BotError, ChatRefused, ChatUnavailable

log = structlog.get_logger()

UNKNOWN_WAIT = 10.0
"""Seconds without edits where Slack is overrun and does not say for how long."""


class ProgressMessage:
    """A message that is edited in the background; the newest state wins.

    Args:
        key: As in `Poster.post`.
        keep: Is told the timestamp when the message is posted.

    Attributes:
        ts: The timestamp, by which Slack names the message; empty until it is posted.
    """

    def __init__(self, ts: str, poster: Poster, pace: Pace, key: str, keep: Callable[[str], Awaitable[None]]) -> None:
        self.ts = ts
        self._key = key
        self._poster = poster
        self._pace = pace
        self._keep = keep
        self._newest: Rendered | None = None
        self._shown = ""
        self._background = Background(self._step, between=lambda: pace.between)

    async def begin(self, rendered: Rendered) -> None:
        """Show the first state at once; where Slack does not answer now, it is shown later.

        Raises:
            ChatRefused: Nothing can be posted there.
        """
        self._newest = rendered
        try:
            await self._put(rendered)
        except ChatUnavailable as error:
            self._note(error)
            self._background.wake()

    def change(self, rendered: Rendered) -> None:
        """Show another state as soon as it may be shown."""
        self._newest = rendered
        if rendered.text != self._shown:
            self._background.wake()

    async def stop(self) -> str:
        """Stop editing and return the timestamp, so that something else can be put there."""
        await self._background.stop()
        return self.ts

    async def _step(self) -> bool:
        if self._newest is None or self._newest.text == self._shown:
            return True
        if not self._pace.allows():
            return False
        try:
            await self._put(self._newest)
        except BotError as error:  # the review goes on, and shows itself in the end
            self._note(error)
            return not isinstance(error, ChatUnavailable)
        return True

    async def _put(self, rendered: Rendered) -> None:
        if self.ts and not await self._stands(rendered):
            self.ts = ""
        if not self.ts:
            self.ts = await self._poster.post(rendered, key=self._key, quickly=True)
            await self._keep(self.ts)
        self._shown = rendered.text

    async def _stands(self, rendered: Rendered) -> bool:
        """Edit the message, and tell whether it was there."""
        try:
            await self._poster.edit(self.ts, rendered, quickly=True)
        except ChatRefused as error:
            if code_of(error) in GONE:
                return False
            raise
        return True

    def _note(self, error: BotError) -> None:
        if isinstance(error, ChatUnavailable):
            self._pace.shut(error.retry_after or UNKNOWN_WAIT)
        log.info("slack.progress_not_shown", error=type(error).__name__, code=code_of(error))
