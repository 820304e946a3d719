"""What happens in repositories, asked for so that silence costs nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.change import PullRequestRef, RepositoryRef
from bot.domain.watch import Comment, Stand


class Pulse(Protocol):
    """Every method may raise `TransientError`, `AccessRefused`, and `RepositoryNotFound` where there is nothing."""

    async def mark(self, repository: RepositoryRef, before: str) -> str:
        """Return a mark of all pull requests; it is *before* where nothing happened to any, which costs nothing.

        Checks are no part of it: they end without a word of the pull request.
        """
        ...

    async def comments(self, repository: RepositoryRef, since: datetime) -> Sequence[Comment]:
        """Fetch what was said below pull requests at *since* or later, oldest first; the last hundred."""
        ...

    async def stands(self, refs: Sequence[PullRequestRef]) -> Mapping[PullRequestRef, Stand]:
        """Fetch how pull requests stand; one that cannot be seen is left out."""
        ...
