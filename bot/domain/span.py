"""Spans of time, as people write them: `12h`, `3d`, `2w`."""

from __future__ import annotations

import re
from datetime import timedelta

from bot.domain.errors import NotUnderstood
from bot.domain.sentence import say

LONGEST_SPAN = timedelta(days=366)

_SPAN = re.compile(r"(?P<count>\d{1,4})\s*(?P<unit>h|hours?|d|days?|w|weeks?|)")
_HOURS = {"h": 1, "d": 24, "w": 168}


def parse_span(text: str) -> timedelta:
    """Read a span such as `12h`, `3d` or `2w`; a number alone is days.

    Raises:
        NotUnderstood: It is none, or longer than a year.
    """
    match = _SPAN.fullmatch(text.strip().casefold())
    span = timedelta(hours=int(match["count"]) * _HOURS[match["unit"][:1] or "d"]) if match else timedelta.max
    if span > LONGEST_SPAN:
        raise NotUnderstood(
            say("`{word}` is no span of at most a year: say it as in 12h, 3d or 2w.", word=text.strip()[:20])
        )
    return span


def span_in_words(span: timedelta) -> str:
    """Write a span as `parse_span` reads it."""
    hours = round(span.total_seconds() / 3600)
    return f"{hours // 24}d" if hours % 24 == 0 else f"{hours}h"
