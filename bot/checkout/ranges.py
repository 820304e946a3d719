"""A range of a local repository, read as a change.

- `main...HEAD` is what HEAD did since it left main, as a pull request shows it;
- `main..HEAD` compares the two as they are, as `git diff` does: what main gained meanwhile shows as removed;
- `HEAD~3` alone is `HEAD~3..HEAD`, and an empty side is HEAD.

Uncommitted work is no part of any range.
"""

from __future__ import annotations

import asyncio

from bot.checkout.repository import Repository
from bot.diffing.parse import parse
from bot.domain.change import Change, Commit, GitRange, PullRequest
from bot.domain.diff import Diff
from bot.domain.errors import NothingToReview, NotUnderstood
from bot.domain.sentence import say


async def fetch_range(target: GitRange, *, by_commit: bool, max_diff_bytes: int) -> Change:
    """Read the change from the repository around `target.folder`.

    Raises:
        UserError: There is no repository, no such revision, no difference, too much of it, or no git.
    """
    repository = await Repository.around(target.folder)
    base, head = await _ends(repository, target.range)
    diff = await asyncio.to_thread(parse, await repository.diff(base, head, limit=max_diff_bytes))
    if not diff.files:
        raise NothingToReview(
            say("There is nothing to review: no committed file differs in {range}.", range=target.range)
        )
    commits = tuple(await repository.commits(base, head))
    return Change(
        pull_request=PullRequest(
            title=target.range,
            author=commits[-1].author if commits else "",
            head_sha=head,
            base_sha=base,
            commits=commits,
        ),
        diff=diff,
        generated=await repository.generated(file.path for file in diff.files),
        per_commit=await _per_commit(repository, commits, max_diff_bytes) if by_commit else (),
    )


async def _ends(repository: Repository, typed: str) -> tuple[str, str]:
    """Find the two commits to compare."""
    fork = "..." in typed
    old, dots, new = typed.partition("..." if fork else "..")
    if not typed.strip() or (dots and ".." in new):
        raise NotUnderstood(say("{range} is no range: expected is something like main...HEAD.", range=typed or "''"))
    base, head = await repository.commit(old or "HEAD"), await repository.commit(new or "HEAD")
    if not fork:
        return base, head
    common = await repository.merge_base(base, head)
    if common is None:
        raise NotUnderstood(
            say(
                "{old} and {new} have no common past here: compare them as they are with {old}..{new}, or fetch more"
                " of the history if this clone is shallow.",
                old=old or "HEAD",
                new=new or "HEAD",
            )
        )
    return common, head


async def _per_commit(repository: Repository, commits: tuple[Commit, ...], limit: int) -> tuple[Diff, ...]:
    diffs = await repository.diffs((commit.sha for commit in commits), limit=limit)
    return await asyncio.to_thread(lambda: tuple(parse(diffs.get(commit.sha, b"")) for commit in commits))
