from __future__ import annotations

import pytest

from bot.llm.thinking import VisibleText


def shown(*pieces: str | bytes, hide: bool = True) -> tuple[str, bool]:
    visible = VisibleText(hide_reasoning=hide)
    text = "".join(visible.push(piece.encode() if isinstance(piece, str) else piece) for piece in pieces)
    return text + visible.finish(), visible.thinking


@pytest.mark.parametrize(
    ("text", "visible"),
    [
        ("Plain.", "Plain."),
        ("<think>hmm</think>\n\nAnswer", "Answer"),
        ("\n<think>a</think>One <think>b</think>two", "One two"),
        ("[THINK]hmm[/THINK]Answer", "Answer"),
        ("<think>an </thin> ending</think>ok", "ok"),
        ("a < b and <th> is a tag", "a < b and <th> is a tag"),
        ("ends with <thi", "ends with <thi"),
        ("</think>\nAnswer", "Answer"),
    ],
)
def test_reasoning_is_hidden_however_the_text_is_cut_into_pieces(text: str, visible: str) -> None:
    for size in range(1, len(text) + 1):
        pieces = [text[at : at + size] for at in range(0, len(text), size)]
        assert shown(*pieces) == (visible, False)


def test_a_block_that_is_never_closed_hides_the_rest() -> None:
    assert shown("Well. <think>and ", "on and on") == ("Well. ", True)
    assert shown("<think>only this") == ("", True)


def test_text_that_cannot_be_a_tag_is_shown_at_once() -> None:
    visible = VisibleText(hide_reasoning=True)

    assert visible.push(b"a <") == "a "
    assert visible.push(b"t") == ""
    assert visible.push(b"d>") == "<td>"


def test_characters_are_never_halved() -> None:
    visible = VisibleText(hide_reasoning=True)
    bytes_of_it = "审查".encode()

    assert [visible.push(bytes_of_it[at : at + 1]) for at in range(6)] == ["", "", "审", "", "", "查"]
    assert shown(bytes_of_it[:5]) == ("审", False)


def test_constrained_text_passes_as_it_is() -> None:
    assert shown(' {"quote": "<think>"}', hide=False) == (' {"quote": "<think>"}', False)
