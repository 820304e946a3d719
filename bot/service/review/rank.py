"""Rank: merge what says the same, hide what matters too little, and put the worst first."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from bot.domain.finding import Finding, Severity

ALIKE, ALIKE_OF_ONE_KIND = 0.7, 0.5
"""Share of equal characters from which two titles on the same lines say the same; less within one category."""


def rank(findings: Sequence[Finding], *, floor: Severity, limit: int) -> tuple[tuple[Finding, ...], int]:
    """Return the findings to show, worst first, and how many others are hidden by *floor* and *limit*."""
    different = merge(findings)
    shown = [finding for finding in different if finding.severity.at_least(floor)][:limit]
    return tuple(shown), len(different) - len(shown)


def merge(findings: Sequence[Finding]) -> list[Finding]:
    """Keep the worst of those that say the same about the same lines, sorted by severity, then by place."""
    kept: list[Finding] = []
    for finding in sorted(findings, key=_order):
        if not any(_same(finding, other) for other in kept):
            kept.append(finding)
    return kept


def _order(finding: Finding) -> tuple[int, str, int]:
    return finding.severity.rank, finding.location.path, finding.location.line


def _same(one: Finding, other: Finding) -> bool:
    here, there = one.location, other.location
    if (here.path, here.side) != (there.path, there.side):
        return False
    if here.end_line < there.line or there.end_line < here.line:
        return False
    needed = ALIKE_OF_ONE_KIND if one.category is other.category else ALIKE
    return SequenceMatcher(None, one.title.casefold(), other.title.casefold()).ratio() >= needed
