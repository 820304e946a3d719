"""The file list that GitHub gives where it refuses to show the diff, as a `Diff`.

A patch in it is the hunks of one file without any header, and is left out where it is large or binary. Source:
https://docs.github.com/en/rest/pulls/pulls#list-pull-requests-files
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.diffing.parse import parse
from bot.domain.diff import Diff, FileDiff, FileStatus, Hunk
from bot.domain.errors import DiffUnreadable
from bot.domain.sentence import say
from bot.github.rest import FileBody

_STATUS = {
    "added": FileStatus.ADDED,
    "removed": FileStatus.REMOVED,
    "renamed": FileStatus.RENAMED,
    "copied": FileStatus.COPIED,
}
_HEADER = "diff --git a/file b/file\n--- a/file\n+++ b/file\n"
_EMPTY_FILE = frozenset(
    {
        "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391",
        "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813",
    }
)
"""What git calls a file without content, by SHA-1 and by SHA-256."""


def as_diff(files: Iterable[FileBody]) -> Diff:
    """Put the files together; each is there, with its lines or with the reason why they are not."""
    return Diff(files=tuple(_file(body) for body in files))


def _file(body: FileBody) -> FileDiff:
    file = FileDiff(
        path=body.filename,
        old_path=body.previous_filename or body.filename,
        status=_STATUS.get(body.status, FileStatus.MODIFIED),
        lines_declared=body.changes,
    )
    if body.patch is None:
        return _without_lines(file, body)
    try:
        hunks = parse(f"{_HEADER}{body.patch}\n").files[0].hunks
    except DiffUnreadable:
        return replace(file, unread=say("GitHub shows only a part of its lines"))
    return replace(file, hunks=hunks, submodule=_is_submodule(hunks))


def _without_lines(file: FileDiff, body: FileBody) -> FileDiff:
    """Tell the reasons apart, as far as the list does.

    No changed lines means a rename, a change of mode, an empty file or a binary one; only content that is neither
    empty nor where it was under another name can be binary.
    """
    if body.changes:
        return replace(file, unread=say("GitHub does not show its lines: there are too many"))
    content = body.status in {"added", "removed", "modified"} and body.sha not in _EMPTY_FILE
    return replace(file, binary=content)


def _is_submodule(hunks: Iterable[Hunk]) -> bool:
    lines = [line.text for hunk in hunks for line in hunk.lines]
    return bool(lines) and all(line.startswith("Subproject commit ") for line in lines)
