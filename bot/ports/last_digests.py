"""What the last digests said, so that the next can say what is different."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.domain.digest import LastDigest


class LastDigests(Protocol):
    """Durable as soon as a method returns. Every method may raise `StoreUnusable`."""

    async def save(self, last: LastDigest) -> None:
        """Keep what a digest said, in place of the one before of the same subscription."""
        ...

    async def of(self, subscriptions: Sequence[str]) -> Sequence[LastDigest]:
        """Load those of some subscriptions; one that had no digest yet is left out."""
        ...
