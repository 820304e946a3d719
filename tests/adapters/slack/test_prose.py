"""What a model writes reads as it was meant, and is nothing but text."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from adapters.slack.prose import line, prose
from adapters.slack.rich import rich_text
from tests.reporting.reviews import hostile
from tests.standins.slack import limits, writing

HOST = "https://github.com"


def styles(elements: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Return the words with the names of their styles."""
    return [(element["text"], " ".join(element.get("style", {}))) for element in elements]


def test_bold_and_code_keep_their_looks() -> None:
    assert styles(line("Use **`sum`, always** or `max(a, b)` here.")) == [
        ("Use ", ""),
        ("sum", "bold code"),
        (", always", "bold"),
        (" or ", ""),
        ("max(a, b)", "code"),
        (" here.", ""),
    ]


def test_single_asterisks_are_italic_where_they_stand_around_words() -> None:
    assert styles(line("ends in *too many files*, *here*.")) == [
        ("ends in ", ""),
        ("too many files", "italic"),
        (", ", ""),
        ("here", "italic"),
        (".", ""),
    ]


@pytest.mark.parametrize("words", ["2*3*4", "*args, **kwargs", "f(*args, *more)", "* one *", "a* b*", "**"])
def test_asterisks_of_code_are_no_markup(words: str) -> None:
    assert styles(line(words)) == [(words, "")]


def test_underscores_products_and_lone_ticks_are_no_markup() -> None:
    assert styles(line("a_b_c * 2 * d ` e")) == [("a_b_c * 2 * d ` e", "")]


def test_lists_code_and_headings_are_parts_of_their_own() -> None:
    parts = prose("# Why\nIt fails:\n- one\n- two\n\n1. first\n```py\nif x < 1:\n    ``` y\n```\nThe end.")

    assert [part["type"].removeprefix("rich_text_") for part in parts] == [
        "section",
        "section",
        "list",
        "list",
        "preformatted",
        "section",
    ]
    assert [part.get("style") for part in parts[2:4]] == ["bullet", "ordered"]
    assert parts[4]["elements"][0]["text"] == "if x < 1:\n    ``` y"


def test_a_code_block_without_an_end_ends_with_the_text() -> None:
    (code,) = prose("```\nx = 1\n")

    assert code["elements"][0]["text"] == "x = 1"


def test_a_link_hides_nothing() -> None:
    elements = line(f"[here](https://evil.example/x) ![](https://evil.example/y) [this]({HOST}/octo)", hosts=[HOST])

    assert [(element["type"], element["text"]) for element in elements if element["text"].strip()] == [
        ("text", "here (https://evil.example/x)"),
        ("text", "https://evil.example/y"),
        ("link", "this"),
    ]


def test_a_host_that_only_begins_alike_is_another() -> None:
    elements = line("[this](https://github.com.evil.example/octo)", hosts=[HOST])

    assert {element["type"] for element in elements} == {"text"}


@given(hostile, hostile)
def test_whatever_is_written_is_text_that_slack_takes(first: str, second: str) -> None:
    parts = prose(f"{first}\n{second}", hosts=[HOST])
    blocks = [rich_text(*parts)] if parts else []

    assert limits.refusal(blocks) == ("", [])
    assert writing.pings("", blocks) == []
