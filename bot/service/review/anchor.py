"""Anchor: find the line of the diff that a claim quotes, or refuse the claim.

The quotation decides, not the line number: a model copies text more reliably than it counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from bot.domain.diff import Diff, FileDiff, Line, LineKind, Location, Side
from bot.domain.finding import Dropped, Finding
from bot.domain.sentence import Sentence, say
from bot.service.review.claims import Claim

LEAST_QUOTE = 6
"""Letters and digits below which a part of a line could stand anywhere; a whole line may be shorter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Lines of one side of a file, next to each other, that say what a claim quotes."""

    file: FileDiff
    side: Side
    run: tuple[Line, ...]


# What a model copies along from the prompt: line number and sign.
PREFIX = re.compile(r"^\s*\d*\s?[+-]")
NUMBER = re.compile(r"^\s*\d+\s{1,2}(?=\S)")


def anchor(claim: Claim, diff: Diff) -> Finding | Dropped:
    """Turn *claim* into a finding on the line that it quotes.

    Of several equal lines the one nearest to the claimed number is taken, a changed one before a context line.
    """
    files = _files(claim.path, diff)
    if not files:
        return _dropped(claim, say("the file is not in the change"))
    wanted = [_squeezed(text) for text in claim.quote.splitlines() if _squeezed(text)]
    if not wanted:
        return _dropped(claim, say("it quotes no line"))
    places = list(_places(wanted, files)) or list(_places(wanted[:1], files))
    if not places:
        return _dropped(claim, say("the quoted line is not in the change"))
    return _finding(claim, min(places, key=lambda place: _distance(claim, place)))


def _dropped(claim: Claim, reason: Sentence) -> Dropped:
    return Dropped(title=claim.title, path=claim.path, reason=reason)


def _files(path: str, diff: Diff) -> tuple[FileDiff, ...]:
    bare = path.strip().strip("`'\"")
    prefixed = re.sub(r"^(a|b|\.)/", "", bare)
    return diff.at(bare) or diff.at(prefixed)


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def _spellings(quote: str) -> tuple[str, ...]:
    """Return the quotation as it is, and without what may have been copied along from the prompt."""
    bare = (_squeezed(pattern.sub("", quote)) for pattern in (PREFIX, NUMBER))
    return tuple(dict.fromkeys((quote, *(text for text in bare if text))))


def _places(wanted: Sequence[str], files: Sequence[FileDiff]) -> Iterator[Place]:
    for file, side in product(files, (Side.NEW, Side.OLD)):
        for hunk in file.hunks:
            lines = [line for line in hunk.lines if line.number_on(side)]
            for at, line in enumerate(lines):
                if side is Side.OLD and line.kind is not LineKind.REMOVED:
                    continue
                run = tuple(lines[at : at + len(wanted)])
                if len(run) == len(wanted) and all(map(_says, wanted, run)):
                    yield Place(file=file, side=side, run=run)


def _says(quote: str, line: Line) -> bool:
    text = _squeezed(line.text)
    for spelling in _spellings(quote):
        if spelling == text:
            return True
        if spelling in text and sum(map(str.isalnum, spelling)) >= LEAST_QUOTE:
            return True
    return False


def _distance(claim: Claim, place: Place) -> tuple[bool, bool, int]:
    partial = _squeezed(place.run[0].text) not in _spellings(_squeezed(claim.quote.strip().splitlines()[0]))
    changed = any(line.changed for line in place.run)
    return partial, not changed, abs((place.run[0].number_on(place.side) or 0) - claim.line)


def _finding(claim: Claim, place: Place) -> Finding:
    run, side = place.run, place.side
    path = place.file.path if side is Side.NEW else place.file.old_path
    first, last = run[0].number_on(side) or 0, run[-1].number_on(side) or 0
    return Finding(
        location=Location(path=path, side=side, line=first, end_line=last),
        severity=claim.severity,
        category=claim.category,
        title=claim.title,
        detail=claim.detail,
        evidence="\n".join(line.text.rstrip("\r") for line in run),
        suggestion=claim.suggestion,
    )
