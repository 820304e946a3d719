"""GitHub, asked in short: who may see a repository, where a branch stands, what is open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from bot.domain.change import Glance, PullRequestRef, RepositoryRef
from bot.domain.digest import Digest, DigestEntry
from bot.domain.errors import AccessRefused, PullRequestNotFound, RepositoryNotFound
from bot.domain.sentence import Sentence
from bot.github.facts import renamed
from bot.github.open_pulls import open_pulls
from bot.github.rest import PULL, REPOSITORY, pull_path
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

    async def open_pull_requests(self, repositories: Sequence[RepositoryRef]) -> Digest:
        """Fetch what is open in *repositories*, one after another, as GitHub asks for."""
        entries: list[DigestEntry] = []
        unread: list[tuple[RepositoryRef, Sentence]] = []
        for repository in repositories:
            try:
                entries += await open_pulls(await self._talks.about(repository, str(repository)), repository)
            except (PullRequestNotFound, AccessRefused) as error:
                unread.append((repository, error.sentence))
        return Digest(
            at=datetime.now(UTC),
            repositories=tuple(repositories),
            entries=tuple(sorted(entries, key=lambda entry: entry.created)),
            unread=tuple(unread),
        )
