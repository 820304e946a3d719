"""A review as a message of Slack: everything that matters, inside every limit, harmless."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from slack_sdk.models.blocks import Block

from adapters.slack.review_blocks import all_findings, of_review, verdict_only, words_only
from adapters.slack.rich import Rendered, letters
from bot.domain.conversation import ReviewRecord
from bot.domain.diff import Location, Side
from bot.domain.review import FileNote, Since, with_all
from bot.domain.sentence import say
from tests.adapters.slack.large import a_long_record, full_to_the_brim, records
from tests.builders import HEAD, a_coverage, a_finding, a_pull_request, a_record, a_ref, a_review
from tests.standins.slack import limits, writing

PAGE = "https://github.com/octo/stats"
EVIL = "<!channel> <@U1> @here ``` *all* <https://evil.example|click>"


def seen(rendered: Rendered) -> str:
    """Return what people read."""
    return writing.shown(rendered.blocks)


def elements(value: Any, kind: str) -> list[dict[str, Any]]:
    """Return every element of a kind, wherever it is."""
    if isinstance(value, list):
        return [found for inner in value for found in elements(inner, kind)]
    if not isinstance(value, dict):
        return []
    inner = [found for one in value.values() for found in elements(one, kind)]
    return [value, *inner] if value.get("type") == kind else inner


def buttons(rendered: Rendered) -> list[tuple[str, str]]:
    """Return what the buttons are called and carry."""
    return [(one["action_id"], one["value"]) for one in elements(rendered.blocks, "button")]


def check(rendered: Rendered) -> None:
    """Assert that Slack takes a message, and that it pings nobody."""
    assert limits.refusal(rendered.blocks) == ("", [])
    assert letters(rendered.blocks) <= 12_000
    assert len(rendered.text) <= 3_000
    assert writing.pings("", rendered.blocks) == []
    for block in Block.parse_all(rendered.blocks):
        block.validate_json()


def test_a_review_tells_what_it_is_about_and_what_it_came_to() -> None:
    rendered = of_review(a_record(id="r1"), str)

    assert "octo/stats#12 Split the mean into steps" in seen(rendered)
    assert "Comments · 1 finding, not of high severity. Risk: low." in seen(rendered)
    assert "Read 1 of 1 file, 3 of 3 changed lines." in seen(rendered)
    assert "The mean is computed in two steps." in seen(rendered)
    assert "• mean keeps the total in a variable" in seen(rendered)
    assert "• Callers may pass an empty list" in seen(rendered)
    assert "test-model" in seen(rendered)
    assert "octo/stats#12" in rendered.text
    assert rendered.whole


def test_a_finding_is_shown_with_its_place_its_line_and_what_to_do() -> None:
    rendered = of_review(a_record(), str)

    assert "1. Medium · Division by zero for an empty list" in seen(rendered)
    assert "len(values) is 0 for an empty list." in seen(rendered)
    assert "Return 0.0 for an empty list." in seen(rendered)
    (code,) = elements(rendered.blocks, "rich_text_preformatted")
    assert code["elements"][0]["text"] == "return total / len(values)"
    links = {one["text"]: one["url"] for one in elements(rendered.blocks, "link")}
    assert links == {"octo/stats#12": f"{PAGE}/pull/12", "stats.py:3": f"{PAGE}/blob/{HEAD}/stats.py#L3"}


def test_a_finding_in_a_removed_line_leads_to_the_changed_files() -> None:
    location = Location(path="stats.py", side=Side.OLD, line=3, end_line=3)
    rendered = of_review(a_record(review=a_review([a_finding(location=location)])), str)

    assert "old file" in seen(rendered)
    assert any(one["url"].startswith(f"{PAGE}/pull/12/files#diff-") for one in elements(rendered.blocks, "link"))


def test_a_local_change_has_no_links() -> None:
    local = a_pull_request(ref=None, url="", title="main...HEAD")
    rendered = of_review(a_record(review=a_review(pull_request=local)), str)

    assert elements(rendered.blocks, "link") == []
    assert "main...HEAD" in seen(rendered)


def test_there_are_buttons_for_the_review_and_for_each_finding() -> None:
    first, second, gone = a_finding("One"), a_finding("Two"), a_finding("Three")
    rendered = of_review(a_record(id="r1", review=replace(a_review([first, second]), dismissed=(gone,))), str)

    assert buttons(rendered) == [
        ("dismiss", f"r1:{first.id}"),
        ("dismiss", f"r1:{second.id}"),
        ("undo", f"r1:{gone.id}"),
        ("review_again", "r1"),
        ("helpful", "r1"),
        ("not_helpful", "r1"),
    ]


def test_a_dismissed_finding_is_one_struck_line() -> None:
    rendered = of_review(a_record(review=replace(a_review([]), dismissed=(a_finding("Not so"),))), str)

    assert "Dismissed: Not so" in seen(rendered)
    assert [one["text"] for one in elements(rendered.blocks, "text") if one.get("style") == {"strike": True}] == [
        "Not so"
    ]
    assert "len(values) is 0" not in seen(rendered)


def test_findings_keep_the_numbers_that_people_know_them_by() -> None:
    review = replace(a_review([a_finding("One"), a_finding("Three")]), numbers=(1, 3))
    rendered = of_review(a_record(review=review), str)

    assert "3. Medium · Three" in seen(rendered)


def test_findings_over_the_limit_are_counted_and_can_be_shown() -> None:
    rendered = of_review(a_record(id="r1", review=replace(a_review(), more=(a_finding("Two"),))), str)

    assert "1 more finding is not shown" in seen(rendered)
    assert ("show_all", "r1") in buttons(rendered)
    assert rendered.whole


def test_all_findings_are_offered_only_where_some_are_not_shown() -> None:
    skipped = tuple(FileNote(path=f"generated_{number}.py", reason=say("generated")) for number in range(300))
    rendered = of_review(a_record(review=a_review(coverage=a_coverage(skipped=skipped))), str)

    assert not rendered.whole, "the report names every file"
    assert "The full report is in the file below." in seen(rendered)
    assert "show_all" not in dict(buttons(rendered))


def test_what_was_not_read_is_named_with_its_reason() -> None:
    coverage = a_coverage(
        files_total=3,
        failed=(FileNote(path="big.py", reason=say("the model failed at it")),),
        skipped=(FileNote(path="yarn.lock", reason=say("it is a lock file")),),
    )
    rendered = of_review(a_record(review=a_review([], coverage=coverage)), str)

    assert "Incomplete · Not read to the end: big.py." in seen(rendered)
    assert "Not read to the end (1): big.py (the model failed at it)" in seen(rendered)
    assert "Left out (1): yarn.lock (it is a lock file)" in seen(rendered)


def test_an_incremental_review_tells_what_is_new_and_what_is_resolved() -> None:
    known, new, gone = a_finding("Known"), a_finding("Fresh"), a_finding("Gone")
    since = Since(head_sha="a" * 40, unchanged=2, kept=frozenset({known.id}), resolved=(gone,))
    rendered = of_review(a_record(review=replace(a_review([known, new]), since=since)), str)

    assert "Since the review of aaaaaaa: 2 files are as they were" in seen(rendered)
    assert seen(rendered).count("· new ·") == 1
    assert seen(rendered).index("Known") < seen(rendered).index("· new ·")
    assert "Resolved since then (1)" in seen(rendered)


def test_a_missing_summary_is_explained_and_dropped_claims_are_counted() -> None:
    review = replace(a_review(summary="", key_changes=(), risks=()), unsummarised=say("the model was too slow"))
    assert "There is no summary: the model was too slow." in seen(of_review(a_record(review=review), str))


def test_a_model_may_write_markdown() -> None:
    review = a_review(
        [a_finding(detail="It is **wrong**:\n- `a` fails\n- b too", suggestion="if values:\n    return 0")],
        summary="See [the docs](https://evil.example/phish).",
    )
    rendered = of_review(a_record(review=review), str)

    assert {"type": "text", "text": "wrong", "style": {"bold": True}} in elements(rendered.blocks, "text")
    assert "• a fails\n• b too" in seen(rendered)
    assert "the docs (https://evil.example/phish)" in seen(rendered)
    assert [code["elements"][0]["text"] for code in elements(rendered.blocks, "rich_text_preformatted")][-1] == (
        "if values:\n    return 0"
    )


def test_text_of_strangers_stays_text() -> None:
    finding = a_finding(EVIL, path=EVIL.replace("/", ""), detail=EVIL, evidence=EVIL, suggestion=EVIL, source=EVIL)
    request = a_pull_request(title=EVIL)
    rendered = of_review(
        a_record(target=EVIL, review=a_review([finding], summary=EVIL, key_changes=(EVIL,), pull_request=request)), str
    )

    check(rendered)
    assert {element["type"] for element in elements(rendered.blocks, "link")} == {"link"}
    assert all(
        "evil" not in element["url"] for element in elements(rendered.blocks, "link") if "blob" not in element["url"]
    )
    assert "<!channel> <@U1> @here" in seen(rendered)
    (code,) = elements(rendered.blocks, "rich_text_preformatted")
    assert code["elements"][0]["text"] == EVIL


def test_a_long_review_shows_as_many_findings_as_fit_and_counts_the_rest() -> None:
    rendered = of_review(a_long_record(40), str)

    check(rendered)
    shown = sum(f"Claim number {number}\n" in seen(rendered) for number in range(1, 41))
    assert 5 < shown < 40
    assert f"{40 - shown} more findings are in the file below." in seen(rendered)
    assert not rendered.whole
    assert "show_all" in dict(buttons(rendered))


def test_what_is_cut_is_said_to_be_in_the_report() -> None:
    rendered = of_review(a_record(review=a_review([a_finding(detail="So. " * 1000)])), str)

    assert "The full report is in the file below." in seen(rendered)
    assert not rendered.whole


def test_a_review_that_is_full_to_the_brim_still_shows_a_finding_and_its_buttons() -> None:
    rendered = of_review(full_to_the_brim(), str)

    check(rendered)
    assert "1. Medium · 0 Nobody checks this here." in seen(rendered)
    assert {"dismiss", "undo", "review_again", "show_all", "helpful"} <= set(dict(buttons(rendered)))


@pytest.mark.parametrize("count", [1, 23, 24, 25, 47, 48, 49, 130])
def test_every_finding_is_in_some_message_when_all_are_wanted(count: int) -> None:
    record = a_long_record(count)
    pages = all_findings(replace(record, review=with_all(record.review)), str)

    for page in pages:
        check(page)
    together = "\n".join(map(seen, pages))
    assert all(together.count(f"{number}. Medium · Claim number {number}\n") == 1 for number in range(1, count + 1))
    assert all(buttons(page) == [] for page in pages), "they would turn the message into the review"
    assert "dismiss" in seen(pages[0])


def test_all_of_nothing_is_one_message() -> None:
    (page,) = all_findings(a_record(review=a_review([])), str)

    check(page)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None)
@given(records)
def test_whatever_is_in_a_review_slack_takes_it(record: ReviewRecord) -> None:
    pages: Sequence[Rendered] = [of_review(record, str), verdict_only(record, str), *all_findings(record, str)[:3]]
    for rendered in pages:
        check(rendered)


def test_the_smallest_form_is_the_verdict_in_words() -> None:
    rendered = words_only(a_record(target="octo/stats#12"), str)

    assert (rendered.blocks, rendered.text, rendered.whole) == ([], "octo/stats#12: Comments", False)


def test_the_address_of_a_very_long_path_is_left_out() -> None:
    finding = a_finding(path="deep/" * 300 + "é.py")
    rendered = of_review(a_record(review=a_review([finding], pull_request=a_pull_request(ref=a_ref()))), str)

    check(rendered)
    assert [one["text"] for one in elements(rendered.blocks, "link")] == ["octo/stats#12"]
