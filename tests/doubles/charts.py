"""A `Charts` that draws nothing, and remembers what it was to draw."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.domain.errors import BotError
from bot.domain.picture import Picture
from bot.domain.stats import Stats
from bot.reporting.stats_words import heading, in_words
from tests.builders import a_picture


@dataclass(kw_only=True)
class ListedCharts:
    """Returns a picture of one pixel with the right words; fails while `failure` is set."""

    drawn: list[Stats] = field(default_factory=list)
    failure: BotError | None = None

    async def draw(self, stats: Stats) -> Picture:
        self.drawn.append(stats)
        if self.failure is not None:
            raise self.failure
        return a_picture(title=heading(stats), words=tuple(in_words(stats)))
