"""GitHub, asked in short: who may see a repository, where a branch stands, what is open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from github.Auth import Auth

from bot.domain.change import Glance, PullRequestRef, RepositoryPattern, RepositoryRef
from bot.domain.digest import Fate, OpenBoard
from bot.domain.errors import AccessRefused, BotError, PullRequestNotFound, RepositoryNotFound
from bot.domain.history import History
from bot.domain.quota import Quota
from bot.domain.sentence import Sentence
from bot.github.facts import renamed
from bot.github.fates import fates_of
from bot.github.histories import history_of
from bot.github.open_pulls import Shelf, fill
from bot.github.owned import repositories_of
from bot.github.rest import PULL, REPOSITORY, pull_path
from bot.github.talk import Talk
from bot.github.talks import Talks


class GitHubCodeHost:
    """Answers what is needed before and beside a review.

    Args:
        talks: Shared with `GitHubChanges`, which closes them.
    """

    def __init__(self, talks: Talks) -> None:
        self._talks = talks

    async def look(self, ref: PullRequestRef) -> Glance:
        """Look at a pull request without its lines, with one request."""
        talk = await self._talks.about(ref.repository_ref, str(ref))
        pull = await talk.get(pull_path(ref), PULL)
        return Glance(
            ref=renamed(ref, pull.base.repo.full_name),
            title=pull.title,
            url=pull.html_url,
            head_sha=pull.head.sha,
            private=pull.base.repo.private,
        )

    async def is_private(self, repository: RepositoryRef) -> bool:
        """Tell whether a repository is not open to everybody, with one request."""
        try:
            talk = await self._talks.about(repository, str(repository))
            return (await talk.get(f"/repos/{repository}", REPOSITORY)).private
        except PullRequestNotFound as error:  # how a talk calls what is missing
            raise RepositoryNotFound(error.sentence) from error

    async def repositories_of(self, owner: str) -> Mapping[RepositoryRef, bool]:
        """List the repositories of an owner, and whether each is private."""
        owned = await repositories_of(await self._talks.about_owner(owner), owner)
        return {one.ref: one.private for one in owned}

    async def open_pull_requests(self, patterns: Sequence[RepositoryPattern], *, paths: bool = False) -> OpenBoard:
        """Fetch what is open in everything that *patterns* name, one request after another, as GitHub asks for."""
        shelves: dict[RepositoryRef, Shelf] = {}
        unread: list[tuple[RepositoryPattern, Sentence]] = []
        for pattern in sorted(patterns, key=lambda pattern: pattern.repository is None):
            try:
                for shelf in await self._shelves(pattern):
                    shelves.setdefault(shelf.ref, shelf)
            except (PullRequestNotFound, AccessRefused) as error:
                unread.append((pattern, error.sentence))
        by_identity: dict[Auth | None, list[Shelf]] = {}
        for shelf in shelves.values():
            if shelf.missing != 0:
                by_identity.setdefault(shelf.talk.auth, []).append(shelf)
        for of_one in by_identity.values():
            await fill(of_one, paths=paths)
        unread += [(shelf.pattern, shelf.problem) for shelf in shelves.values() if shelf.problem is not None]
        read = [shelf.opened() for shelf in shelves.values() if shelf.private is not None]
        return OpenBoard(repositories=tuple(read), unread=tuple(unread))

    async def fates(self, refs: Sequence[PullRequestRef]) -> Mapping[PullRequestRef, Fate]:
        """Tell what became of pull requests, with one request for all that one identity sees."""
        fates = dict.fromkeys(refs, Fate.UNKNOWN)
        by_identity: dict[Auth | None, tuple[Talk, list[PullRequestRef]]] = {}
        for ref in refs:
            try:
                talk = await self._talks.about(ref.repository_ref, str(ref))
            except BotError:
                continue
            by_identity.setdefault(talk.auth, (talk, []))[1].append(ref)
        for talk, mine in by_identity.values():
            if talk.auth is not None:  # without a token each would be a request of few
                fates |= await fates_of(talk, mine)
        return fates

    async def history(self, repository: RepositoryRef, since: datetime) -> History:
        """Fetch what is open and what was closed since a moment, with one request for each hundred of them."""
        try:
            return await history_of(await self._talks.about(repository, str(repository)), repository, since)
        except PullRequestNotFound as error:  # how a talk calls what is missing
            raise RepositoryNotFound(error.sentence) from error

    def quotas(self) -> Sequence[Quota]:
        """Tell how much may still be asked, as of the last answer."""
        return self._talks.quotas.all()

    async def _shelves(self, pattern: RepositoryPattern) -> list[Shelf]:
        if pattern.repository is not None:
            talk = await self._talks.about(pattern.repository, str(pattern))
            return [Shelf(ref=pattern.repository, pattern=pattern, talk=talk)]
        talk = await self._talks.about_owner(pattern.owner)
        owned = await repositories_of(talk, pattern.owner)
        if not owned:
            raise PullRequestNotFound(talk.asked.missing)
        return [
            Shelf(
                ref=one.ref,
                pattern=pattern,
                talk=await self._talks.about(one.ref, str(one.ref)),
                private=one.private,
                total=one.open,
            )
            for one in owned
        ]
