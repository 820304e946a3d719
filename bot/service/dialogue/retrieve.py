"""Retrieve: the pieces of a remembered review that a question needs, as many as there is room for.

What is named outright (a finding, a line, a file) goes before anything that only shares words with the question. A
question that matches nothing ("is this safe?") is about the findings and the lines they speak of.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from bot.domain.conversation import ReviewRecord
from bot.domain.diff import FileDiff
from bot.ports.language_model import LanguageModel
from bot.service.dialogue import named
from bot.service.dialogue.pieces import LONGEST, Piece, of_file, of_findings
from bot.service.dialogue.relevance import query, scores, terms

_LEAST_SHARE = 0.15
"""Of the best score: pieces below it share a common word with the question and no more."""

_WORTH_FILLING = 40
"""Tokens of room below which no further piece is tried."""

_BATCH = 16


async def retrieve(
    question: str, record: ReviewRecord, model: LanguageModel, *, room: int, background: str = ""
) -> list[Piece]:
    """Choose pieces of *record* of at most *room* tokens together, the best first.

    Args:
        background: What was said just before, for questions such as "and why is that?".
    """
    # In a thread: a change of several MiB takes seconds to search, and the event loop must not wait.
    pieces = await asyncio.to_thread(rank, question, record, background=background, longest=_longest(room))
    return await fit(pieces, model, room=room)


def _longest(room: int) -> int:
    return max(10, min(LONGEST, room // 24))


def called_findings(question: str, record: ReviewRecord) -> list[int]:
    """Find the numbers of findings that the question means and the review has, `#2` included."""
    numbers = dict.fromkeys((*named.findings(question), *named.hashes(question)))
    return [number for number in numbers if 1 <= number <= len(record.review.findings)]


def rank(question: str, record: ReviewRecord, *, background: str = "", longest: int = LONGEST) -> list[Piece]:
    """Order the pieces that fit the question, the best first; equal ones as they stand in the review."""
    wanted = query(question, background)
    places = _places(question, record)
    pieces = of_findings(record.review)
    for file in _readable(question, record):
        pieces += of_file(file, wanted, places[file.path], longest=longest)

    points = scores(wanted, [[*terms(piece.path), *terms(piece.text)] for piece in pieces])
    best = max(points, default=0.0)
    bonus = _bonus(question, record, pieces)
    if not best and not any(bonus):
        return _by_findings(pieces, record)
    total = [point + extra * (best or 1.0) for point, extra in zip(points, bonus, strict=True)]
    order = sorted(range(len(pieces)), key=lambda i: -total[i])
    return [pieces[i] for i in order if total[i] >= _LEAST_SHARE * best and total[i] > 0]


def _readable(question: str, record: ReviewRecord) -> list[FileDiff]:
    """Leave out what the review left out, unless it is named: a lock file has every word in it."""
    skipped = {note.path for note in record.review.coverage.skipped}
    files = record.change.diff.files
    meant = set(named.files(question, [file.path for file in files]))
    return [file for file in files if file.path not in skipped or file.path in meant]


def _places(question: str, record: ReviewRecord) -> defaultdict[str, list[int]]:
    """Collect the lines, by path, that the question names, by themselves or through a finding."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for file in record.change.diff.files:
        places[file.path] += named.lines(question, file.path)
    for number in called_findings(question, record):
        location = record.review.findings[number - 1].location
        places[location.path].append(location.line)
    return places


def _bonus(question: str, record: ReviewRecord, pieces: Sequence[Piece]) -> list[int]:
    """Weigh names against words, in units of the best score that words alone reach."""
    paths = [file.path for file in record.change.diff.files]
    places = _places(question, record)
    called = called_findings(question, record)
    files, likely = set(named.files(question, paths)), set(named.likely_files(question, paths))

    def bonus(piece: Piece) -> int:
        if piece.finding in called:
            return 5
        if any(line in piece.lines for line in places[piece.path]):
            return 4
        return 2 * (piece.path in files) or int(piece.path in likely)

    return [bonus(piece) for piece in pieces]


def _by_findings(pieces: Sequence[Piece], record: ReviewRecord) -> list[Piece]:
    locations = [finding.location for finding in record.review.findings]

    def group(piece: Piece) -> int:
        if piece.finding:
            return 0
        return 1 if any(at.path == piece.path and at.line in piece.lines for at in locations) else 2

    return sorted(pieces, key=group)


async def fit(pieces: Sequence[Piece], model: LanguageModel, *, room: int) -> list[Piece]:
    """Take pieces in order while they fit in *room* tokens; the first is cut rather than left out."""
    taken: list[Piece] = []
    for start in range(0, len(pieces), _BATCH):
        batch = pieces[start : start + _BATCH]
        sizes = await model.count_texts([f"{piece.text}\n\n" for piece in batch])
        for piece, size in zip(batch, sizes, strict=True):
            if size <= room:
                taken.append(piece)
                room -= size
            elif not taken:
                return [replace(piece, text=await clip(piece.text, model, room=room))]
        if room < _WORTH_FILLING:
            break
    return taken


async def clip(text: str, model: LanguageModel, *, room: int) -> str:
    """Cut the end of *text* off, marked as cut, until it takes at most *room* tokens."""
    kept = text
    while kept and (size := (await model.count_texts([kept]))[0]) > room:
        text = text[: min(len(text) * room // size, len(text) - 1)]
        kept = f"{text}… (cut)" if text else ""
    return kept


def in_order(pieces: Sequence[Piece]) -> list[Piece]:
    """Put pieces in the order they are read in: findings by number, then lines by file."""
    return sorted(pieces, key=lambda piece: (not piece.finding, piece.finding, piece.path, piece.lines.start))
