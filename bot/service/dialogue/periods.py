"""The time a question speaks of."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TypeAlias

Period: TypeAlias = tuple[datetime, datetime]
"""From the first moment to the one after the last."""

_DAY = timedelta(days=1)
_TODAY = re.compile(r"\b(?:today|heute)\b|今天|今日", re.IGNORECASE)
_YESTERDAY = re.compile(r"\b(?:yesterday|gestern)\b|昨天|昨日", re.IGNORECASE)
_THIS_WEEK = re.compile(r"\b(?:this week|diese(?:r|n)? woche)\b|本周|这周|这个?星期|本星期", re.IGNORECASE)
_LAST_WEEK = re.compile(r"\b(?:last week|letzte(?:r|n)? woche|vorige(?:r|n)? woche)\b|上周|上个?星期", re.IGNORECASE)
_LAST_DAYS = re.compile(
    r"\b(?:last|past|letzten|vergangenen)\s+(\d{1,4})\s+(?:days?|tagen?|tage)\b|(?:最近|过去|近)\s*(\d{1,4})\s*天",
    re.IGNORECASE,
)


def period(question: str, now: datetime) -> Period | None:
    """Find the time *question* speaks of, in the days of *now*'s zone; weeks start on Monday."""
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    monday = today - today.weekday() * _DAY
    if match := _LAST_DAYS.search(question):
        days = int(match.group(1) or match.group(2))
        return today - days * _DAY, today + _DAY
    if _YESTERDAY.search(question):
        return today - _DAY, today
    if _LAST_WEEK.search(question):
        return monday - 7 * _DAY, monday
    if _THIS_WEEK.search(question):
        return monday, monday + 7 * _DAY
    return (today, today + _DAY) if _TODAY.search(question) else None
