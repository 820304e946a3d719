"""Rank: merge what says the same, hide what matters too little, and put the worst first."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from bot.domain.finding import Finding, Severity

ALIKE, ALIKE_OF_ONE_KIND = 0.7, 0.5
"""Share of equal characters from which two titles on the same lines say the same; less within one category."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """Findings, each once, worst first.

    Attributes:
        more: Hidden by the floor or the limit.
        dismissed: Not wanted in this channel.
    """

    shown: tuple[Finding, ...]
    more: tuple[Finding, ...] = ()
    dismissed: tuple[Finding, ...] = ()

    @property
    def every(self) -> tuple[Finding, ...]:
        """Return all of them."""
        return (*self.shown, *self.more, *self.dismissed)


def rank(
    findings: Sequence[Finding], *, floor: Severity, limit: int, dismissed: Collection[str] = frozenset()
) -> Ranked:
    """Sort out what is shown.

    Args:
        floor: Anything less severe is kept apart.
        limit: Most that are shown.
        dismissed: Ids of what takes no place of it; what says the same in other words is dismissed with it.
    """
    unwanted = merge([finding for finding in findings if finding.id in dismissed])
    wanted = [
        finding
        for finding in merge([finding for finding in findings if finding.id not in dismissed])
        if not any(same(finding, other) for other in unwanted)
    ]
    shown = [finding for finding in wanted if finding.severity.at_least(floor)][:limit]
    return Ranked(
        shown=tuple(shown),
        more=tuple(finding for finding in wanted if finding not in shown),
        dismissed=tuple(unwanted),
    )


def merge(findings: Sequence[Finding]) -> list[Finding]:
    """Keep the worst of those that say the same about the same lines, sorted by severity, then by place."""
    kept: list[Finding] = []
    for finding in sorted(findings, key=_order):
        if not any(same(finding, other) for other in kept):
            kept.append(finding)
    return kept


def _order(finding: Finding) -> tuple[int, str, int]:
    return finding.severity.rank, finding.location.path, finding.location.line


def same(one: Finding, other: Finding) -> bool:
    """Tell whether two findings say the same about the same lines."""
    here, there = one.location, other.location
    if (here.path, here.side) != (there.path, there.side):
        return False
    if here.end_line < there.line or there.end_line < here.line:
        return False
    needed = ALIKE_OF_ONE_KIND if one.category is other.category else ALIKE
    return SequenceMatcher(None, one.title.casefold(), other.title.casefold()).ratio() >= needed
