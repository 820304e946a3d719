"""A `CodeHost` that knows what a test tells it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.change import Glance, PullRequestRef, RepositoryPattern, RepositoryRef
from bot.domain.digest import DigestEntry, Fate, OpenBoard, OpenRepository
from bot.domain.errors import BotError, PullRequestNotFound, RepositoryNotFound
from bot.domain.history import Course, History
from bot.domain.quota import Quota
from bot.domain.sentence import Sentence, say
from tests.builders import HEAD


@dataclass(kw_only=True)
class FixedCodeHost:
    """Knows repositories by name with whether they are private, and open pull requests; fails while `failure` is set.

    A pull request of a known repository is there if its number is in `numbers`. The `courses` are those of every one.
    """

    repositories: dict[str, bool] = field(default_factory=lambda: {"octo/stats": False})
    numbers: set[int] = field(default_factory=lambda: {12})
    head: str = HEAD
    entries: list[DigestEntry] = field(default_factory=list)
    failure: BotError | None = None
    asked: list[str] = field(default_factory=list)
    ends: dict[PullRequestRef, Fate] = field(default_factory=dict)
    left: list[Quota] = field(default_factory=list)
    courses: list[Course] = field(default_factory=list)

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

    async def repositories_of(self, owner: str) -> Mapping[RepositoryRef, bool]:
        self._ask(f"{owner}/*")
        return {
            repository: private
            for name, private in self.repositories.items()
            if (repository := _repository(name)).owner.casefold() == owner.casefold()
        }

    async def open_pull_requests(self, patterns: Sequence[RepositoryPattern], *, paths: bool = False) -> OpenBoard:
        unread: list[tuple[RepositoryPattern, Sentence]] = []
        found: dict[RepositoryRef, OpenRepository] = {}
        for pattern in patterns:
            self._ask(str(pattern))
            meant = [name for name in self.repositories if pattern.covers(_repository(name))]
            if not meant:
                unread.append((pattern, say("{name} was not found.", name=str(pattern))))
            for name in meant:
                found.setdefault(_repository(name), self._open(name, pattern))
        return OpenBoard(repositories=tuple(found.values()), unread=tuple(unread))

    async def fates(self, refs: Sequence[PullRequestRef]) -> Mapping[PullRequestRef, Fate]:
        return {ref: self.ends.get(ref, Fate.UNKNOWN) for ref in refs}

    async def history(self, repository: RepositoryRef, since: datetime) -> History:
        private = await self.is_private(repository)
        return History(
            repository=_repository(self._known(repository) or ""),
            private=private,
            since=since,
            courses=tuple(one for one in self.courses if one.closed is None or one.closed >= since),
        )

    def quotas(self) -> Sequence[Quota]:
        return self.left

    def _open(self, name: str, pattern: RepositoryPattern) -> OpenRepository:
        ref = _repository(name)
        mine = sorted((one for one in self.entries if one.ref.repository_ref == ref), key=lambda one: one.created)
        return OpenRepository(
            ref=ref, pattern=pattern, private=self.repositories[name], entries=tuple(mine), total=len(mine)
        )

    def _ask(self, name: str) -> str:
        self.asked.append(name)
        if self.failure is not None:
            raise self.failure
        return name

    def _known(self, repository: RepositoryRef) -> str | None:
        return next((name for name in self.repositories if name.casefold() == str(repository).casefold()), None)


def _repository(name: str) -> RepositoryRef:
    owner, _, repository = name.partition("/")
    return RepositoryRef(owner=owner, name=repository)
