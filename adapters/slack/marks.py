"""Marks by which a message is found again that was posted by a try which was killed before it could note so.

Slack keeps them with the message, unseen and also when it is edited: https://docs.slack.dev/messaging/message-metadata.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

import structlog

from adapters.slack.api import SlackApi
from adapters.slack.errors import code_of
from adapters.slack.place import SlackPlace
from bot.domain.errors import BotError
from bot.ports.inbox import Job

log = structlog.get_logger()

EVENT_TYPE = "parley_posted"
MOST_LOOKED_AT = 200
"""Messages: what is looked for was posted within minutes of the newest."""


class Marks:
    """Marks what is posted for *job* at one place, and finds what an earlier try posted there."""

    def __init__(self, api: SlackApi, place: SlackPlace, job: Job | None) -> None:
        self._api = api
        self._place = place
        self._job = job

    def of(self, key: str) -> dict[str, Any] | None:
        """Return the mark of what is called *key* within the job; None where nobody will look for it."""
        if self._job is None or not key:
            return None
        return {"event_type": EVENT_TYPE, "event_payload": {"mark": _short(f"{self._job.id} {key}")}}

    async def find(self, key: str, *, unsure: bool = False) -> str:
        """Return the timestamp of what was posted as *key*, empty if nothing.

        Args:
            unsure: This try itself may have posted it; otherwise only an earlier one may have.
        """
        mark = self.of(key)
        if mark is None or self._job is None or not (unsure or self._job.tries > 1):
            return ""
        return await self._newest(
            lambda message: message.get("metadata", {}).get("event_payload") == mark["event_payload"]
        )

    async def find_stream(self) -> str:
        """Return the timestamp of the stream that an earlier try began: one has no mark until it ends."""
        return await self._newest(
            lambda message: (
                message.get("user") == self._api.user and not message.get("metadata") and not message.get("subtype")
            )
        )

    async def _newest(self, wanted: Callable[[Mapping[str, Any]], bool]) -> str:
        place, client = self._place, self._api.quick
        thread = place.thread or place.message
        asked: dict[str, Any] = {"channel": place.channel, "limit": MOST_LOOKED_AT, "include_all_metadata": True}
        call = (
            client.conversations_replies(ts=thread, oldest=place.message or None, **asked)
            if thread
            else client.conversations_history(**asked)
        )
        try:
            messages = (await self._api.ask_quickly(call)).get("messages", [])
        except BotError as error:
            log.warning("slack.not_looked_back", error=type(error).__name__, code=code_of(error))
            return ""
        return max((str(message["ts"]) for message in messages if wanted(message)), default="")


def _short(words: str) -> str:
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:32]
