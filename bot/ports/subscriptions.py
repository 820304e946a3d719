"""What channels subscribed to, kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.domain.subscription import Subscription


class Subscriptions(Protocol):
    """Durable as soon as a method returns. Every method may raise `StoreUnusable`."""

    async def save(self, subscription: Subscription) -> None:
        """Keep a subscription in place of the one of the same id."""
        ...

    async def remove(self, channel: str, ids: Sequence[str]) -> int:
        """Remove some of a channel's; return how many there were."""
        ...

    async def of(self, channels: Sequence[str]) -> Sequence[Subscription]:
        """Load those of some channels, by channel, repository and age."""
        ...

    async def all(self) -> Sequence[Subscription]:
        """Load all, in the same order."""
        ...
