"""The code host, asked in short."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.domain.change import Glance, PullRequestRef, RepositoryRef
from bot.domain.digest import Digest


class CodeHost(Protocol):
    """Answers what is needed before and beside a review.

    Every method may raise `TransientError` when it does not answer or wants to be asked later, and `AccessRefused`.
    """

    async def look(self, ref: PullRequestRef) -> Glance:
        """Look at a pull request without its lines, with one request.

        Raises:
            PullRequestNotFound: It is not there, or the token may not see it.
        """
        ...

    async def is_private(self, repository: RepositoryRef) -> bool:
        """Tell whether a repository is not open to everybody.

        Raises:
            RepositoryNotFound: It is not there, or the token may not see it.
        """
        ...

    async def open_pull_requests(self, repositories: Sequence[RepositoryRef]) -> Digest:
        """Fetch what is open in *repositories*; one that cannot be read is in `Digest.unread`, the others count."""
        ...
