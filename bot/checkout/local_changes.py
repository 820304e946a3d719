"""Changes that need no network: a diff file, standard input, or a range of a repository on this machine."""

from __future__ import annotations

import asyncio
from typing import BinaryIO

from bot.checkout.mails import pull_request_of, read_mails
from bot.checkout.ranges import fetch_range
from bot.checkout.reading import read_diff
from bot.diffing.parse import parse
from bot.domain.change import Change, DiffFile, GitRange, PullRequest, Target
from bot.domain.errors import NothingToReview, NotUnderstood
from bot.domain.sentence import say


class LocalChanges:
    """The `Changes` of this machine.

    The mails of `git format-patch` in a diff file are its commits. Its diff then shows the files of all mails in
    order, and a path once for each mail that touches it: two diffs of a file cannot be made one without the file.
    """

    def __init__(self, *, max_diff_bytes: int, stdin: BinaryIO | None = None) -> None:
        """Read at most *max_diff_bytes* of any diff, and standard input from *stdin* instead of the real one."""
        self._max_diff_bytes = max_diff_bytes
        self._stdin = stdin

    async def fetch(self, target: Target, *, by_commit: bool = False) -> Change:
        """Fetch the change that *target* names; see `bot.ports.changes.Changes`."""
        match target:
            case DiffFile():
                return await self._fetch_file(target, by_commit=by_commit)
            case GitRange():
                return await fetch_range(target, by_commit=by_commit, max_diff_bytes=self._max_diff_bytes)
        raise NotUnderstood(say("{target} is neither a file nor a range of this machine.", target=str(target)))

    async def _fetch_file(self, target: DiffFile, *, by_commit: bool) -> Change:
        content = await read_diff(target, limit=self._max_diff_bytes, stdin=self._stdin)
        title = target.path.name if target.path else str(target)
        change = await asyncio.to_thread(_change, content, title, by_commit=by_commit)
        if not change.diff.files:
            raise NothingToReview(say("There is nothing to review: {name} is empty.", name=str(target)))
        return change


def _change(content: bytes, title: str, *, by_commit: bool) -> Change:
    diff = parse(content)
    mails = read_mails(content)
    return Change(
        pull_request=pull_request_of(mails, title) if mails else PullRequest(title=title),
        diff=diff,
        per_commit=tuple(mail.diff() for mail in mails if not mail.cover) if by_commit else (),
    )
