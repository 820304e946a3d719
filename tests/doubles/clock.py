"""A `Clock` that only moves when it is told to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass
class FakeClock:
    """Stands at *now* until `advance`; its seconds count from there."""

    moment: datetime = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
    passed: float = 0.0

    def now(self) -> datetime:
        return self.moment

    def seconds(self) -> float:
        return self.passed

    def advance(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)
        self.passed += seconds
