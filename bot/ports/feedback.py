"""What people said about findings and reviews, kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.feedback import Dismissal


class Feedback(Protocol):
    """Durable as soon as a method returns. Every method may raise `StoreUnusable`."""

    async def dismiss(self, dismissal: Dismissal) -> None:
        """Remember a dismissal; of the same finding in the same channel the first stays."""
        ...

    async def restore(self, channel: str, finding: str) -> bool:
        """Forget a dismissal; tell whether there was one."""
        ...

    async def dismissed(self, channel: str) -> Sequence[Dismissal]:
        """Load what a channel dismissed, newest first."""
        ...

    async def rate(self, review: str, *, by: str, helpful: bool, at: datetime) -> None:
        """Remember what a person thinks of a review, in place of what they thought before."""
        ...

    async def ratings(self, review: str) -> tuple[int, int]:
        """Count who found a review helpful, and who did not."""
        ...
