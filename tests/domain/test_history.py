"""How long a pull request waited for others, and who counts as one of them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.domain.history import Draft, ReviewGiven, drafts_of
from tests.builders import NOON, a_course

OPENED = NOON - timedelta(hours=100)


def after(hours: float) -> datetime:
    return OPENED + timedelta(hours=hours)


def review(by: str, hours: float, *, bot: bool = False) -> ReviewGiven:
    return ReviewGiven(by=by, bot=bot, at=after(hours))


@pytest.mark.parametrize(
    ("reviews", "first"),
    [
        ([], None),
        ([review("ada", 5)], 5),
        ([review("mona", 1), review("Mona", 2), review("ada", 5)], 5),
        ([review("coderabbit", 1, bot=True), review("ada", 5)], 5),
        ([review("mona", 1), review("coderabbit", 1, bot=True)], None),
        ([review("ada", 9), review("eve", 5)], 5),
        ([review("", 3)], 3),
        ([review("ada", 21)], None),
        ([review("ada", 20)], 20),
    ],
    ids=["none", "one", "own", "bot", "nobody", "unsorted", "gone", "after the merge", "with the merge"],
)
def test_the_first_review_is_that_of_another_person_before_the_end(
    reviews: list[ReviewGiven], first: float | None
) -> None:
    course = a_course(opened=OPENED, closed=after(20), merged=True, reviews=tuple(reviews))

    assert course.first_review == (None if first is None else after(first))


def test_of_two_accounts_that_are_gone_nobody_knows_whether_they_are_one() -> None:
    assert a_course(opened=OPENED, author="", reviews=(review("", 1),)).first_review is None


@pytest.mark.parametrize(
    ("drafts", "until", "hours"),
    [
        ((), 10, 10),
        (((0, 4),), 10, 6),
        (((2, 4), (6, 7)), 10, 7),
        (((2, None),), 10, 2),
        (((0, None),), 10, 0),
        (((0, 20),), 10, 0),
        (((12, 20),), 10, 10),
        (((-3, 4),), 10, 6),
        ((), -1, 0),
    ],
)
def test_the_time_as_a_draft_is_no_waiting(
    drafts: tuple[tuple[float, float | None], ...], until: float, hours: float
) -> None:
    spans: tuple[Draft, ...] = tuple((after(start), None if end is None else after(end)) for start, end in drafts)

    assert a_course(opened=OPENED, drafts=spans).waited(after(until)) == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("turns", "draft", "expected"),
    [
        ([], False, []),
        ([], True, [(0, None)]),
        ([(3, False)], False, [(0, 3)]),
        ([(3, True)], True, [(3, None)]),
        ([(3, True), (5, False)], False, [(3, 5)]),
        ([(3, False), (5, True), (6, False)], False, [(0, 3), (5, 6)]),
        ([(3, False), (4, False)], False, [(0, 3)]),
    ],
)
def test_what_it_was_at_first_follows_from_its_first_turn(
    turns: list[tuple[float, bool]], draft: bool, expected: list[tuple[float, float | None]]
) -> None:
    drafts = drafts_of(OPENED, [(after(hours), turn) for hours, turn in turns], draft=draft)

    assert drafts == tuple((after(start), None if end is None else after(end)) for start, end in expected)


def test_what_is_closed_is_no_draft_any_more() -> None:
    drafts = ((OPENED, None),)

    assert a_course(opened=OPENED, drafts=drafts).draft
    assert not a_course(opened=OPENED, drafts=drafts, closed=NOON).draft
