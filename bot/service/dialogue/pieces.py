"""What a question can be answered from: a remembered review, cut into pieces that can be chosen one by one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.diff import FileDiff, Hunk, Line
from bot.domain.finding import Finding
from bot.domain.review import Review
from bot.service.dialogue.relevance import terms
from bot.service.review.budget import SIGNS

LONGEST = 60
"""Most lines in one piece: a longer hunk is cut into windows around the lines that match the question."""

WIDEST = 300
"""Characters of one line of code; what is longer is minified or data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Some text of a review or its change that makes sense by itself.

    Attributes:
        text: As the model reads it.
        path: The file it speaks of.
        lines: Numbers in the new file, or in the old one where the piece shows removed lines only; empty for a finding.
        finding: The number people call the finding by, from 1; 0 for lines.
    """

    text: str
    path: str
    lines: range = range(0)
    finding: int = 0

    @property
    def place(self) -> str:
        """Name the place, `src/app.py:10-24`."""
        first, last = self.lines[0], self.lines[-1]
        return f"{self.path}:{first}" + (f"-{last}" if last != first else "")


def of_findings(review: Review) -> list[Piece]:
    """Make a piece of each finding, in the order and with the numbers that people were shown."""
    return [_of_finding(number, finding) for number, finding in enumerate(review.findings, start=1)]


def _of_finding(number: int, finding: Finding) -> Piece:
    text = [
        f"Finding {number} ({finding.severity}, {finding.category}) at {finding.location}: {finding.title}",
        finding.detail,
        f"The line: {finding.evidence.strip()}",
        f"Suggestion: {finding.suggestion}" if finding.suggestion else "",
    ]
    return Piece(text="\n".join(filter(None, text)), path=finding.location.path, finding=number)


def of_file(file: FileDiff, wanted: Mapping[str, float], numbers: Sequence[int], *, longest: int) -> list[Piece]:
    """Make a piece of each hunk of *file*; of one over *longest* lines, pieces around what matches.

    Args:
        wanted: The weighed terms of the question.
        numbers: Line numbers that the question or a finding names.
    """
    return [_piece(file, hunk, window) for hunk in file.hunks for window in _windows_of(hunk, wanted, numbers, longest)]


def _windows_of(hunk: Hunk, wanted: Mapping[str, float], numbers: Sequence[int], longest: int) -> list[range]:
    if len(hunk.lines) <= longest:
        return [range(len(hunk.lines))] if hunk.lines else []
    # Splitting a line into terms is slow, and most lines of a large change have nothing of the question in them.
    promising = re.compile("|".join(map(re.escape, wanted)) or r"(?!)")
    hits = [i for i, line in enumerate(hunk.lines) if _hit(line, wanted, numbers, promising)]
    return windows(hits or [0], len(hunk.lines), longest=longest)


def _hit(line: Line, wanted: Mapping[str, float], numbers: Sequence[int], promising: re.Pattern[str]) -> bool:
    if (line.new or line.old) in numbers:
        return True
    return bool(promising.search(line.text.casefold())) and not wanted.keys().isdisjoint(terms(line.text))


def windows(hits: Iterable[int], count: int, *, longest: int) -> list[range]:
    """Cut windows of at most *longest* lines around *hits*, which ascend, out of *count* lines; none overlap."""
    margin = longest // 5
    found: list[range] = []
    for hit in hits:
        start, stop = max(0, hit - margin), min(count, hit + margin + 1)
        last = found[-1] if found else range(0)
        if found and start <= last.stop and stop - last.start <= longest:
            found[-1] = range(last.start, stop)
        elif stop > last.stop:
            found.append(range(max(start, last.stop), stop))
    return found


def _piece(file: FileDiff, hunk: Hunk, window: range) -> Piece:
    lines = hunk.lines[window.start : window.stop]
    cut = f" (cut: {len(lines)} of {len(hunk.lines)} lines of this part)" if len(lines) < len(hunk.lines) else ""
    heading = f": {hunk.heading[:WIDEST]}" if hunk.heading else ""
    rows = "\n".join(_row(line) for line in lines)
    return Piece(text=f"=== {file.path} [{file.status}]{heading}{cut}\n{rows}", path=file.path, lines=_numbers(lines))


def _numbers(lines: Sequence[Line]) -> range:
    new = [line.new for line in lines if line.new is not None]
    numbers = new or [line.old for line in lines if line.old is not None]
    return range(numbers[0], numbers[-1] + 1)


def _row(line: Line) -> str:
    number = f"{line.new} " if line.new is not None else ""
    text = line.text.rstrip()
    return f"{number}{SIGNS[line.kind]}{text[:WIDEST]}{'…' if len(text) > WIDEST else ''}"
