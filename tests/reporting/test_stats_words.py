"""Statistics in words say every number that the chart shows."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from bot.domain.stats import MOST_WEEKS, Stats
from bot.language.catalogue import Catalogue
from bot.reporting.stats_words import heading, in_words, span
from tests.charts.figures import some_stats


def told(stats: Stats, language: str = "en") -> list[str]:
    return list(map(Catalogue.load(language).speak, in_words(stats)))


def test_a_usual_repository() -> None:
    stats = some_stats(3)

    assert str(heading(stats)) == "Pull requests of octo/stats, 3 weeks from 2026-02-16"
    assert told(stats) == [
        "All in all: 45 opened, 19 merged, 18 closed without a merge.",
        "Until the first review by another person: half in 3.5 h, 90% in 10 h.",
        "Until the merge: half in 21.5 h, 90% in 2.7 d.",
        "Open: 90, 30 of them drafts. By age: less than 1 day: 10, 1 to 3 days: 10, 3 to 7 days: 13, 7 to 30 days: 16, "
        "30 to 90 days: 19, 90 days and more: 22.",
        "2026-02-16: 20 opened, 0 merged, 6 closed; "
        "first review: half in 1.5 h, 90% in 4 h; merge: half in 1.5 h, 90% in 4 h",
        "2026-02-23: 15 opened, 6 merged, 6 closed; "
        "first review: half in 2.5 h, 90% in 7 h; merge: half in 10.5 h, 90% in 31 h",
        "2026-03-02, so far: 10 opened, 13 merged, 6 closed; "
        "first review: half in 3.5 h, 90% in 10 h; merge: half in 19.5 h, 90% in 2.4 d",
    ]


def test_a_repository_of_nothing() -> None:
    stats = some_stats(1, most=0)

    assert str(heading(stats)) == "Pull requests of octo/stats, the week from 2026-03-02"
    assert told(stats) == [
        "All in all: 0 opened, 0 merged, 0 closed without a merge.",
        "Nothing is open.",
        "2026-03-02, so far: 0 opened, 0 merged, 0 closed",
    ]


def test_what_is_left_out_is_said_last() -> None:
    stats = replace(some_stats(1, most=0), bots=2, unread=1, wanted=8)

    assert told(stats)[-3:] == [
        "2 by bots are not counted; `bots:yes` counts them.",
        "The oldest open one is not counted: there are too many.",
        "More happened than is read at once: of 8 weeks these are the last.",
    ]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("weeks", [1, 8, MOST_WEEKS])
def test_every_number_of_the_chart_is_said(weeks: int, language: str) -> None:
    stats, speak = some_stats(weeks), Catalogue.load(language).speak
    lines = told(stats, language)

    assert behind_colons(lines[3]) == [stats.open, *(group.total for group in stats.ages)]
    for week, line in zip(stats.weeks, lines[4:], strict=True):
        counts = re.findall(r"\d+", line.removeprefix(f"{week.start}"))[:3]
        assert list(map(int, counts)) == [week.opened, week.merged, week.closed]
        for spread in (week.to_review, week.to_merge):
            assert spread is not None
            assert speak(span(spread.median)) in line
            assert speak(span(spread.most)) in line


def behind_colons(line: str) -> list[int]:
    return [int(count) for count in re.findall(r"[:：] ?(\d+)", line)]


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (0, "0 min"),
        (0.5, "30 min"),
        (0.99, "59 min"),
        (0.999, "1 h"),
        (3.25, "3.2 h"),
        (47.9, "47.9 h"),
        (48, "2 d"),
        (1000, "41.7 d"),
    ],
)
def test_a_span_is_as_exact_as_people_need_it(hours: float, said: str) -> None:
    assert str(span(hours)) == said
