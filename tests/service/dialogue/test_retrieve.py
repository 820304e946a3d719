from __future__ import annotations

import pytest

from bot.service.dialogue.retrieve import clip, fit, in_order, rank, retrieve
from tests.builders import a_change, a_diff, a_record, a_review, numbered
from tests.doubles.language_model import ScriptedModel
from tests.service.dialogue.setting import a_talked_about_record


@pytest.mark.parametrize(
    ("question", "path", "finding"),
    [
        ("why does fetch_page never end?", "src/net/retry.py", 0),
        ("what does retry.py do?", "src/net/retry.py", 0),
        ("what about src/db/pool.py?", "src/db/pool.py", 0),
        ("is the ConnectionPool closed?", "src/db/pool.py", 0),
        ("how do I mend finding 1?", "src/net/retry.py", 1),
        ("#2?", "src/db/pool.py", 2),
        ("第2个问题怎么改?", "src/db/pool.py", 2),
        ("连接池什么时候抛出异常?", "src/db/pool.py", 2),
        ("函数fetch_page为什么循环?", "src/net/retry.py", 0),
    ],
)
def test_the_best_piece_is_the_one_the_question_is_about(question: str, path: str, finding: int) -> None:
    best = rank(question, a_talked_about_record())[0]

    assert best.path == path
    assert not finding or best.finding == finding


def test_the_lines_of_a_named_finding_come_with_it() -> None:
    first, second, *_ = rank("explain finding 2", a_talked_about_record())

    assert (first.finding, second.path) == (2, "src/db/pool.py")
    assert 6 in second.lines


def test_a_named_line_of_a_long_file_is_shown() -> None:
    record = a_record(change=a_change(diff=a_diff({"long.py": (None, numbered(4000))})), review=a_review([]))

    best = rank("what is in long.py:3210?", record)[0]

    assert 3210 in best.lines


def test_a_question_that_matches_nothing_is_about_the_findings_and_their_lines() -> None:
    pieces = rank("is this safe?", a_talked_about_record())

    assert [piece.finding for piece in pieces[:2]] == [1, 2]
    assert {piece.path for piece in pieces[2:4]} == {"src/net/retry.py", "src/db/pool.py"}


def test_what_was_said_before_helps_a_question_that_names_nothing() -> None:
    pieces = rank("and why is that?", a_talked_about_record(), background="It is about ConnectionPool.")

    assert pieces[0].path == "src/db/pool.py"


def test_the_order_is_the_same_each_time() -> None:
    record = a_talked_about_record()

    assert rank("pop the free page", record) == rank("pop the free page", record)


async def test_pieces_fit_in_the_room() -> None:
    files = {f"part{number}.py": (None, numbered(50, "value")) for number in range(30)}
    record = a_record(change=a_change(diff=a_diff(files)), review=a_review([]))
    model = ScriptedModel()

    pieces = await retrieve("which value?", record, model, room=500)

    assert pieces
    assert sum(await model.count_texts([piece.text for piece in pieces])) <= 500


async def test_the_best_piece_is_cut_rather_than_left_out() -> None:
    pieces = rank("retry.py", a_talked_about_record())

    (piece,) = await fit(pieces, ScriptedModel(), room=30)

    assert piece.path == "src/net/retry.py"
    assert piece.text.endswith("… (cut)")


async def test_a_text_that_fits_is_not_cut() -> None:
    assert await clip("short", ScriptedModel(), room=10) == "short"
    assert await clip("x" * 100, ScriptedModel(), room=0) == ""


def test_pieces_are_read_findings_first_then_files() -> None:
    pieces = in_order(rank("is this safe?", a_talked_about_record())[::-1])

    assert [piece.finding for piece in pieces] == [1, 2, 0, 0]
    assert [piece.path for piece in pieces[2:]] == ["src/db/pool.py", "src/net/retry.py"]


def test_a_file_that_the_review_left_out_counts_only_when_it_is_named() -> None:
    asked = rank("which version of the package is it?", a_talked_about_record())
    named = rank("which version is in poetry.lock?", a_talked_about_record())

    assert "poetry.lock" not in {piece.path for piece in asked}
    assert named[0].path == "poetry.lock"
