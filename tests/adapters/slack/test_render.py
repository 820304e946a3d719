"""Whatever a review says, its blocks keep Slack's limits and ping nobody."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.slack import render
from adapters.slack.rich import shown
from bot.domain.progress import Progress, Stage
from bot.domain.review import Review
from tests.builders import a_digest, a_finding, a_record, a_review, an_entry
from tests.reporting.reviews import hostile, reviews
from tests.standins.slack.limits import pings, problem


@given(reviews)
@settings(max_examples=40, deadline=None)
def test_any_review_keeps_the_limits_and_pings_nobody(review: Review) -> None:
    for rendered in render.messages(a_record(review=review), str):
        assert problem(rendered.blocks) == ""
        assert pings(rendered.blocks, "") == []


@given(hostile.filter(str.strip))
@settings(max_examples=60, deadline=None)
def test_any_sentence_keeps_the_limits_and_pings_nobody(words: str) -> None:
    for rendered in (render.plain_message(words), render.of_sentence(f"{words}.", hosts=("https://github.com",))):
        assert problem(rendered.blocks) == ""
        assert pings(rendered.blocks, "") == []


def test_a_review_of_very_many_long_findings_goes_on_over_messages() -> None:
    findings = [
        a_finding(f"Problem {number}", detail="why " * 400, evidence="x" * 2000, suggestion="y" * 2000)
        for number in range(100)
    ]
    record = a_record(review=a_review(findings))

    first, *others = render.messages(record, str)

    assert all(problem(rendered.blocks) == "" for rendered in (first, *others))
    assert not first.whole
    assert "more findings are in the file below" in shown(first.blocks)
    text = "".join(shown(rendered.blocks) for rendered in (first, *others))
    assert all(f"Problem {number}\n" in text for number in range(100))


def test_a_small_review_is_shown_as_a_whole() -> None:
    rendered = render.of_review(a_record(review=a_review()), str)

    assert rendered.whole
    assert "stats.py:3" in shown(rendered.blocks)


def test_all_may_be_shown_only_where_something_is_hidden() -> None:
    hidden = render.of_review(a_record(review=a_review(more=(a_finding("One more"),))), str)
    nothing = render.of_review(a_record(review=a_review()), str)

    assert "[Show all findings]" in shown(hidden.blocks)
    assert "[Show all findings]" not in shown(nothing.blocks)


def test_progress_says_stage_files_and_how_much() -> None:
    progress = Progress(
        target="octo/stats#12", stage=Stage.READING, done=3, total=12, path="stats.py", files_done=1, files_total=4
    )

    lines = render.of_progress(progress, str, resumed=True).text.splitlines()

    assert lines[0] == "This was interrupted and goes on. Reading octo/stats#12: stats.py"
    assert lines[1] == "▓▓▓░░░░░░░░░ 1 of 4 files"


def test_a_digest_of_a_thousand_entries_keeps_the_limits() -> None:
    entries = [an_entry(number, title="A long title " * 20) for number in range(1, 1001)]

    rendered = render.of_digest(a_digest(*entries), str)

    assert problem(rendered.blocks) == ""
    assert "more" in shown(rendered.blocks)
    assert "octo/stats#1 " in shown(rendered.blocks)


def test_the_shortest_rendering_keeps_verdict_and_buttons() -> None:
    rendered = render.short_review(a_record(review=replace(a_review(), summary="x" * 50_000)), str)

    assert problem(rendered.blocks) == ""
    assert "Comments" in shown(rendered.blocks)
    assert "[Review again]" in shown(rendered.blocks)


@given(st.text(max_size=400), st.integers(40, 200))
@settings(max_examples=60, deadline=None)
def test_a_long_answer_is_split_without_losing_anything_or_leaving_a_block_open(text: str, most: int) -> None:
    fenced = f"{text}\n```\ncode\ncode\n```\nend"

    pages = list(render.split_markdown(fenced, most))

    assert all(len(page) <= most for page in pages)
    assert all(page.count("```") % 2 == 0 for page in pages if "```" in page and "```" not in text)
    assert "end" in pages[-1]
