"""A `Snoozes` that forgets when the test ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.subscription import Snooze


@dataclass(kw_only=True)
class DictSnoozes:
    """Keeps snoozes by channel and thing."""

    kept: dict[tuple[str, str], Snooze] = field(default_factory=dict)

    async def save(self, snooze: Snooze) -> None:
        self.kept[_key(snooze)] = snooze

    async def remove(self, snooze: Snooze) -> bool:
        return self.kept.pop(_key(snooze), None) is not None

    async def of(self, channel: str, now: datetime) -> Sequence[Snooze]:
        mine = [(one.until, key, one) for key, one in self.kept.items() if one.channel == channel and one.until > now]
        return [one for _, _, one in sorted(mine, key=lambda item: item[:2])]


def _key(snooze: Snooze) -> tuple[str, str]:
    return snooze.channel, str(snooze.what or "").casefold()
