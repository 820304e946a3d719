"""The code host, asked in short."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.change import Glance, PullRequestRef, RepositoryPattern, RepositoryRef
from bot.domain.digest import Fate, OpenBoard
from bot.domain.history import History
from bot.domain.quota import Quota


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

    async def repositories_of(self, owner: str) -> Mapping[RepositoryRef, bool]:
        """List the repositories of a person or an organisation, and whether each is private.

        None where nobody has that name. Archived ones are left out, and past some hundreds those where nothing happened
        for longest.
        """
        ...

    async def open_pull_requests(self, patterns: Sequence[RepositoryPattern], *, paths: bool = False) -> OpenBoard:
        """Fetch what is open in everything that *patterns* name, each repository once.

        What cannot be read is in `OpenBoard.unread`, the others count.

        Args:
            paths: With the paths of the changed files, which costs GitHub more.
        """
        ...

    async def fates(self, refs: Sequence[PullRequestRef]) -> Mapping[PullRequestRef, Fate]:
        """Tell what became of pull requests that are open no more; `Fate.UNKNOWN` where it cannot be told."""
        ...

    async def history(self, repository: RepositoryRef, since: datetime) -> History:
        """Fetch everything that is open in *repository*, and what was closed since a moment.

        Past some thousands the oldest are left out, which the history says.

        Raises:
            RepositoryNotFound: It is not there, or the token may not see it.
            ConfigInvalid: There is no token, without which nobody is told.
        """
        ...

    def quotas(self) -> Sequence[Quota]:
        """Tell how much may still be asked, as of the last answer; nothing before the first."""
        ...
