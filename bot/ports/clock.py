"""Time, so that tests need not wait for it."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Return the current moment in UTC, with its zone."""
        ...

    def seconds(self) -> float:
        """Return seconds that only ever grow, for measuring how long something took."""
        ...
