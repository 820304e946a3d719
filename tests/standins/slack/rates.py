"""Slack's rate limits: https://docs.slack.dev/apis/web-api/rate-limits and the page of each method."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

TIER_1, TIER_2, TIER_3, TIER_4, SPECIAL = 10, 20, 50, 100, 300
"""Calls a minute; of tier 1 ("a small amount of burst is tolerated") that burst."""

TIERS = {
    "apps.connections.open": TIER_1,
    "chat.startStream": TIER_2,
    "chat.stopStream": TIER_2,
    "chat.update": TIER_3,
    "chat.delete": TIER_3,
    "chat.appendStream": TIER_4,
    "chat.postEphemeral": TIER_4,
    "chat.postMessage": SPECIAL,
    "chat.getPermalink": SPECIAL,
    "auth.test": SPECIAL,
    "conversations.info": TIER_3,
    "conversations.history": TIER_3,
    "conversations.replies": TIER_3,
    "conversations.open": TIER_3,
    "reactions.add": TIER_3,
    "team.info": TIER_3,
    "users.conversations": TIER_3,
}
"""Everything else is tier 4."""

A_CHANNEL, BURST = 60, 5
"""Messages a minute into one channel, and how many may come at once."""


@dataclass(kw_only=True)
class Storm:
    """Answers a method (every method, where it is empty) with 429 for some times."""

    method: str
    times: int
    retry_after: int = 0


@dataclass
class _Bucket:
    left: float
    at: float


class Rates:
    """Counts calls.

    Args:
        now: Tells the seconds.
        minute: Tells how many of them Slack's minute has; a test makes it short so that it need not wait.
    """

    def __init__(self, now: Callable[[], float], minute: Callable[[], float]) -> None:
        self.storms: list[Storm] = []
        self._now = now
        self._minute = minute
        self._buckets: dict[str, _Bucket] = {}

    def wait(self, method: str, arguments: dict[str, Any]) -> int | None:
        """Return the seconds of `Retry-After`, or None for a call that may pass."""
        storm = next((one for one in self.storms if one.method in ("", method) and one.times > 0), None)
        if storm is not None:
            storm.times -= 1
            return storm.retry_after
        per_minute = TIERS.get(method, TIER_4)
        waits = [self._take(method, per_minute, per_minute)]
        if method == "chat.postMessage":
            waits.append(self._take(f"{method} {arguments.get('channel')}", A_CHANNEL, BURST))
        longest = max(waits)
        return math.ceil(longest * 60 / self._minute()) * round(self._minute()) // 60 if longest else None

    def _take(self, name: str, per_minute: int, most: int) -> float:
        now, rate = self._now(), per_minute / self._minute()
        bucket = self._buckets.setdefault(name, _Bucket(left=most, at=now))
        bucket.left = min(most, bucket.left + (now - bucket.at) * rate)
        bucket.at = now
        if bucket.left < 1:
            return (1 - bucket.left) / rate
        bucket.left -= 1
        return 0.0
