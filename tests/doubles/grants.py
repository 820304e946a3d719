"""A `Grants` that forgets when the test ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(kw_only=True)
class DictGrants:
    """Keeps patterns by channel, in the order they were given."""

    given: dict[str, list[str]] = field(default_factory=dict)

    async def allow(self, channel: str, pattern: str, *, by: str, at: datetime) -> None:
        mine = self.given.setdefault(channel, [])
        if pattern.casefold() not in map(str.casefold, mine):
            mine.append(pattern)

    async def disallow(self, channel: str, pattern: str) -> bool:
        before = self.given.get(channel, [])
        self.given[channel] = [one for one in before if one.casefold() != pattern.casefold()]
        return len(self.given[channel]) < len(before)

    async def allowed(self, channel: str) -> Sequence[str]:
        return list(self.given.get(channel, []))
