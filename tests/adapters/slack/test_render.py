"""Sentences and progress as messages of Slack."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.posting import LONGEST_TEXT
from adapters.slack.render import button, buttons, interrupted, note, of_progress, of_sentence
from adapters.slack.rich import escaped_and_clipped
from bot.domain.progress import Progress, Stage
from tests.reporting.reviews import hostile
from tests.standins.slack import limits, writing

HOSTS = ("https://github.com", "https://octo.slack.com/")


def reading(**fields: object) -> Progress:
    """Make a review in the middle of it."""
    known = {"target": "octo/stats#12", "stage": Stage.READING, "done": 3, "total": 12, "path": "stats.py"}
    return Progress(**{**known, "files_done": 2, "files_total": 7, **fields})  # type: ignore[arg-type]  # as its fields are


def seen(progress: Progress, *, resumed: bool = False) -> str:
    """Return what people read."""
    return writing.shown(of_progress(progress, str, resumed=resumed).blocks).strip()


def test_progress_tells_stage_file_a_bar_and_the_files_that_are_done() -> None:
    assert seen(reading()) == "Reading octo/stats#12: stats.py\n▓▓▓░░░░░░░░░ 2 of 7 files"


def test_a_stage_without_parts_has_no_bar() -> None:
    assert seen(reading(stage=Stage.FETCHING, done=0, total=0)) == "Fetching octo/stats#12"


@pytest.mark.parametrize("stage", Stage)
def test_every_stage_has_words(stage: Stage) -> None:
    assert "octo/stats#12" in seen(reading(stage=stage))


def test_a_bar_is_never_longer_than_full() -> None:
    assert "▓" * 12 in seen(reading(done=15))
    assert "▓" * 13 not in seen(reading(done=15))


def test_a_review_that_was_interrupted_says_so() -> None:
    assert seen(reading(), resumed=True).startswith("This was interrupted and goes on. Reading octo/stats#12")
    assert "take this up again" in interrupted("octo/stats#12", str).text


def test_progress_can_be_edited_into_anything() -> None:
    # Rich text could not be: https://docs.slack.dev/reference/methods/chat.update, `block_mismatch`.
    assert [block["type"] for block in of_progress(reading(), str, resumed=False).blocks] == ["section"]


def test_a_sentence_keeps_its_code_and_links_only_to_known_hosts() -> None:
    rendered = of_sentence("Say `help`: https://github.com/octo/stats/pull/12, or https://evil.example/x.", hosts=HOSTS)

    elements = rendered.blocks[0]["elements"][0]["elements"]
    assert [(one["type"], one["text"]) for one in elements] == [
        ("text", "Say "),
        ("text", "help"),
        ("text", ": "),
        ("link", "https://github.com/octo/stats/pull/12"),
        ("text", ", or https://evil.example/x."),
    ]
    assert elements[1]["style"] == {"code": True}


@given(st.lists(hostile, max_size=4).map("".join), st.sampled_from([1, 400]))
def test_whatever_is_said_slack_takes_it_as_text(text: str, times: int) -> None:
    for blocks in (
        of_sentence(text * times, hosts=HOSTS).blocks,
        of_progress(reading(target=text * times, path=text), str, resumed=True).blocks,
        interrupted(text * times, str).blocks,
        [note(text * times), buttons("row" * times, button("undo", f"Undo {text * times}", text * times))],
    ):
        assert limits.refusal(blocks) == ("", [])
        assert writing.pings("", blocks) == []


@given(hostile | st.text("<&>&;am", max_size=50), st.sampled_from([1, 900]))
def test_the_text_beside_the_blocks_is_escaped_and_short(text: str, times: int) -> None:
    safe = escaped_and_clipped(text * times, LONGEST_TEXT)

    assert len(safe) <= LONGEST_TEXT
    assert not {"<", ">"} & set(safe)
    assert safe.count("&") == safe.count("&amp;") + safe.count("&lt;") + safe.count("&gt;")
