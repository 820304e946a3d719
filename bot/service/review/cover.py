"""Cover: tell which changed lines were in an answered prompt, and which were not."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from bot.domain.change import Change
from bot.domain.diff import FileDiff, Line
from bot.domain.review import Coverage, FileNote
from bot.domain.sentence import say
from bot.service.review.budget import Chunk
from bot.service.review.select import Selection


def cover(
    change: Change, selection: Selection, answered: Iterable[Chunk], *, known: Collection[FileDiff] = ()
) -> Coverage:
    """Count what was read; a file of which a single changed line was not read is failed, with the lines named.

    Args:
        known: Files that an earlier review read as they are.
    """
    read = {
        (part.path, row.line) for chunk in answered for part in chunk.parts for row in part.rows if not row.shortened
    }
    missing = [(file, [] if file in known else _missing(file, read)) for file in selection.files]
    failed = tuple(_note(file, lines) for file, lines in missing if lines)
    return Coverage(
        files_total=len(change.diff.files),
        files_reviewed=len(selection.files) - len(failed),
        lines_changed=change.diff.lines_changed,
        lines_reviewed=sum(file.lines_changed - len(lines) for file, lines in missing),
        skipped=selection.skipped,
        failed=selection.unread + failed,
    )


def _missing(file: FileDiff, read: set[tuple[str, Line]]) -> list[Line]:
    return [line for line in file.lines if line.changed and (file.path, line) not in read]


def _note(file: FileDiff, lines: Sequence[Line]) -> FileNote:
    reason = say(
        "{missing} of {total} changed lines were not read: {lines}",
        missing=len(lines),
        total=file.lines_changed,
        lines=_ranges(lines),
    )
    return FileNote(path=file.path, reason=reason)


def _ranges(lines: Sequence[Line]) -> str:
    """Name line numbers briefly, such as `3-9, 12, -4`; a minus stands before a removed line's old number."""
    runs: list[list[int]] = []
    for number in (line.new if line.new is not None else -(line.old or 0) for line in lines):
        if runs and number > 0 and runs[-1][-1] + 1 == number:
            runs[-1].append(number)
        else:
            runs.append([number])
    names = [str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs]
    return ", ".join(names[:8]) + (", …" if len(names) > 8 else "")
