"""How often something may be done that nobody would miss."""

from __future__ import annotations

from adapters.slack.pace import Pace


class Time:
    """Seconds that a test counts."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def taken(pace: Pace, tries: int = 100) -> int:
    """Count how many of some tries are allowed."""
    return sum(pace.allows() for _ in range(tries))


def test_some_are_allowed_at_once_and_then_none() -> None:
    assert taken(Pace(per_minute=60, burst=5, between=0, seconds=Time())) == 5


def test_in_a_minute_no_more_come_back_than_a_minute_has() -> None:
    time = Time()
    pace = Pace(per_minute=40, burst=10, between=0, seconds=time)
    taken(pace)

    allowed = 0
    for _ in range(60):
        time.now += 1
        allowed += taken(pace)

    assert 39 <= allowed <= 40


def test_what_is_not_used_does_not_pile_up() -> None:
    time = Time()
    pace = Pace(per_minute=60, burst=3, between=0, seconds=time)
    time.now += 3600

    assert taken(pace) == 3


def test_nothing_is_allowed_while_slack_wants_peace() -> None:
    time = Time()
    pace = Pace(per_minute=60, burst=3, between=0, seconds=time)
    pace.shut(30)
    pace.shut(5)
    time.now += 29

    assert not pace.allows()
    time.now += 1
    assert pace.allows()
