"""A `Subscriptions` that forgets when the test ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.domain.change import RepositoryRef
from bot.domain.subscription import Subscription


@dataclass(kw_only=True)
class DictSubscriptions:
    """Keeps subscriptions by channel and repository."""

    kept: dict[tuple[str, str], Subscription] = field(default_factory=dict)

    async def save(self, subscription: Subscription) -> None:
        self.kept[subscription.channel, str(subscription.repository).casefold()] = subscription

    async def remove(self, channel: str, repository: RepositoryRef) -> bool:
        return self.kept.pop((channel, str(repository).casefold()), None) is not None

    async def of(self, channels: Sequence[str]) -> Sequence[Subscription]:
        return [one for one in await self.all() if one.channel in channels]

    async def all(self) -> Sequence[Subscription]:
        return [self.kept[key] for key in sorted(self.kept)]
