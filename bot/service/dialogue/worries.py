"""Which files the findings of several reviews speak of, the worst first."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.conversation import ReviewRecord
from bot.domain.finding import Severity
from bot.domain.review import Review


@dataclass(frozen=True, slots=True, kw_only=True)
class Worry:
    """A file with findings.

    Attributes:
        severities: How many findings of each, worst first.
        targets: Where they were found, newest first.
    """

    path: str
    severities: tuple[tuple[Severity, int], ...]
    targets: tuple[str, ...]


def worries(records: Sequence[ReviewRecord]) -> list[Worry]:
    """Count the findings of *records* by file; the same path of two repositories is two files."""
    counts: defaultdict[tuple[str, str], Counter[Severity]] = defaultdict(Counter)
    targets: defaultdict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for record in records:
        for finding in record.review.findings:
            file = (record.target.partition("#")[0] if "#" in record.target else "", finding.location.path)
            counts[file][finding.severity] += 1
            targets[file][record.target] = None
    files = sorted(counts, key=lambda file: ([-counts[file][severity] for severity in Severity], file))
    return [
        Worry(
            path=file[1],
            severities=tuple((severity, counts[file][severity]) for severity in Severity if counts[file][severity]),
            targets=tuple(targets[file]),
        )
        for file in files
    ]


def worst_paths(review: Review, *, most: int) -> list[str]:
    """Name the files of the worst findings, each once."""
    return list(dict.fromkeys(finding.location.path for finding in review.findings))[:most]
