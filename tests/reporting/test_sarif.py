"""The schema in `tests/samples` is the one the OASIS published for SARIF 2.1.0, as `sarif-2.1.0-rtm.5.json`.

Its text is that of the npm package `@microsoft/jest-sarif` 1.0.0-beta.0 (MIT), unchanged. The standard's later
edition with errata 01 differs in redundant `type` keywords, and in that a region must have a beginning.
"""

import json
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given, settings
from jsonschema import Draft4Validator

from bot.domain.change import PullRequest
from bot.domain.diff import Side
from bot.domain.finding import Category, Severity
from bot.domain.review import FileNote, Review
from bot.domain.sentence import say
from bot.reporting.sarif import to_sarif
from tests.builders import HEAD, a_coverage, a_finding, a_location, a_review
from tests.reporting.reviews import reviews

VALIDATOR = Draft4Validator(json.loads((Path(__file__).parents[1] / "samples/sarif-schema-2.1.0.json").read_text()))


def run_of(review: Review) -> Any:
    log = json.loads(to_sarif(review, version="1.2.3"))
    VALIDATOR.validate(log)
    (run,) = log["runs"]
    return run


def result_of(**fields: Any) -> Any:
    return run_of(a_review((a_finding(**fields),)))["results"][0]


@given(reviews)
@settings(max_examples=25, deadline=None)
def test_any_review_follows_the_schema(review: Review) -> None:
    run = run_of(review)

    places = [place["physicalLocation"] for result in run["results"] for place in result["locations"]]
    suppressed = [result.get("suppressions") for result in run["results"]]
    assert len(run["results"]) == len(review.findings) + len(review.dismissed)
    assert None not in suppressed or not any(suppressed)
    assert all(not urlsplit(place["artifactLocation"]["uri"]).scheme for place in places)


def test_the_schema_refuses_what_is_wrong() -> None:
    log = json.loads(to_sarif(a_review()))
    log["runs"][0]["results"][0]["level"] = "disaster"

    assert not VALIDATOR.is_valid(log)


def test_a_finding_is_a_result_with_its_place() -> None:
    finding = a_finding(location=a_location("src/stats.py", 3, 4), evidence="a\nb")

    result = run_of(a_review((finding,)))["results"][0]

    assert result["message"]["text"].startswith("Division by zero for an empty list\n\nlen(values) is 0")
    assert result["partialFingerprints"] == {"parleyFinding/v1": finding.id}
    assert result["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "src/stats.py", "uriBaseId": "%SRCROOT%"},
                "region": {"startLine": 3, "endLine": 4, "snippet": {"text": "a\nb"}},
            }
        }
    ]


def test_a_dismissed_finding_is_suppressed_and_the_others_are_not() -> None:
    unwanted = a_finding("Unwanted")

    kept, suppressed = run_of(a_review(dismissed=(unwanted,)))["results"]

    assert kept["suppressions"] == []
    assert suppressed["suppressions"] == [{"kind": "external", "status": "accepted"}]
    assert suppressed["partialFingerprints"] == {"parleyFinding/v1": unwanted.id}


def test_where_nothing_was_dismissed_nothing_is_said_about_it() -> None:
    assert "suppressions" not in run_of(a_review())["results"][0]


def test_code_that_is_not_the_whole_region_is_no_snippet_of_it() -> None:
    result = result_of(location=a_location("stats.py", 3, 5), evidence="one line")

    assert result["locations"][0]["physicalLocation"]["region"] == {"startLine": 3, "endLine": 5}
    assert result["properties"]["evidence"] == "one line"


def test_a_finding_about_removed_lines_has_no_region() -> None:
    result = result_of(location=a_location("stats.py", 3, 4, Side.OLD))

    assert "region" not in result["locations"][0]["physicalLocation"]
    assert (result["properties"]["side"], result["properties"]["line"], result["properties"]["endLine"]) == (
        "old",
        3,
        4,
    )


@pytest.mark.parametrize("category", Category)
def test_the_category_is_the_rule(category: Category) -> None:
    run = run_of(a_review((a_finding(category=category),)))

    result = run["results"][0]
    rule = run["tool"]["driver"]["rules"][result["ruleIndex"]]
    assert result["ruleId"] == rule["id"] == category
    assert rule["shortDescription"]["text"]


@pytest.mark.parametrize(
    ("severity", "level"),
    list(zip(Severity, ["error", "error", "warning", "note", "note"], strict=True)),
)
def test_the_level_follows_the_severity(severity: Severity, level: str) -> None:
    assert result_of(severity=severity)["level"] == level


def test_odd_file_names_become_relative_references() -> None:
    path = "日本/a b:c#d?%41.py"

    uri = result_of(path=path)["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]

    assert uri.isascii()
    assert urlsplit(uri).path == uri
    assert unquote(uri) == path


def test_a_message_has_neither_placeholders_nor_links() -> None:
    text = result_of(title="f'{0}' [here](https://e.example)", detail="", suggestion="")["message"]["text"]

    assert text == "f'{{0}}' [here] (https://e.example)"


def test_a_complete_review_is_a_successful_execution() -> None:
    assert run_of(a_review())["invocations"] == [{"executionSuccessful": True, "toolExecutionNotifications": []}]


def test_a_file_that_was_not_read_makes_the_execution_unsuccessful() -> None:
    coverage = a_coverage(
        failed=(FileNote(path="a.py", reason=say("cut twice")),), skipped=(FileNote(path="b.lock", reason=say("lock")),)
    )

    (invocation,) = run_of(a_review((), coverage=coverage))["invocations"]

    first, second = invocation["toolExecutionNotifications"]
    assert invocation["executionSuccessful"] is False
    assert (first["level"], first["message"]["text"]) == ("error", "cut twice")
    assert first["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "a.py"
    assert (second["level"], second["message"]["text"]) == ("note", "lock")


def test_a_review_that_read_nothing_is_no_success() -> None:
    (invocation,) = run_of(a_review((), coverage=a_coverage(files_reviewed=0)))["invocations"]

    assert invocation["executionSuccessful"] is False
    assert invocation["toolExecutionNotifications"][0]["message"]["text"] == "No file was read to the end."


def test_the_reviewed_commit_is_named() -> None:
    assert run_of(a_review())["versionControlProvenance"] == [
        {"repositoryUri": "https://github.com/octo/stats", "revisionId": HEAD, "branch": "steps"}
    ]


def test_a_local_diff_has_no_provenance() -> None:
    assert "versionControlProvenance" not in run_of(a_review(pull_request=PullRequest(title="change.diff")))


def test_the_version_is_that_of_the_program() -> None:
    assert run_of(a_review())["tool"]["driver"]["version"] == "1.2.3"
