from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.service.dialogue.periods import period

NOW = datetime(2026, 3, 4, 15, 30, tzinfo=UTC)  # a Wednesday


@pytest.mark.parametrize(
    ("question", "since", "until"),
    [
        ("what did we find today?", "2026-03-04", "2026-03-05"),
        ("今天有什么问题", "2026-03-04", "2026-03-05"),
        ("was war heute?", "2026-03-04", "2026-03-05"),
        ("and yesterday?", "2026-03-03", "2026-03-04"),
        ("昨天呢", "2026-03-03", "2026-03-04"),
        ("gestern", "2026-03-03", "2026-03-04"),
        ("which files did we worry about this week?", "2026-03-02", "2026-03-09"),
        ("这周我们担心哪些文件", "2026-03-02", "2026-03-09"),
        ("本周", "2026-03-02", "2026-03-09"),
        ("in dieser Woche", "2026-03-02", "2026-03-09"),
        ("what did we say about #12 last week?", "2026-02-23", "2026-03-02"),
        ("上周", "2026-02-23", "2026-03-02"),
        ("Letzte Woche", "2026-02-23", "2026-03-02"),
        ("the last 3 days", "2026-03-01", "2026-03-05"),
        ("最近3天", "2026-03-01", "2026-03-05"),
        ("in den letzten 3 Tagen", "2026-03-01", "2026-03-05"),
    ],
)
def test_a_question_speaks_of_whole_days(question: str, since: str, until: str) -> None:
    days = [datetime.fromisoformat(day).replace(tzinfo=UTC) for day in (since, until)]

    assert period(question, NOW) == tuple(days)


def test_a_monday_belongs_to_the_week_it_begins() -> None:
    monday = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)

    assert period("this week", monday) == (monday, datetime(2026, 3, 9, tzinfo=UTC))


@pytest.mark.parametrize("question", ["what did we find in #12?", "the weekly job", "todays", "the last 3 commits"])
def test_a_question_without_a_time_has_no_period(question: str) -> None:
    assert period(question, NOW) is None
