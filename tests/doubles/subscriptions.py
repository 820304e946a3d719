"""A `Subscriptions` that forgets when the test ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.domain.subscription import Subscription


@dataclass(kw_only=True)
class DictSubscriptions:
    """Keeps subscriptions by their ids."""

    kept: dict[str, Subscription] = field(default_factory=dict)

    async def save(self, subscription: Subscription) -> None:
        self.kept[subscription.id] = subscription

    async def remove(self, channel: str, ids: Sequence[str]) -> int:
        gone = [one.id for one in self.kept.values() if one.channel == channel and one.id in ids]
        for name in gone:
            del self.kept[name]
        return len(gone)

    async def of(self, channels: Sequence[str]) -> Sequence[Subscription]:
        return [one for one in await self.all() if one.channel in channels]

    async def all(self) -> Sequence[Subscription]:
        return sorted(self.kept.values(), key=lambda one: (one.channel, str(one.pattern).casefold(), one.since, one.id))
