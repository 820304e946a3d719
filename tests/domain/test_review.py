"""A review as people see it: with everything, or without what they dismissed since."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.finding import Finding, Severity
from bot.domain.review import FileNote, Review, Risk, Since, Verdict, only_new, with_all, with_dismissals
from bot.domain.sentence import say
from tests.builders import a_coverage, a_finding, a_review

GRAVE = a_finding("Grave", severity=Severity.CRITICAL)
PLAIN = a_finding("Plain", severity=Severity.MEDIUM)
SMALL = a_finding("Small", severity=Severity.LOW)
OVER = a_finding("Over the limit", severity=Severity.LOW)
UNWANTED = a_finding("Unwanted", severity=Severity.HIGH)

POSTED = a_review((GRAVE, PLAIN, SMALL), more=(OVER,), dismissed=(UNWANTED,), risk=Risk.HIGH)


def numbered(review: Review) -> list[tuple[int, str]]:
    return [(number, finding.title) for number, finding in review.numbered()]


def titles(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.title for finding in findings]


def test_what_is_over_the_limit_is_hidden_and_what_was_dismissed_is_not_counted() -> None:
    assert POSTED.hidden == 1
    assert numbered(POSTED) == [(1, "Grave"), (2, "Plain"), (3, "Small")]


def test_all_of_a_review_is_in_view_but_what_was_dismissed() -> None:
    whole = with_all(POSTED)

    assert numbered(whole) == [(1, "Grave"), (2, "Plain"), (3, "Small"), (4, "Over the limit")]
    assert whole.hidden == 0
    assert titles(whole.dismissed) == ["Unwanted"]


def test_a_review_stays_as_it_was_posted_while_the_dismissals_do() -> None:
    seen = with_dismissals(POSTED, {UNWANTED.id})

    assert numbered(seen) == numbered(POSTED)
    assert (seen.findings, seen.more, seen.dismissed) == (POSTED.findings, POSTED.more, POSTED.dismissed)
    assert seen.verdict is Verdict.ATTENTION


def test_the_others_keep_their_numbers_when_one_is_dismissed() -> None:
    seen = with_dismissals(POSTED, {UNWANTED.id, PLAIN.id})

    assert numbered(seen) == [(1, "Grave"), (3, "Small")]
    assert titles(seen.dismissed) == ["Unwanted", "Plain"]
    assert numbered(with_all(seen)) == [(1, "Grave"), (3, "Small"), (4, "Over the limit")]


def test_the_verdict_is_that_of_what_is_left() -> None:
    without_grave = with_dismissals(POSTED, {UNWANTED.id, GRAVE.id})
    without_any = with_dismissals(POSTED, {one.id for one in (GRAVE, PLAIN, SMALL, OVER, UNWANTED)})

    assert without_grave.verdict is Verdict.COMMENTS
    assert without_any.verdict is Verdict.CLEAN
    assert without_grave.risk is Risk.HIGH


def test_no_dismissal_makes_a_review_complete() -> None:
    coverage = a_coverage(failed=(FileNote(path="b.py", reason=say("cut twice")),))

    assert with_dismissals(a_review((GRAVE,), coverage=coverage), {GRAVE.id}).verdict is Verdict.INCOMPLETE


def test_what_is_not_dismissed_any_more_comes_back_in_its_place() -> None:
    seen = with_dismissals(POSTED, ())

    assert numbered(seen) == [(1, "Grave"), (5, "Unwanted"), (2, "Plain"), (3, "Small")]
    assert seen.dismissed == ()


def test_a_dismissed_finding_over_the_limit_is_not_among_all() -> None:
    seen = with_dismissals(POSTED, {UNWANTED.id, OVER.id})

    assert seen.hidden == 0
    assert titles(seen.dismissed) == ["Unwanted", "Over the limit"]
    assert numbered(with_all(seen)) == numbered(POSTED)


def test_what_other_people_dismissed_elsewhere_changes_nothing() -> None:
    assert with_dismissals(a_review((GRAVE,)), {"0" * 12}).findings == (GRAVE,)


def test_only_what_an_incremental_review_has_new_is_in_view_under_its_number() -> None:
    since = Since(head_sha="1f", unchanged=1, kept=frozenset({GRAVE.id, SMALL.id}))
    news = only_new(replace(POSTED, since=since))

    assert numbered(news) == [(2, "Plain")]
    assert news.verdict is POSTED.verdict
    assert numbered(with_all(news)) == [(2, "Plain"), (4, "Over the limit")]


def test_of_a_full_review_everything_is_new() -> None:
    assert numbered(only_new(POSTED)) == numbered(POSTED)
