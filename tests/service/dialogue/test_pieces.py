from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.service.dialogue.pieces import of_file, of_findings, windows
from bot.service.dialogue.relevance import query
from tests.builders import a_file, a_finding, a_review, numbered


def test_a_finding_has_the_number_people_were_shown() -> None:
    pieces = of_findings(a_review([a_finding("First"), a_finding("Second")]))

    assert [piece.finding for piece in pieces] == [1, 2]
    assert pieces[1].text.startswith("Finding 2 (medium, bug) at stats.py:3: Second")


def test_a_short_hunk_is_one_piece_with_numbers_and_signs() -> None:
    (piece,) = of_file(a_file(), {}, (), longest=60)

    assert piece.place == "stats.py:1-3"
    assert piece.text.splitlines() == [
        "=== stats.py [modified]",
        "1  def mean(values):",
        "-    return sum(values) / len(values)",
        "2 +    total = sum(values)",
        "3 +    return total / len(values)",
    ]


def test_lines_that_were_only_removed_are_placed_in_the_old_file() -> None:
    (piece,) = of_file(a_file(new=None), {}, (), longest=60)

    assert piece.place == "stats.py:1-2"


def test_a_long_hunk_is_cut_around_the_lines_that_match_and_says_so() -> None:
    file = a_file(old=None, new=numbered(500) + "needle()\n" + numbered(500))

    (piece,) = of_file(file, query("where is the needle?"), (), longest=60)

    assert "501 +needle()" in piece.text
    assert piece.lines == range(489, 514)
    assert "(cut: 25 of 1001 lines of this part)" in piece.text


def test_a_long_hunk_is_cut_around_a_line_that_is_named() -> None:
    file = a_file(old=None, new=numbered(500))

    (piece,) = of_file(file, {}, (300,), longest=60)

    assert 300 in piece.lines


def test_a_long_hunk_that_matches_nothing_shows_its_beginning() -> None:
    (piece,) = of_file(a_file(old=None, new=numbered(500)), {}, (), longest=60)

    assert piece.lines == range(1, 14)


def test_a_minified_line_is_shortened() -> None:
    (piece,) = of_file(a_file(old=None, new="x" * 5000 + "\n"), {}, (), longest=60)

    assert len(piece.text) < 400
    assert piece.text.endswith("…")


@given(st.sets(st.integers(0, 299), min_size=1), st.integers(10, 60))
def test_windows_show_every_hit_once_and_are_never_too_long(hits: set[int], longest: int) -> None:
    found = windows(sorted(hits), 300, longest=longest)

    assert all(sum(hit in window for window in found) == 1 for hit in hits)
    assert all(0 < len(window) <= longest for window in found)
    assert all(before.stop <= after.start for before, after in pairwise(found))
