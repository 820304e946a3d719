"""A `LastDigests` that forgets when the test ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.domain.digest import LastDigest


@dataclass(kw_only=True)
class DictLastDigests:
    """Keeps one digest a subscription."""

    kept: dict[str, LastDigest] = field(default_factory=dict)

    async def save(self, last: LastDigest) -> None:
        self.kept[last.subscription] = last

    async def of(self, subscriptions: Sequence[str]) -> Sequence[LastDigest]:
        return [self.kept[name] for name in subscriptions if name in self.kept]
