import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.plain_text import encodable, one_line, plain

HOSTILE = st.text(
    st.one_of(st.sampled_from("\x1b\x9b\x9d\x9c\x07[]\\;Pm0189 \n\t\r\u202e\u200b\u2028\ud800"), st.characters())
)
ANYTHING = st.text(st.characters(exclude_categories=()))


@given(HOSTILE)
def test_no_control_character_but_tab_and_line_feed_remains(text: str) -> None:
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", plain(text))


@given(HOSTILE)
def test_no_bidirectional_or_zero_width_character_remains(text: str) -> None:
    assert not re.search("[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\u061c]", plain(text))


@given(HOSTILE)
def test_a_second_time_changes_nothing(text: str) -> None:
    assert plain(plain(text)) == plain(text)


@given(ANYTHING)
def test_any_text_can_be_encoded_afterwards(text: str) -> None:
    assert plain(text).encode().decode() == plain(text)
    assert len(encodable(text).encode().decode()) == len(text)


@given(st.text(st.characters(categories=("L", "N", "P", "S", "Zs"))))
def test_visible_text_is_left_alone(text: str) -> None:
    assert plain(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x9b31mred", "red"),
        ("\x1b]0;title\x07after", "after"),
        ("\x1b]8;;https://evil.example\x1b\\here\x1b]8;;\x1b\\", "here"),
        ("\x1b]52;c;aGk=\x9cafter", "after"),
        ("\x1bP1$r0m\x1b\\after", "after"),
        ("\x1b(Bafter\x1bc", "after"),
        ("access\u202e\u2066 level\u2069", "access level"),
        ("pay\u200bload\ufeff", "payload"),
        ("one\r\ntwo\u2028three\tfour", "one\ntwo\nthree\tfour"),
        ("tag\U000e0041\U000e007f", "tag"),
        ("bytes \udcff", "bytes \ufffd"),
    ],
)
def test_what_steers_or_hides_is_removed(text: str, expected: str) -> None:
    assert plain(text) == expected


def test_an_escape_that_never_ends_does_not_swallow_the_text_behind_it() -> None:
    assert plain("\x1b]0;visible text\nnext line") == "0;visible text\nnext line"


def test_one_line_joins_lines_with_single_spaces() -> None:
    assert one_line("  a\n\n b\t c\x1b[2J ") == "a b c"
