"""Which channel was given which repository."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol


class Grants(Protocol):
    """What admins allowed in chat, durable as soon as a method returns. Every method may raise `StoreUnusable`."""

    async def allow(self, channel: str, pattern: str, *, by: str, at: datetime) -> None:
        """Give a channel the repositories of a pattern, as `bot.domain.access.covers` reads it."""
        ...

    async def disallow(self, channel: str, pattern: str) -> bool:
        """Take it back, however its letters are written; tell whether it was given."""
        ...

    async def allowed(self, channel: str) -> Sequence[str]:
        """Load the patterns of a channel, in the order they were given."""
        ...
