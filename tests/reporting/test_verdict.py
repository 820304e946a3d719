import pytest

from bot.domain.finding import Severity
from bot.domain.review import FileNote, Review
from bot.domain.sentence import say
from bot.reporting.verdict import reasons
from tests.builders import a_coverage, a_finding, a_review


def words(review: Review) -> str:
    return " ".join(map(str, reasons(review)))


def failed(*paths: str) -> tuple[FileNote, ...]:
    return tuple(FileNote(path=path, reason=say("cut twice")) for path in paths)


def test_a_clean_review_says_that_everything_selected_was_read() -> None:
    assert words(a_review(())) == "Everything selected for review was read."


def test_a_clean_review_with_hidden_findings_does_not_hide_that_there_are_some() -> None:
    assert "nothing found is above the limits" in words(a_review((), more=(a_finding(),)))


def test_comments_are_counted() -> None:
    assert words(a_review((a_finding(), a_finding("b")))) == "2 findings, none of high severity."


def test_attention_counts_what_is_grave() -> None:
    found = (a_finding(severity=Severity.CRITICAL), a_finding("b", severity=Severity.LOW))

    assert words(a_review(found)) == "1 finding of high severity or worse, 2 in all."


def test_an_incomplete_review_names_what_was_not_read() -> None:
    review = a_review((), coverage=a_coverage(files_total=6, failed=failed("a.py", "b.py", "c.py", "d.py", "e.py")))

    assert words(review).startswith("Not read to the end: `a.py`, `b.py`, `c.py` and 2 more.")


def test_a_file_that_failed_in_several_parts_is_named_once() -> None:
    review = a_review((), coverage=a_coverage(failed=failed("a.py", "a.py")))

    assert words(review).startswith("Not read to the end: `a.py`. ")


def test_an_incomplete_review_still_counts_what_is_grave() -> None:
    review = a_review((a_finding(severity=Severity.HIGH),), coverage=a_coverage(failed=failed("a.py")))

    assert words(review).endswith("1 finding of high severity or worse, 1 in all.")


@pytest.mark.parametrize(
    ("files", "expected"), [(0, "There was nothing to read."), (3, "Nothing was read: every file was left out.")]
)
def test_a_review_that_read_nothing_says_so(files: int, expected: str) -> None:
    assert words(a_review((), coverage=a_coverage(files_total=files, files_reviewed=0))) == expected
