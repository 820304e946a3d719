"""Digests: what is open in the repositories that a channel may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.access import Audience
from bot.domain.change import RepositoryRef
from bot.domain.digest import Digest
from bot.domain.errors import NotAllowed
from bot.domain.sentence import Sentence
from bot.ports.code_host import CodeHost
from bot.service.access import Access


class Digests:
    """Makes digests."""

    def __init__(self, *, code_host: CodeHost, access: Access) -> None:
        self._code_host = code_host
        self._access = access

    async def make(self, repositories: Sequence[RepositoryRef], audience: Audience) -> Digest:
        """Fetch what is open; a repository that *audience* may not see is named as unread, as a missing one is.

        Raises:
            NotAllowed: There is no other repository.
            TransientError: The code host does not answer.
        """
        seen: list[RepositoryRef] = []
        refused: list[tuple[RepositoryRef, Sentence]] = []
        failure: NotAllowed | None = None
        for repository in repositories:
            try:
                await self._access.admit_repository(audience, repository)
            except NotAllowed as error:
                refused.append((repository, error.sentence))
                failure = error
            else:
                seen.append(repository)
        if failure is not None and not seen:
            raise failure
        digest = await self._code_host.open_pull_requests(seen)
        return replace(digest, repositories=tuple(repositories), unread=(*digest.unread, *refused))
