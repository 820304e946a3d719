"""The arithmetic of statistics: weeks, spreads, ages, and that nothing is counted twice or lost."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.history import Course, ReviewGiven
from bot.domain.stats import AGES, MOST_WEEKS, Spread, Stats, compute, window
from tests.builders import NOON, a_course, a_history

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
"""`NOON` is Wednesday of its week."""


def day(days: float) -> datetime:
    """Return a moment so many days after the Monday of the week that runs."""
    return MONDAY + timedelta(days=days)


def stats(*courses: Course, weeks: int = 2, timezone: str = "UTC", bots: bool = False, **fields: Any) -> Stats:
    return compute(a_history(*courses, **fields), NOON, weeks=weeks, timezone=timezone, bots=bots)


def merged(opened: float, closed: float, **fields: Any) -> Course:
    return a_course(opened=day(opened), closed=day(closed), merged=True, **fields)


def test_without_pull_requests_every_week_is_empty() -> None:
    made = stats(weeks=3)

    assert [(week.start, week.opened, week.merged, week.closed) for week in made.weeks] == [
        (date(2026, 2, 16), 0, 0, 0),
        (date(2026, 2, 23), 0, 0, 0),
        (date(2026, 3, 2), 0, 0, 0),
    ]
    assert [week.running for week in made.weeks] == [False, False, True]
    assert (made.open, made.to_review, made.to_merge, made.bots) == (0, None, None, 0)


@pytest.mark.parametrize(
    ("course", "before", "now"),
    [
        (a_course(opened=day(-1)), (1, 0, 0), (0, 0, 0)),
        (a_course(opened=day(0)), (0, 0, 0), (1, 0, 0)),
        (merged(-1, 1), (1, 0, 0), (0, 1, 0)),
        (merged(1, 1.5), (0, 0, 0), (1, 1, 0)),
        (merged(-90, -1), (0, 1, 0), (0, 0, 0)),
        (merged(-90, -30), (0, 0, 0), (0, 0, 0)),
        (a_course(opened=day(-2), closed=day(-1)), (1, 0, 1), (0, 0, 0)),
        (a_course(opened=day(-90)), (0, 0, 0), (0, 0, 0)),
    ],
    ids=["last week", "midnight", "over the week's end", "at once", "old", "older", "closed", "old and open"],
)
def test_what_happened_counts_in_its_week(
    course: Course, before: tuple[int, int, int], now: tuple[int, int, int]
) -> None:
    weeks = stats(course).weeks

    assert [(week.opened, week.merged, week.closed) for week in weeks] == [before, now]


@pytest.mark.parametrize(
    ("timezone", "start"),
    [("UTC", "2026-02-23T00:00"), ("Asia/Tokyo", "2026-02-22T15:00"), ("America/New_York", "2026-02-23T05:00")],
)
def test_a_week_begins_at_midnight_of_its_zone(timezone: str, start: str) -> None:
    begin = datetime.fromisoformat(start).replace(tzinfo=UTC)

    before, after = (a_course(opened=begin + timedelta(seconds=seconds)) for seconds in (-1, 0))

    assert window(NOON, 2, timezone) == begin
    assert [week.opened for week in stats(before, after, weeks=2, timezone=timezone).weeks] == [1, 0]


def test_a_week_in_which_clocks_change_is_a_week() -> None:
    after = datetime(2026, 3, 31, 12, tzinfo=UTC)  # Berlin's clocks went forward on Sunday, 29 March

    assert window(after, 2, "Europe/Berlin") == datetime(2026, 3, 22, 23, tzinfo=UTC)
    assert window(after, 1, "Europe/Berlin") == datetime(2026, 3, 29, 22, tzinfo=UTC)


def test_on_sunday_night_the_week_is_still_the_same() -> None:
    assert window(day(7) - timedelta(seconds=1), 1, "UTC") == MONDAY
    assert window(day(7), 1, "UTC") == day(7)


@pytest.mark.parametrize(
    ("hours", "median", "most"),
    [
        ([5], 5, 5),
        ([1, 3], 2, 3),
        ([3, 1, 2], 2, 3),
        (range(1, 11), 5.5, 9),
        (range(1, 12), 6, 10),
        ([1] * 19 + [500], 1, 1),
        ([0], 0, 0),
    ],
)
def test_a_spread_has_the_middle_and_what_nine_of_ten_keep_below(
    hours: list[float], median: float, most: float
) -> None:
    courses = [merged(-3 - took / 24, -3, number=number) for number, took in enumerate(hours)]

    spread = stats(*courses, weeks=8).to_merge

    assert spread is not None
    assert [spread.median, spread.most] == pytest.approx([median, most])
    assert spread.count == len(hours)


def test_the_first_review_counts_in_the_week_it_was_given_in_without_the_time_as_a_draft() -> None:
    course = a_course(
        opened=day(-3),
        drafts=((day(-3), day(-2)), (day(-1), day(0))),
        reviews=(
            ReviewGiven(by="mona", bot=False, at=day(-2)),
            ReviewGiven(by="hubot", bot=True, at=day(-1.5)),
            ReviewGiven(by="ada", bot=False, at=day(0.5)),
        ),
    )

    before, now = stats(course).weeks

    assert before.to_review is None
    assert now.to_review == Spread(median=36, most=36, count=1)


def test_programs_are_left_out_and_counted_unless_they_are_asked_for() -> None:
    courses = [
        a_course(1),
        a_course(2, bot=True),
        merged(-1, 1, number=3, bot=True),
        merged(-90, -60, number=4, bot=True),
    ]

    without, with_them = stats(*courses), stats(*courses, bots=True)

    assert (without.open, without.weeks[1].merged, without.bots) == (1, 0, 2)
    assert (with_them.open, with_them.weeks[1].merged, with_them.bots) == (2, 1, 0)


@pytest.mark.parametrize(
    ("age", "group"),
    [(-0.1, 0), (0, 0), (0.9, 0), (1, 1), (2.9, 1), (3, 2), (7, 3), (29.9, 3), (30, 4), (90, 5), (4000, 5)],
)
def test_what_is_open_is_sorted_by_whole_days(age: float, group: int) -> None:
    opened = NOON - timedelta(days=age)

    made = stats(a_course(1, opened=opened), a_course(2, opened=opened, drafts=((opened, None),)))

    assert [(one.ready, one.drafts) for one in made.ages] == [(int(n == group),) * 2 for n in range(len(AGES) + 1)]
    assert [(one.least, one.below) for one in made.ages][:2] == [(0, 1), (1, 3)]
    assert made.ages[-1].below is None


def test_weeks_of_which_not_everything_is_known_are_left_out() -> None:
    made = stats(a_course(), weeks=8, since=day(-8))

    assert [week.start for week in made.weeks] == [date(2026, 2, 23), date(2026, 3, 2)]
    assert made.wanted == 8
    assert [week.start for week in stats(weeks=8, since=NOON).weeks] == [date(2026, 3, 2)]


moments = st.datetimes(datetime(2025, 1, 1), datetime(2026, 3, 4, 12)).map(  # noqa: DTZ001 - made UTC below
    lambda moment: moment.replace(tzinfo=UTC)
)


@st.composite
def courses(draw: st.DrawFn) -> Course:
    """Draw what may have happened to a pull request."""
    opened, *later = sorted(draw(st.lists(moments, min_size=3, max_size=3)))
    closed = draw(st.sampled_from([None, later[1]]))
    reviews = draw(st.lists(st.tuples(st.sampled_from(["mona", "ada", "hubot"]), st.sampled_from(later)), max_size=3))
    return a_course(
        opened=opened,
        closed=closed,
        merged=closed is not None and draw(st.booleans()),
        bot=draw(st.booleans()),
        drafts=draw(st.sampled_from([(), ((opened, None),), ((opened, later[0]),)])),
        reviews=tuple(ReviewGiven(by=by, bot=by == "hubot", at=at) for by, at in reviews),
    )


@given(
    st.lists(courses(), max_size=20),
    st.integers(1, MOST_WEEKS),
    st.sampled_from(["UTC", "Europe/Berlin", "Pacific/Auckland"]),
    st.booleans(),
)
def test_nothing_is_counted_twice_or_lost(known: list[Course], weeks: int, timezone: str, bots: bool) -> None:
    made = compute(a_history(*known), NOON, weeks=weeks, timezone=timezone, bots=bots)
    begin = window(NOON, weeks, timezone)
    counted = [course for course in known if bots or not course.bot]

    assert len(made.weeks) == weeks
    assert sum(week.opened for week in made.weeks) == sum(one.opened >= begin for one in counted)
    ended = [one for one in counted if one.closed is not None and one.closed >= begin]
    assert sum(week.merged for week in made.weeks) == sum(one.merged for one in ended)
    assert sum(week.closed for week in made.weeks) == sum(not one.merged for one in ended)
    assert made.open == sum(one.closed is None for one in counted)
    assert sum(group.drafts for group in made.ages) == sum(one.draft for one in counted)
    for total, parts in (
        (made.to_review, [week.to_review for week in made.weeks]),
        (made.to_merge, [week.to_merge for week in made.weeks]),
    ):
        known_parts = [part for part in parts if part is not None]
        assert (total.count if total else 0) == sum(part.count for part in known_parts)
        assert all(0 <= part.median <= part.most for part in known_parts)
    assert all((week.to_merge.count if week.to_merge else 0) == week.merged for week in made.weeks)
