from __future__ import annotations

import pytest

from bot.service.dialogue.repetition import before_loop


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("It loops for ever. " * 5, "It loops for ever."),
        ("First this. " + "It loops for ever. It has no end. " * 3, "First this. It loops for ever. It has no end."),
        ("- the loop in retry.py\n" * 4, "- the loop in retry.py"),
        ("循环没有上限，会一直重试下去。" * 3, "循环没有上限，会一直重试下去。"),
    ],
)
def test_a_circle_is_cut_after_its_first_round(text: str, kept: str) -> None:
    assert before_loop(text) == (kept, True)


def test_a_sentence_that_is_just_being_written_is_not_looked_at() -> None:
    assert before_loop("It loops for ever. " * 3 + "It lo") == ("It loops for ever.", True)


@pytest.mark.parametrize(
    "text",
    ["", "One. Two. Three.", "It loops. It loops.", "}\n}\n}\n}\n", "a.py:1 is fine. a.py:2 is fine. a.py:3 is fine."],
)
def test_an_ordinary_answer_is_left_alone(text: str) -> None:
    assert before_loop(text) == (text, False)
