"""The message that shows how far a review is: posted once, edited as often as Slack bears, never waited for."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from adapters.slack.api import SlackApi
from adapters.slack.render import Rendered
from bot.domain.errors import BotError

log = structlog.get_logger()

BETWEEN = 3.0
"""Seconds between two edits of one message."""

Edit = Callable[[str, Rendered], Awaitable[None]]
"""Puts something in place of the message with a timestamp."""


class ProgressMessage:
    """A message that is edited in the background; the newest state wins.

    Attributes:
        ts: Its timestamp, by which Slack names it.
    """

    def __init__(self, ts: str, api: SlackApi, edit: Edit) -> None:
        self.ts = ts
        self._api = api
        self._edit = edit
        self._newest: Rendered | None = None
        self._shown = ""
        self._editing: asyncio.Task[None] | None = None

    def change(self, rendered: Rendered) -> None:
        """Show another state as soon as it may be shown."""
        if rendered.text == self._shown:
            return
        self._newest = rendered
        if self._editing is None or self._editing.done():
            self._editing = asyncio.create_task(self._keep_up())

    async def stop(self) -> str:
        """Stop editing and return the timestamp, so that something else can be put there."""
        if self._editing is not None:
            self._editing.cancel()
            await asyncio.wait([self._editing])
        return self.ts

    async def _keep_up(self) -> None:
        while self._newest is not None:
            rendered, self._newest = self._newest, None
            if self._api.edits.allows():
                try:
                    await self._edit(self.ts, rendered)
                    self._shown = rendered.text
                except BotError as error:  # the review goes on, and shows itself in the end
                    log.info("slack.progress_not_shown", error=type(error).__name__)
            await asyncio.sleep(BETWEEN)
