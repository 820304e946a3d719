"""What channels subscribed to, kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.domain.change import RepositoryRef
from bot.domain.subscription import Subscription


class Subscriptions(Protocol):
    """Durable as soon as a method returns. Every method may raise `StoreUnusable`."""

    async def save(self, subscription: Subscription) -> None:
        """Keep a subscription in place of the channel's earlier one of this repository, however that was written."""
        ...

    async def remove(self, channel: str, repository: RepositoryRef) -> bool:
        """Remove it; tell whether there was one."""
        ...

    async def of(self, channels: Sequence[str]) -> Sequence[Subscription]:
        """Load those of some channels, by channel and repository."""
        ...

    async def all(self) -> Sequence[Subscription]:
        """Load all, by channel and repository."""
        ...
