import json
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from jsonschema import Draft202012Validator

from bot.domain.change import PullRequest
from bot.domain.finding import Category, Dropped, Severity
from bot.domain.review import CommitNote, FileNote, Review, Risk, Since, Verdict
from bot.domain.sentence import say
from bot.reporting.as_json import as_object, to_json
from tests.builders import BASE, HEAD, a_coverage, a_finding, a_review
from tests.reporting.reviews import reviews

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/reference/review.schema.json").read_text())

KEYS = (
    "pull_request verdict risk summary key_changes risks findings coverage usage model dropped hidden_findings commits"
    " dismissed_findings since"
)


def written(review: Review) -> Any:
    return json.loads(to_json(review))


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@given(reviews)
@settings(max_examples=25)
def test_any_review_follows_the_schema(review: Review) -> None:
    Draft202012Validator(SCHEMA).validate(written(review))


def test_the_keys_stand_in_the_order_of_the_contract() -> None:
    claim = Dropped(title="Use of eval", path="a.py", reason=say("not in the diff"))
    note = CommitNote(sha=HEAD, title="Split", summary="Splits.")
    skipped = (FileNote(path="poetry.lock", reason=say("lock file")),)

    value = written(a_review(dropped=(claim,), commits=(note,), coverage=a_coverage(skipped=skipped)))

    assert list(value) == KEYS.split()
    assert list(value["pull_request"]) == "repository number title author head_sha base_sha url".split()
    assert (
        list(value["findings"][0])
        == "id path side line end_line severity category title detail evidence suggestion source".split()
    )
    assert list(value["coverage"]) == "files_total files_reviewed lines_changed lines_reviewed skipped failed".split()
    assert list(value["usage"]) == "prompt_tokens cached_tokens completion_tokens model_calls seconds".split()
    assert list(value["model"]) == ["backend", "name", "n_ctx"]
    assert list(value["dropped"][0]) == ["title", "path", "reason"]
    assert list(value["commits"][0]) == ["sha", "title", "summary", "partial"]
    assert list(value["coverage"]["skipped"][0]) == ["path", "reason"]


def test_the_pull_request_is_named() -> None:
    assert written(a_review())["pull_request"] == {
        "repository": "octo/stats",
        "number": 12,
        "title": "Split the mean into steps",
        "author": "mona",
        "head_sha": HEAD,
        "base_sha": BASE,
        "url": "https://github.com/octo/stats/pull/12",
    }


def test_what_nobody_knows_of_a_local_diff_is_null() -> None:
    value = written(a_review(pull_request=PullRequest(title="change.diff")))["pull_request"]

    assert value == dict.fromkeys(value, None) | {"title": "change.diff"}


def test_findings_over_the_limit_are_counted_and_dismissed_ones_told() -> None:
    unwanted = a_finding("Unwanted")

    value = written(a_review(more=(a_finding("One"), a_finding("Two")), dismissed=(unwanted,)))

    assert value["hidden_findings"] == 2
    assert [finding["id"] for finding in value["dismissed_findings"]] == [unwanted.id]
    assert unwanted.id not in [finding["id"] for finding in value["findings"]]


def test_a_full_review_builds_on_nothing() -> None:
    assert written(a_review())["since"] is None


def test_an_incremental_review_says_what_it_builds_on() -> None:
    since = Since(head_sha=BASE, unchanged=3, kept=frozenset({"b" * 12, "a" * 12}), resolved=(a_finding("Gone"),))

    value = written(a_review(since=since))["since"]

    assert list(value) == "head_sha unchanged_files kept resolved".split()
    assert (value["head_sha"], value["unchanged_files"], value["kept"]) == (BASE, 3, ["a" * 12, "b" * 12])
    assert [finding["title"] for finding in value["resolved"]] == ["Gone"]


def test_the_schema_knows_every_word_of_the_domain() -> None:
    finding = SCHEMA["$defs"]["finding"]["properties"]

    assert SCHEMA["properties"]["verdict"]["enum"] == list(Verdict)
    assert SCHEMA["properties"]["risk"]["enum"] == list(Risk)
    assert finding["severity"]["enum"] == list(Severity)
    assert finding["category"]["enum"] == list(Category)


def test_strings_arrive_as_raw_as_they_are() -> None:
    evidence = "\x1b[31m\x9b`<b>` 中文\u202e\r\n"

    assert written(a_review((a_finding(evidence=evidence),)))["findings"][0]["evidence"] == evidence


def test_the_text_itself_steers_no_terminal() -> None:
    text = to_json(a_review((a_finding(evidence="\x1b[31m\x9b\u202e 中文"),)))

    assert not {"\x1b", "\x9b", "\u202e"} & set(text)
    assert "中文" in text


def test_lone_surrogates_become_replacement_characters() -> None:
    text = to_json(a_review(summary="bytes \udcff"))

    assert json.loads(text.encode())["summary"] == "bytes \ufffd"


def test_reasons_are_spoken() -> None:
    coverage = a_coverage(skipped=(FileNote(path="a.lock", reason=say("lock file")),))

    value: Any = as_object(a_review(coverage=coverage), lambda sentence: sentence.text.upper())

    assert value["coverage"]["skipped"] == [{"path": "a.lock", "reason": "LOCK FILE"}]
