"""Statistics of every size, to be drawn."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from bot.domain.change import RepositoryRef
from bot.domain.stats import AGES, AgeGroup, Spread, Stats, Week
from tests.builders import NOON

LONG_NAME = RepositoryRef(owner="a" * 39, name="b" * 100)


def some_stats(weeks: int = 8, *, most: int = 20, **fields: Any) -> Stats:
    """Make statistics with another number everywhere, up to *most*; with none of it where that is 0."""
    last = date(2026, 3, 2)
    known: dict[str, Any] = {
        "repository": RepositoryRef(owner="octo", name="stats"),
        "at": NOON,
        "weeks": tuple(
            Week(
                start=last - timedelta(weeks=weeks - 1 - number),
                opened=most - most * number // (weeks + 1),
                merged=most * number // weeks,
                closed=most // 3,
                to_review=_spread(number, most),
                to_merge=_spread(number * 9, most),
                running=number == weeks - 1,
            )
            for number in range(weeks)
        ),
        "wanted": weeks,
        "ages": tuple(
            AgeGroup(least=least, below=below, ready=most * place // 5, drafts=most // (place + 2))
            for place, (least, below) in enumerate(zip((0, *AGES), (*AGES, None), strict=True))
        ),
        "to_review": _spread(2, most),
        "to_merge": _spread(20, most),
    }
    return Stats(**{**known, **fields})


def _spread(hours: float, most: int) -> Spread | None:
    return Spread(median=1.5 + hours, most=4.0 + 3 * hours, count=most) if most else None
