"""What is reviewed: where it comes from (`Target`) and what was fetched (`Change`)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TypeAlias

from bot.domain.diff import Diff


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryRef:
    """The name of a repository on the code host, which does not tell upper from lower case."""

    owner: str
    name: str

    def __str__(self) -> str:
        return f"{self.owner}/{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryPattern:
    """One repository, or all of an owner.

    Attributes:
        name: `*` for all.
    """

    owner: str
    name: str

    def __str__(self) -> str:
        return f"{self.owner}/{self.name}"

    @property
    def repository(self) -> RepositoryRef | None:
        """Return the one repository, None for all of an owner."""
        return None if self.name == "*" else RepositoryRef(owner=self.owner, name=self.name)

    def covers(self, repository: RepositoryRef) -> bool:
        """Tell whether *repository* is meant, in whatever letter case either is written."""
        owner, name = self.owner.casefold(), self.name.casefold()
        return owner == repository.owner.casefold() and name in ("*", repository.name.casefold())


@dataclass(frozen=True, slots=True, kw_only=True)
class PullRequestRef:
    """The name of a pull request, parsed from a link or from `owner/repository#12`."""

    owner: str
    repository: str
    number: int

    def __str__(self) -> str:
        return f"{self.owner}/{self.repository}#{self.number}"

    @property
    def repository_ref(self) -> RepositoryRef:
        """Return the repository it asks to change."""
        return RepositoryRef(owner=self.owner, name=self.repository)


def from_name(name: str) -> PullRequestRef | RepositoryPattern:
    """Return what has this name, as `str` wrote it."""
    repository, hash_, number = name.partition("#")
    owner, _, repository = repository.partition("/")
    if hash_:
        return PullRequestRef(owner=owner, repository=repository, number=int(number))
    return RepositoryPattern(owner=owner, name=repository)


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffFile:
    """A `.diff` or `.patch` file of this machine; no path means standard input."""

    path: Path | None

    def __str__(self) -> str:
        return str(self.path) if self.path else "standard input"


@dataclass(frozen=True, slots=True, kw_only=True)
class GitRange:
    """A range such as `main...HEAD` of a repository on this machine."""

    folder: Path
    range: str

    def __str__(self) -> str:
        return self.range


Target: TypeAlias = PullRequestRef | DiffFile | GitRange


def is_same(one: Target, other: Target) -> bool:
    """Tell whether two targets are one, also where a pull request is written in other letter cases."""
    if isinstance(one, PullRequestRef) and isinstance(other, PullRequestRef):
        return str(one).casefold() == str(other).casefold()
    return one == other


class CiState(StrEnum):
    """What the checks of the head commit say, all together."""

    PASSING = "passing"
    FAILING = "failing"
    PENDING = "pending"
    NONE = "none"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """One commit of the change, oldest first where several stand in a row."""

    sha: str
    message: str
    author: str

    @property
    def title(self) -> str:
        """Return the first line of the message."""
        return self.message.partition("\n")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """An issue that the pull request says it closes."""

    number: int
    title: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PullRequest:
    """What is known about a change besides its lines.

    A local diff has a title (its file name or range) and no `ref`; what nobody knows is empty.

    Attributes:
        url: The page people look at.
        private: Whether the repository is private; None where nobody said.
    """

    title: str
    ref: PullRequestRef | None = None
    body: str = ""
    author: str = ""
    head_sha: str = ""
    base_sha: str = ""
    head_branch: str = ""
    base_branch: str = ""
    url: str = ""
    state: str = ""
    draft: bool = False
    private: bool | None = None
    labels: tuple[str, ...] = ()
    ci: CiState = CiState.UNKNOWN
    commits: tuple[Commit, ...] = ()
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """A pull request without its lines; the fields as in `PullRequest`.

    Attributes:
        ref: As the code host writes it, which may differ from how it was asked for.
        private: Not open to everybody.
    """

    ref: PullRequestRef
    title: str
    url: str
    head_sha: str
    private: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A fetched change: what is known about it, and its lines.

    Attributes:
        generated: Paths that the repository's own `.gitattributes` call `linguist-generated`, as far as at hand.
        per_commit: The lines of each commit, in the order of `pull_request.commits`; empty unless asked for.
    """

    pull_request: PullRequest
    diff: Diff
    generated: frozenset[str] = frozenset()
    per_commit: tuple[Diff, ...] = ()
