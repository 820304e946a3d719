"""What is asked of a git repository on this machine: trees are compared, nothing of it is run or changed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.checkout.git import run_git
from bot.diffing.names import decode
from bot.domain.change import Commit
from bot.domain.errors import NotUnderstood
from bot.domain.sentence import say

_FACTS = 16 * 2**20  # bytes of an answer that is no diff: names, messages, attributes
# Plumbing, which reads neither index nor work tree, and says the same whatever the person's `[diff]` settings are.
_DIFF = (
    "diff-tree", "-r", "-p", "-M", "-U3", "--inter-hunk-context=0", "--root", "--always", "--no-color",
    "--no-ext-diff", "--no-textconv", "--no-relative", "--submodule=short", "--ignore-submodules=none",
    "--src-prefix=a/", "--dst-prefix=b/",
)  # fmt: skip
_COMMIT_LINE = re.compile(rb"^([0-9a-f]{40}|[0-9a-f]{64})\n", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """A repository.

    Attributes:
        root: Top folder of its work tree, or the repository itself where it has none.
        bare: It has no work tree.
    """

    root: Path
    bare: bool

    @classmethod
    async def around(cls, folder: Path) -> Repository:
        """Find the repository that *folder* belongs to."""
        found = await run_git(folder, "rev-parse", "--is-inside-work-tree", "--show-cdup", limit=_FACTS)
        if found.code:
            raise NotUnderstood(
                say(
                    "{folder} belongs to no git repository that can be read ({complaint}): name another folder.",
                    folder=str(folder),
                    complaint=found.complaint,
                )
            )
        inside, _, up = decode(found.content).removesuffix("\n").partition("\n")
        return cls(root=folder / up, bare=inside != "true")

    async def commit(self, revision: str) -> str:
        """Resolve what a person calls a revision to the id of its commit."""
        if revision.startswith("-") or not revision.isprintable():
            raise _unknown(revision, self.root)
        found = await run_git(
            self.root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}", limit=_FACTS
        )
        if found.code:
            raise _unknown(revision, self.root)
        return decode(found.content).strip()

    async def merge_base(self, base: str, head: str) -> str | None:
        """Find the commit where *head* left *base*; None where they have no common past."""
        found = await run_git(self.root, "merge-base", base, head, limit=_FACTS)
        return decode(found.content).strip() or None

    async def diff(self, base: str, head: str, *, limit: int) -> bytes:
        """Compare two commits."""
        return await self._read(*_DIFF, base, head, limit=limit)

    async def commits(self, base: str, head: str) -> Sequence[Commit]:
        """List what *head* has and *base* has not, oldest first."""
        form = "--format=tformat:%H%x00%an%x00%B"
        order = ("--reverse", "--topo-order", "--encoding=UTF-8")
        content = await self._read("log", "-z", form, *order, f"{base}..{head}", "--", limit=_FACTS)
        fields = iter(decode(field) for field in content.split(b"\0"))
        return [
            Commit(sha=sha, author=author, message=message.strip())
            for sha, author, message in zip(fields, fields, fields, strict=False)
        ]

    async def diffs(self, commits: Iterable[str], *, limit: int) -> Mapping[str, bytes]:
        """Compare each commit with its parent, all in one go; a merge differs from several and shows nothing."""
        asked = "".join(f"{sha}\n" for sha in commits).encode()
        content = await self._read(*_DIFF, "--stdin", limit=limit, stdin=asked)
        _, *pieces = _COMMIT_LINE.split(content)
        return {decode(sha): diff for sha, diff in zip(pieces[::2], pieces[1::2], strict=True)}

    async def generated(self, paths: Iterable[str]) -> frozenset[str]:
        """Tell which paths the `.gitattributes` of the work tree call `linguist-generated`."""
        if self.bare:
            return frozenset()
        asked = b"".join(path.encode() + b"\0" for path in paths)
        content = await self._read("check-attr", "-z", "--stdin", "linguist-generated", limit=_FACTS, stdin=asked)
        fields = iter(decode(field) for field in content.split(b"\0"))
        answers = zip(fields, fields, fields, strict=False)
        return frozenset(path for path, _, value in answers if value in {"set", "true"})

    async def _read(self, *arguments: str, limit: int, stdin: bytes = b"") -> bytes:
        output = await run_git(self.root, *arguments, limit=limit, stdin=stdin)
        if output.code:
            raise _refused(self.root, output.complaint)
        return output.content


def _refused(folder: Path, complaint: str) -> NotUnderstood:
    return NotUnderstood(say("git cannot read {folder}: {complaint}.", folder=str(folder), complaint=complaint))


def _unknown(revision: str, folder: Path) -> NotUnderstood:
    return NotUnderstood(
        say(
            "git knows no revision {revision} in {folder}: check the spelling, or fetch it first.",
            revision=revision,
            folder=str(folder),
        )
    )
