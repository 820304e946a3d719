"""Who draws charts."""

from __future__ import annotations

from typing import Protocol

from bot.domain.picture import Picture
from bot.domain.stats import Stats


class Charts(Protocol):
    """Makes pictures of figures."""

    async def draw(self, stats: Stats) -> Picture:
        """Draw *stats*, with everything the picture shows in words.

        Raises:
            ChartFailed: It cannot be drawn on this machine.
        """
        ...
