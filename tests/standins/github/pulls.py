"""What the stand-in knows besides the repository: pull requests, issues, checks; and what git tells of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.standins.github.repository import GitRepository


@dataclass(kw_only=True)
class Check:
    """A check run; without a conclusion it still runs."""

    name: str = "test"
    conclusion: str | None = "success"


@dataclass(kw_only=True)
class StandInIssue:
    """An issue."""

    number: int
    title: str = "Numbers are wrong"
    body: str = "The mean is wrong."


@dataclass(kw_only=True)
class StandInComment:
    """Something said below a pull request or an issue."""

    id: int
    number: int
    body: str
    author: str = "ada"
    bot: bool = False
    association: str = "MEMBER"
    at: str = "2026-01-06T10:00:00Z"
    on_pull: bool = True


@dataclass(kw_only=True)
class StandInPull:
    """A pull request between two branches of the repository.

    Attributes:
        opinions: Logins and what they said last: APPROVED or CHANGES_REQUESTED.
        closed: When it was closed or merged.
        reviews: Logins and when they submitted; `[bot]` at the end of one is that of a program.
        turns: When it became a draft (True) or was made ready (False).
    """

    number: int = 12
    title: str = "Compute the total first"
    body: str | None = "Closes #7"
    author: str | None = "ada"
    base: str = "main"
    head: str = "topic"
    state: str = "open"
    merged: bool = False
    draft: bool = False
    labels: tuple[str, ...] = ("bug",)
    checks: list[Check] = field(default_factory=lambda: [Check()])
    closes: list[StandInIssue] = field(default_factory=list)
    bot: bool = False
    created: str = "2026-01-05T10:00:00Z"
    updated: str = "2026-01-06T10:00:00Z"
    conflicts: bool = False
    decision: str | None = None
    requested: tuple[str, ...] = ("hubot",)
    teams: tuple[str, ...] = ()
    opinions: tuple[tuple[str, str], ...] = ()
    paths: tuple[str, ...] = ()
    closed: str | None = None
    reviews: tuple[tuple[str, str], ...] = ()
    turns: tuple[tuple[str, bool], ...] = ()


@dataclass(kw_only=True)
class ListedRepository:
    """A repository of which only the list of pull requests can be asked: there is no git behind it."""

    full_name: str
    private: bool = False
    archived: bool = False
    pulls: dict[int, StandInPull] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class GitCommit:
    """A commit as git tells it."""

    sha: str
    message: str
    author: str
    email: str
    date: str
    tree: str
    parents: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class GitFile:
    """A changed file as git tells it."""

    status: str
    path: str
    old_path: str
    sha: str
    additions: int
    deletions: int
    patch: str | None


class History:
    """Reads commits, files and diffs out of the repository."""

    def __init__(self, repository: GitRepository) -> None:
        self.repository = repository

    def sha(self, branch: str) -> str:
        return self.repository.text("rev-parse", f"{branch}^{{commit}}")

    def attributes(self, branch: str) -> str | None:
        listed = self.repository.text("ls-tree", branch, ".gitattributes")
        return self.repository.git("show", f"{branch}:.gitattributes").decode() if listed else None

    def commits(self, base: str, head: str) -> list[GitCommit]:
        return self._log("--reverse", "--topo-order", f"{base}..{head}")

    def commit(self, sha: str) -> GitCommit:
        return self._log("-1", sha)[0]

    def _log(self, *revisions: str) -> list[GitCommit]:
        form = "%H%x00%B%x00%an%x00%ae%x00%aI%x00%T%x00%P%x01"
        told = self.repository.text("log", f"--format={form}", *revisions)
        return [_commit(entry.lstrip("\n")) for entry in told.split("\x01") if entry.strip()]

    def diff(self, span: str) -> bytes:
        return self.repository.git("diff", "-M", "--no-color", "--no-ext-diff", span)

    def commit_diff(self, sha: str) -> bytes:
        return self.repository.git("show", "-M", "--no-color", "--format=", "--first-parent", "-m", sha)

    def files(self, span: str) -> list[GitFile]:
        raw = self.repository.git("diff", "-M", "--raw", "-z", "--full-index", "--no-abbrev", span)
        fields = raw.decode().split("\0")[:-1]
        counts = self._counts(span)
        patches = self._patches(span)
        files = []
        while fields:
            _, _, old_sha, new_sha, status = fields.pop(0).split(" ")
            old_path = fields.pop(0)
            path = fields.pop(0) if status[0] in "RC" else old_path
            added, deleted = counts[path]
            files.append(
                GitFile(
                    status=status[0],
                    path=path,
                    old_path=old_path,
                    sha=old_sha if status == "D" else new_sha,
                    additions=added,
                    deletions=deleted,
                    patch=next(patches),
                )
            )
        return files

    def _counts(self, span: str) -> dict[str, tuple[int, int]]:
        fields = self.repository.git("diff", "-M", "--numstat", "-z", span).decode().split("\0")[:-1]
        counts = {}
        while fields:
            added, deleted, path = fields.pop(0).split("\t", 2)
            if not path:
                _, path = fields.pop(0), fields.pop(0)
            counts[path] = (0, 0) if added == "-" else (int(added), int(deleted))
        return counts

    def _patches(self, span: str) -> Iterator[str | None]:
        """Give the hunks of each file without header and last line feed; None where it has none."""
        for section in f"\n{self.diff(span).decode('utf-8', 'replace')}".split("\ndiff --git ")[1:]:
            _, hunk, hunks = section.partition("\n@@ ")
            yield f"@@ {hunks}".removesuffix("\n") if hunk else None


def _commit(entry: str) -> GitCommit:
    sha, message, author, email, date, tree, parents = entry.split("\0")
    return GitCommit(
        sha=sha,
        message=message.rstrip("\n"),
        author=author,
        email=email,
        date=date,
        tree=tree,
        parents=tuple(parents.split()),
    )
