"""What channels watch, and what they were shown of it, kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.domain.change import RepositoryPattern
from bot.domain.watch import Watch, Watched


class Watches(Protocol):
    """Durable as soon as a method returns. Every method may raise `StoreUnusable`."""

    async def save(self, watch: Watch, known: Sequence[Watched] = ()) -> None:
        """Keep a watch in place of the channel's earlier one of the repository, with what is *known* from the start.

        What the channel was shown before stays.
        """
        ...

    async def remove(self, channel: str, pattern: RepositoryPattern) -> bool:
        """Remove a watch and what the channel was shown for it; tell whether there was one."""
        ...

    async def of(self, channel: str) -> Sequence[Watch]:
        """Load those of a channel, by repository."""
        ...

    async def all(self) -> Sequence[Watch]:
        """Load all, by repository and channel."""
        ...

    async def watched(self, channel: str, pattern: RepositoryPattern) -> Sequence[Watched]:
        """Load what is known of the pull requests of a repository in a channel."""
        ...

    async def put(self, one: Watched) -> None:
        """Keep how far the channel is with a pull request, if it still watches its repository."""
        ...
