"""How often something may be done that nobody would miss."""

from __future__ import annotations

import time
from collections.abc import Callable


class Pace:
    """A token bucket: full at first, filled again bit by bit, and shut for as long as Slack says.

    Args:
        seconds: Tells the time.

    Attributes:
        between: Seconds between two changes of one message.
    """

    def __init__(
        self, *, per_minute: float, burst: int, between: float, seconds: Callable[[], float] = time.monotonic
    ) -> None:
        self.between = between
        self._rate = per_minute / 60
        self._burst = float(burst)
        self._seconds = seconds
        self._left = self._burst
        self._at = self._shut_until = seconds()

    def allows(self) -> bool:
        """Take one, if there is one."""
        now = self._seconds()
        self._left = min(self._burst, self._left + (now - self._at) * self._rate)
        self._at = now
        if self._left < 1 or now < self._shut_until:
            return False
        self._left -= 1
        return True

    def shut(self, seconds: float) -> None:
        """Allow nothing for some seconds; what was shut for longer stays so."""
        self._shut_until = max(self._shut_until, self._seconds() + seconds)
