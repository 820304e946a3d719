"""How often something may be done that nobody would miss."""

from __future__ import annotations

import time
from collections.abc import Callable


class Pace:
    """A token bucket: full at first, filled again bit by bit.

    Args:
        seconds: Tells the time.
    """

    def __init__(self, *, per_minute: float, burst: int, seconds: Callable[[], float] = time.monotonic) -> None:
        self._rate = per_minute / 60
        self._burst = float(burst)
        self._seconds = seconds
        self._left = self._burst
        self._at = seconds()

    def allows(self) -> bool:
        """Take one, if there is one."""
        now = self._seconds()
        self._left = min(self._burst, self._left + (now - self._at) * self._rate)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True
