"""A model's markdown where Slack parses it: it can be read, and do nothing else."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from adapters.slack.markdown import harmless, settled, split
from tests.reporting.reviews import hostile

HOST = "https://github.com"
FRAGMENTS = [
    "[",
    "]",
    "](",
    ")",
    "`",
    "```",
    "\n",
    "<",
    "&lt;",
    "!",
    "@",
    "#",
    "(http://e.example/",
    "a",
    " ",
    "**",
    "~~~",
    "]:",
]

wild = st.lists(st.sampled_from(FRAGMENTS) | hostile, max_size=14).map("".join)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("<!channel> <@U1> <#C1>", "‹!channel> ‹@U1> ‹#C1>"),
        ("&lt;!channel> &#60;@U1> &#x3C;#C1> a &lt; b", "‹!channel> ‹@U1> ‹#C1> a &lt; b"),
        ("[here](https://evil.example/x)", "here (https://evil.example/x)"),
        ("![](https://evil.example/x.png)", "https://evil.example/x.png"),
        (f"[#12]({HOST}/octo/stats/pull/12)", f"[#12]({HOST}/octo/stats/pull/12)"),
        (f"[#12]({HOST}.evil.example/12)", f"#12 ({HOST}.evil.example/12)"),
        ('[here](https://evil.example "title")', r'[here\](https://evil.example "title")'),
        ("[a[b]](https://evil.example)", r"[a[b]\](https://evil.example)"),
        ("[here][1]\n\n[1]: https://evil.example", "[here\\][1]\n\n\\[1]: https://evil.example"),
        ("f[i](x) and `f[i](x)`", r"f[i\](x) and `f[i](x)`"),
        ("```\nf[i](x)\n```\n[a](http://e.example)", "```\nf[i](x)\n```\na (http://e.example)"),
        ("- [ ] **keep** _this_ < 3 && `<T>`", "- [ ] **keep** _this_ < 3 && `<T>`"),
        ("right\u202eleft\x1b[31m", "rightleft"),
    ],
)
def test_only_what_could_do_something_is_taken_out(written: str, shown: str) -> None:
    assert harmless(written, host=HOST) == shown


@given(wild)
def test_nothing_can_mention_anybody(text: str) -> None:
    assert not re.search(r"<[!@#]", harmless(text, host=HOST))


@given(st.text("[]()!ab: \n\\", max_size=30), st.sampled_from(["http://e.example", "https://e.example/x y"]))
def test_outside_of_code_no_link_hides_where_it_leads(around: str, url: str) -> None:
    shown = harmless(f"{around}[word]({url})", host=HOST)

    assert not re.search(r"(?<!\\)\]\(https?:", shown)


@given(
    st.lists(st.sampled_from(["word", " ", ". ", "\n", "- ", "`code`", "**bold**", "[a](http://e.example)", "<!here>"]))
)
@example(["`a` ", "[", "b`"])
def test_what_is_shown_early_stays_as_it_is(pieces: list[str]) -> None:
    whole = harmless("".join(pieces), host=HOST)

    for count in range(len(pieces)):
        assert whole.startswith(settled("".join(pieces[:count]), host=HOST))


def test_a_mention_in_two_pieces_is_none() -> None:
    assert settled("so <", host=HOST) == "so "
    assert settled("so <!here> ", host=HOST) == "so ‹!here> "


def test_finished_words_are_shown_before_their_line_ends() -> None:
    assert settled("An empty list div", host=HOST) == "An empty list "
    assert settled("Look at `len(values)` and then", host=HOST) == "Look at `len(values)` and "


@given(st.lists(st.sampled_from(["word ", "\n", "```py\n", "```\n", "x" * 70, "~~~\n", "````\n"]), max_size=60))
def test_a_long_answer_is_split_into_messages_without_losing_a_word(pieces: list[str]) -> None:
    text = "".join(pieces)
    pages = [*split(text, 100)]

    assert all(len(page) <= 100 for page in pages)
    assert words("".join(pages)) == words(text)


def words(text: str) -> str:
    """Return the text without what only marks code, and without blanks."""
    return "".join(re.sub(r"(?m)^(?:`{3,}|~{3,})(?:py)?$", "", text).split())


def test_a_code_block_that_is_cut_is_one_in_both_messages() -> None:
    first, second = split("Look:\n```py\n" + "x = 1\n" * 20 + "```\nDone.", 110)

    assert first.startswith("Look:\n```py\nx = 1\n")
    assert first.endswith("x = 1\n```")
    assert second.startswith("```\nx = 1\n")
    assert second.endswith("x = 1\n```\nDone.")


def test_nothing_is_no_message() -> None:
    assert [*split(" \n")] == []
