"""A `CodeHost` that knows what a test tells it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.domain.change import Glance, PullRequestRef, RepositoryRef
from bot.domain.digest import Digest, DigestEntry
from bot.domain.errors import BotError, PullRequestNotFound, RepositoryNotFound
from bot.domain.sentence import say
from tests.builders import HEAD, NOON


@dataclass(kw_only=True)
class FixedCodeHost:
    """Knows repositories by name with whether they are private, and open pull requests; fails while `failure` is set.

    A pull request of a known repository is there if its number is in `numbers`.
    """

    repositories: dict[str, bool] = field(default_factory=lambda: {"octo/stats": False})
    numbers: set[int] = field(default_factory=lambda: {12})
    head: str = HEAD
    entries: list[DigestEntry] = field(default_factory=list)
    failure: BotError | None = None
    asked: list[str] = field(default_factory=list)

    async def look(self, ref: PullRequestRef) -> Glance:
        name = self._ask(str(ref))
        known = self._known(ref.repository_ref)
        if known is None or ref.number not in self.numbers:
            raise PullRequestNotFound(say("{name} was not found.", name=name))
        owner, repository = known.split("/")
        return Glance(
            ref=PullRequestRef(owner=owner, repository=repository, number=ref.number),
            title="Split the mean into steps",
            url=f"https://github.com/{known}/pull/{ref.number}",
            head_sha=self.head,
            private=self.repositories[known],
        )

    async def is_private(self, repository: RepositoryRef) -> bool:
        name = self._ask(str(repository))
        known = self._known(repository)
        if known is None:
            raise RepositoryNotFound(say("{name} was not found.", name=name))
        return self.repositories[known]

    async def open_pull_requests(self, repositories: Sequence[RepositoryRef]) -> Digest:
        for repository in repositories:
            self._ask(str(repository))
        known = [repository for repository in repositories if self._known(repository)]
        unread = [(one, say("{name} was not found.", name=str(one))) for one in repositories if one not in known]
        entries = [entry for entry in self.entries if entry.ref.repository_ref in known]
        return Digest(
            at=NOON,
            repositories=tuple(repositories),
            entries=tuple(sorted(entries, key=lambda entry: entry.created)),
            unread=tuple(unread),
        )

    def _ask(self, name: str) -> str:
        self.asked.append(name)
        if self.failure is not None:
            raise self.failure
        return name

    def _known(self, repository: RepositoryRef) -> str | None:
        return next((name for name in self.repositories if name.casefold() == str(repository).casefold()), None)
