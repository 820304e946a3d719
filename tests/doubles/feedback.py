"""A `Feedback` that forgets when the test ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.feedback import Dismissal


@dataclass(kw_only=True)
class DictFeedback:
    """Keeps dismissals by channel and finding, and ratings by review and person."""

    kept: dict[tuple[str, str], Dismissal] = field(default_factory=dict)
    rated: dict[tuple[str, str], bool] = field(default_factory=dict)

    async def dismiss(self, dismissal: Dismissal) -> None:
        self.kept.setdefault((dismissal.channel, dismissal.finding), dismissal)

    async def restore(self, channel: str, finding: str) -> bool:
        return self.kept.pop((channel, finding), None) is not None

    async def dismissed(self, channel: str) -> Sequence[Dismissal]:
        mine = [dismissal for (where, _), dismissal in self.kept.items() if where == channel]
        return sorted(sorted(mine, key=lambda it: it.finding), key=lambda it: it.at, reverse=True)

    async def rate(self, review: str, *, by: str, helpful: bool, at: datetime) -> None:
        self.rated[review, by] = helpful

    async def ratings(self, review: str) -> tuple[int, int]:
        votes = [helpful for (key, _), helpful in self.rated.items() if key == review]
        return sum(votes), len(votes) - sum(votes)
