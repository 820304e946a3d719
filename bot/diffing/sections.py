"""Finds the diffs in a text: what stands around them (mails, logs, prose) is left out here.

unidiff wants a clean diff; this gives it one. It splits by how lines begin and never counts lines of hunks: that
unidiff does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bot.domain.errors import DiffUnreadable
from bot.domain.sentence import say

GIT = "diff --git "
OLD_NAME = "--- "
NEW_NAME = "+++ "
BINARY = "Binary files "
BINARY_PATCH = "GIT binary patch"
HEADER = (
    "old mode ",
    "new mode ",
    "new file mode ",
    "deleted file mode ",
    "copy from ",
    "copy to ",
    "rename from ",
    "rename to ",
    "similarity index ",
    "dissimilarity index ",
    "index ",
    OLD_NAME,
    NEW_NAME,
    BINARY,
    BINARY_PATCH,
)
"""Git's extended header lines (git-diff, "Generating patch text with -p"), as far as they begin a line."""

_HUNK = re.compile(r"@@ -\d{1,9}(,\d{1,9})? \+\d{1,9}(,\d{1,9})? @@")
_COMBINED = re.compile(r"diff --(?:cc|combined) (.+)|@@@+ -|\* Unmerged path (.+)")
_HUNK_LINES = (" ", "+", "-", "\\")


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A stretch of the text that is diff.

    Attributes:
        header: Git's header lines, or the one line about a binary file; empty for a diff that no git wrote.
        body: Hunks, with the `---` and `+++` lines before them where there is no header; it may hold several
            files then.
        start: Number of the first line of the body in the text, from 1.
    """

    header: tuple[str, ...]
    body: Sequence[str]
    start: int


def sections(lines: Sequence[str]) -> Iterator[Section]:
    """Walk over the diffs of a text, given as lines without their line feeds.

    Raises:
        DiffUnreadable: There is a combined diff, or a hunk that belongs to no file.
    """
    at = 0
    while at < len(lines):
        section = _section_at(lines, at)
        if section:
            yield section
            at = section.start - 1 + len(section.body)
        else:
            at += 1


def _section_at(lines: Sequence[str], at: int) -> Section | None:
    line = lines[at]
    if line.startswith(GIT):
        first_hunk = _end_of(lines, at + 1, lambda line: line.startswith(HEADER))
        header = tuple(line.rstrip("\r") for line in lines[at:first_hunk])
        return _section(lines, header, first_hunk, first_hunk if _hunk_at(lines, first_hunk) else None)
    if line.startswith(OLD_NAME) and at + 1 < len(lines) and lines[at + 1].startswith(NEW_NAME):
        return _section(lines, (), at, at + 2) if _hunk_at(lines, at + 2) else None
    if line.startswith(BINARY) and " and " in line and line.rstrip("\r").endswith(" differ"):
        return _section(lines, (line.rstrip("\r"),), at + 1, None)
    _refuse(line, at + 1)
    return None


def _section(lines: Sequence[str], header: tuple[str, ...], start: int, hunks: int | None) -> Section:
    end = start if hunks is None else _end_of(lines, hunks, _in_hunks)
    return Section(header=header, body=lines[start:end], start=start + 1)


def _end_of(lines: Sequence[str], start: int, belongs: Callable[[str], bool]) -> int:
    return next((at for at in range(start, len(lines)) if not belongs(lines[at])), len(lines))


def _in_hunks(line: str) -> bool:
    return line.startswith(_HUNK_LINES) or line in {"", "\r"} or _HUNK.match(line) is not None


def _hunk_at(lines: Sequence[str], at: int) -> bool:
    return at < len(lines) and _HUNK.match(lines[at]) is not None


def _refuse(line: str, number: int) -> None:
    """Stop at what would be lost silently if it were taken for prose."""
    if combined := _COMBINED.match(line):
        raise DiffUnreadable(
            say(
                "Line {number} is part of a merge's combined diff ({name}), which compares with several parents at"
                " once: resolve the conflict, or compare with one parent, as `git diff main...HEAD` does.",
                number=number,
                name=combined[1] or combined[2] or "@@@",
            )
        )
    if line.startswith("@@ -"):
        raise DiffUnreadable(
            say("Line {number} begins a hunk, but it is damaged, or no line before it names its file.", number=number)
        )
