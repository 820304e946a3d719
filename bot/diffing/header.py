"""Git's header lines of one file, read into a `FileDiff` that has no hunks yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.diffing.names import DEV_NULL, marked, pair, unquote, without_prefix, without_prefixes
from bot.diffing.sections import BINARY, BINARY_PATCH, GIT, HEADER, NEW_NAME, OLD_NAME
from bot.domain.diff import FileDiff, FileStatus
from bot.domain.sentence import say

SUBMODULE = "160000"
# The ids of the empty blob by SHA-1 and by SHA-256: a new file without lines has no hunk.
_EMPTY = (
    "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391",
    "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813",
)


def read_header(lines: Sequence[str], *, has_hunks: bool) -> FileDiff:
    """Read what the header says of a file.

    Args:
        lines: From `diff --git` on, or the one line `Binary files x and y differ`, without line ends.
    """
    fields = _fields(lines)
    old, new = _names(fields)
    status = _status(fields, old, new)
    old_mode, new_mode = _modes(fields)
    binary = BINARY in fields or BINARY_PATCH in fields
    hidden = not (has_hunks or binary) and _content_changed(fields)
    return FileDiff(
        path=old if status is FileStatus.REMOVED else new,
        old_path=new if status is FileStatus.ADDED else old,
        status=status,
        binary=binary,
        submodule=SUBMODULE in {old_mode, new_mode},
        old_mode=old_mode,
        new_mode=new_mode,
        unread=say("the diff does not show its lines") if hidden else None,
    )


def _fields(lines: Sequence[str]) -> Mapping[str, str]:
    """Sort the lines by the words they begin with, as `HEADER` has them."""
    known = (GIT, *HEADER)
    return {key: line.removeprefix(key) for line in lines for key in known if line.startswith(key)}


def _names(fields: Mapping[str, str]) -> tuple[str, str]:
    for verb in ("rename", "copy"):
        if f"{verb} from " in fields and f"{verb} to " in fields:
            return unquote(fields[f"{verb} from "]), unquote(fields[f"{verb} to "])
    if GIT not in fields:
        return plain_names(*_binary_names(fields[BINARY]))
    old, new = pair(fields[GIT])
    if BINARY in fields and OLD_NAME not in fields and old.partition("/")[2] != new.partition("/")[2]:
        return plain_names(*_binary_names(fields[BINARY]))
    marked_old, marked_new = marked(fields.get(OLD_NAME, DEV_NULL)), marked(fields.get(NEW_NAME, DEV_NULL))
    return without_prefixes(
        old if marked_old == DEV_NULL else marked_old,
        new if marked_new == DEV_NULL else marked_new,
    )


def _binary_names(field: str) -> tuple[str, str]:
    old, _, new = field.removesuffix(" differ").partition(" and ")
    return unquote(old), unquote(new)


def plain_names(old: str, new: str) -> tuple[str, str]:
    """Take the prefixes off the names of a diff that has no `diff --git` line; `/dev/null` stays."""
    if old == DEV_NULL:
        return old, without_prefix(new)
    if new == DEV_NULL:
        return without_prefix(old), new
    return without_prefixes(old, new)


def _status(fields: Mapping[str, str], old: str, new: str) -> FileStatus:
    if "new file mode " in fields:
        return FileStatus.ADDED
    if "deleted file mode " in fields:
        return FileStatus.REMOVED
    if "copy from " in fields:
        return FileStatus.COPIED
    return plain_status(old, new)


def plain_status(old: str, new: str) -> FileStatus:
    """Tell what happened to a file by nothing but its two names."""
    if old == DEV_NULL:
        return FileStatus.ADDED
    if new == DEV_NULL:
        return FileStatus.REMOVED
    return FileStatus.MODIFIED if old == new else FileStatus.RENAMED


def _modes(fields: Mapping[str, str]) -> tuple[str, str]:
    unchanged = fields.get("index ", "").partition(" ")[2]
    old = fields.get("old mode ") or fields.get("deleted file mode ") or unchanged
    new = fields.get("new mode ") or fields.get("new file mode ") or unchanged
    # A new file has no mode before, and a removed one none after: git writes no mode behind `index` then.
    return old.strip(), new.strip()


def _content_changed(fields: Mapping[str, str]) -> bool:
    """Tell whether the blobs differ although an empty file did not merely come or go."""
    old, _, new = fields.get("index ", "").partition(" ")[0].partition("..")
    return not all(_empty(blob) for blob in (old, new)) and old != new


def _empty(blob: str) -> bool:
    return not blob.strip("0") or any(empty.startswith(blob) for empty in _EMPTY)
