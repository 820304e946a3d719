"""Sources: the right source of changes for each kind of target."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.change import Change, Target
from bot.ports.changes import Changes


class ChangesByTarget:
    """Hands each target to the source that knows its kind."""

    def __init__(self, sources: Mapping[type[Target], Changes]) -> None:
        self._sources = dict(sources)

    async def fetch(self, target: Target, *, by_commit: bool = False) -> Change:
        """Fetch from the source of *target*'s kind."""
        return await self._sources[type(target)].fetch(target, by_commit=by_commit)
