"""What is not to be spoken of for a while, kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.subscription import Snooze


class Snoozes(Protocol):
    """Durable as soon as a method returns. Every method may raise `StoreUnusable`."""

    async def save(self, snooze: Snooze) -> None:
        """Keep a snooze in place of the channel's earlier one of the same thing, however that was written."""
        ...

    async def remove(self, snooze: Snooze) -> bool:
        """Forget the snooze of the same thing in the same channel; tell whether there was one."""
        ...

    async def of(self, channel: str, now: datetime) -> Sequence[Snooze]:
        """Load those of a channel that have not ended, by when they end."""
        ...
