"""A `Watches` that forgets when the test ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.domain.change import RepositoryPattern
from bot.domain.watch import Watch, Watched


@dataclass(kw_only=True)
class DictWatches:
    """Keeps watches by repository and channel, and below each what the channel was shown."""

    kept: dict[tuple[str, str], Watch] = field(default_factory=dict)
    seen: dict[tuple[str, str], dict[int, Watched]] = field(default_factory=dict)

    async def save(self, watch: Watch, known: Sequence[Watched] = ()) -> None:
        key = _key(watch.channel, watch.pattern)
        self.kept[key] = watch
        mine = self.seen.setdefault(key, {})
        for one in known:
            mine.setdefault(one.ref.number, one)

    async def remove(self, channel: str, pattern: RepositoryPattern) -> bool:
        self.seen.pop(_key(channel, pattern), None)
        return self.kept.pop(_key(channel, pattern), None) is not None

    async def of(self, channel: str) -> Sequence[Watch]:
        return [one for one in await self.all() if one.channel == channel]

    async def all(self) -> Sequence[Watch]:
        return [self.kept[key] for key in sorted(self.kept)]

    async def watched(self, channel: str, pattern: RepositoryPattern) -> Sequence[Watched]:
        mine = self.seen.get(_key(channel, pattern), {})
        return [mine[number] for number in sorted(mine)]

    async def put(self, one: Watched) -> None:
        repository = one.ref.repository_ref
        key = _key(one.channel, RepositoryPattern(owner=repository.owner, name=repository.name))
        if key in self.kept:
            self.seen.setdefault(key, {})[one.ref.number] = one


def _key(channel: str, pattern: RepositoryPattern) -> tuple[str, str]:
    return str(pattern).casefold(), channel
