"""Text of a diff in, `Diff` out.

unidiff reads the hunks. Around it stands what it does not do: finding diffs in mails and logs (`sections`), git's
header lines (`header`) and git's way of writing names (`names`).
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Sequence
from dataclasses import replace

from unidiff.errors import UnidiffParseError
from unidiff.patch import Hunk as PatchedHunk
from unidiff.patch import PatchedFile, PatchSet

from bot.diffing.header import plain_names, plain_status, read_header
from bot.diffing.names import DEV_NULL, decode, marked, without_prefix
from bot.diffing.sections import NEW_NAME, OLD_NAME, Section, sections
from bot.domain.diff import Diff, FileDiff, FileStatus, Hunk, Line, LineKind
from bot.domain.errors import DiffUnreadable
from bot.domain.sentence import say

_KINDS = {"+": LineKind.ADDED, "-": LineKind.REMOVED, " ": LineKind.CONTEXT}
_SIGNATURE = "-- "  # what a mail ends with looks like a removed line
_EPOCH = ("1970-01-01 ", "1969-12-31 ")  # east and west of Greenwich
_NO_LINE_FEED = "\\ No newline at end of file"


def parse(text: bytes | str) -> Diff:
    r"""Read a unified diff as git, diff or difflib write it, alone or inside mails and logs.

    Only a line feed ends a line; every other character that some call a line end is part of the text. Bytes are
    UTF-8, or UTF-16 with its mark (PowerShell's `>` writes that); a line that is not UTF-8 is read as Latin-1, line
    by line because a change may be the very change of encoding. Files stand in the order of the text, and a path
    stands twice where the text shows it twice, as a series of mails does. Text without anything in it is a diff
    without files.

    Raises:
        DiffUnreadable: The text holds no diff, a merge's combined diff, or a hunk that does not keep to its header.
    """
    lines = _lines(text)
    files = tuple(file for section in sections(lines) for file in _files(section))
    if not all(file.path for file in files):
        raise DiffUnreadable(say("A file of this diff has no name: expected are names behind `---` and `+++`."))
    if not files and any(line.strip() for line in lines):
        raise DiffUnreadable(say("This is no diff: expected is a unified diff as `git diff` prints it."))
    return Diff(files=files)


def _lines(text: bytes | str) -> Sequence[str]:
    if isinstance(text, bytes) and text.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = text.decode("utf-16", "replace")
    if isinstance(text, bytes):
        lines = [decode(line) for line in text.removeprefix(codecs.BOM_UTF8).split(b"\n")]
    else:
        lines = text.removeprefix("\ufeff").split("\n")
    return lines if lines[-1] else lines[:-1]


def _files(section: Section) -> Iterator[FileDiff]:
    if not section.header:
        yield from (_plain_file(patched, section) for patched in _read(section, None))
        return
    file = read_header(section.header, has_hunks=bool(section.body))
    if not section.body:
        if any(line.startswith((OLD_NAME, NEW_NAME)) for line in section.header):
            raise _cut_off(file.path, section.start)
        yield file
        return
    first, *others = _read(section, file.path)
    yield replace(file, hunks=tuple(_hunk(hunk) for hunk in first))
    yield from (_plain_file(patched, section) for patched in others)


def _read(section: Section, path: str | None) -> PatchSet:
    """Let unidiff read the hunks; where git's header gave the *path*, unidiff gets names that cannot confuse it."""
    feed = _Feed(section, path)
    try:
        patches = PatchSet(feed)
    except UnidiffParseError as error:
        raise _damaged(feed.path, feed.number) from error
    if number := _first_lost(section, patches):
        raise _damaged(feed.path, number)
    return patches


class _Feed:
    """Hands out the lines of a section as unidiff wants them, and knows where the reader is."""

    def __init__(self, section: Section, path: str | None) -> None:
        self.path = path or ""
        self.number = section.start
        self._section = section
        self._named = path is not None

    def __iter__(self) -> Iterator[str]:
        if self._named:
            yield from ("--- a\n", "+++ b\n")
        for number, line in enumerate(self._section.body, self._section.start):
            self.number = number
            if line.startswith(NEW_NAME) and not self._named:
                self.path = without_prefix(marked(line.rstrip("\r").removeprefix(NEW_NAME)))
            # GNU diff translates this line, and unidiff knows it in English only.
            yield f"{_NO_LINE_FEED}\n" if line.startswith("\\") else f"{line}\n"


def _first_lost(section: Section, patches: PatchSet) -> int | None:
    """Find the number of the first line that unidiff passed over because its hunk was full already."""
    offset = 2 if section.header else 0
    known = {line.diff_line_no for file in patches for hunk in file for line in hunk}
    for file in patches:
        known |= {(file.diff_line_no or 0) - 1, file.diff_line_no}
    for number, line in enumerate(section.body, 1 + offset):
        signature = line.rstrip("\r") == _SIGNATURE and number == len(section.body) + offset
        if line.startswith(tuple(_KINDS)) and line.strip() and number not in known and not signature:
            return section.start + number - offset - 1
    return None


def _damaged(path: str, number: int) -> DiffUnreadable:
    return DiffUnreadable(
        say(
            "The diff of {path} is damaged at line {number} of the text: a hunk does not have the lines that its"
            " header promises. Was it cut off or edited?",
            path=path,
            number=number,
        )
    )


def _cut_off(path: str, number: int) -> DiffUnreadable:
    return DiffUnreadable(
        say(
            "The diff of {path} stops at line {number} of the text, before its first hunk. Was it cut off?",
            path=path,
            number=number,
        )
    )


def _plain_file(patched: PatchedFile, section: Section) -> FileDiff:
    old, new = plain_names(*(marked(name.rstrip("\r")) for name in (patched.source_file, patched.target_file)))
    if not patched:
        raise _cut_off(new, section.start + len(section.body))
    return FileDiff(
        path=old if new == DEV_NULL else new,
        old_path=new if old == DEV_NULL else old,
        status=_dated_status(patched) or plain_status(old, new),
        hunks=tuple(_hunk(hunk) for hunk in patched),
    )


def _dated_status(patched: PatchedFile) -> FileStatus | None:
    """Tell from the epoch, which GNU diff's `-N` writes as the date of a file that does not exist."""
    if (patched.source_timestamp or "").startswith(_EPOCH):
        return FileStatus.ADDED
    return FileStatus.REMOVED if (patched.target_timestamp or "").startswith(_EPOCH) else None


def _hunk(hunk: PatchedHunk) -> Hunk:
    lines: list[Line] = []
    for line in hunk:
        if line.line_type in _KINDS:
            lines.append(
                Line(
                    kind=_KINDS[line.line_type],
                    text=line.value.removesuffix("\n"),
                    old=line.source_line_no,
                    new=line.target_line_no,
                )
            )
        elif line.line_type == "\\" and lines:
            lines[-1] = replace(lines[-1], ends_file=True)
    return Hunk(heading=hunk.section_header.rstrip(), lines=tuple(lines))
