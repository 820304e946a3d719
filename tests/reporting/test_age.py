"""Ages in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.reporting.age import of_age

NOON = datetime(2026, 3, 4, 12, 0).astimezone().astimezone(UTC)


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (timedelta(seconds=-5), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(seconds=60), "1 minute ago"),
        (timedelta(minutes=59), "59 minutes ago"),
        (timedelta(hours=3), "3 hours ago"),
        (timedelta(hours=13), "yesterday"),
        (timedelta(days=1), "yesterday"),
        (timedelta(days=40), "40 days ago"),
    ],
)
def test_ages_are_told_as_people_do(before: timedelta, words: str) -> None:
    assert str(of_age(NOON - before, NOON)) == words
