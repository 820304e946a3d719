"""Reviews that are larger than a message."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from bot.domain.conversation import ReviewRecord
from bot.domain.finding import Finding
from bot.domain.review import FileNote, Review
from bot.domain.sentence import say
from tests.builders import a_finding, a_record, a_review
from tests.reporting.reviews import reviews


def swollen(review: Review, times: int, copies: int) -> Review:
    """Return a review with texts that many times as long, and that many copies of each finding and point."""

    def finding(one: Finding) -> Finding:
        texts = {name: getattr(one, name) * times for name in ("title", "detail", "evidence", "suggestion", "source")}
        return replace(one, **texts)

    def all_of(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
        return tuple(map(finding, findings)) * copies

    notes = review.coverage.failed * copies, review.coverage.skipped * copies
    since = review.since
    return replace(
        review,
        summary=review.summary * times,
        key_changes=tuple(text * times for text in review.key_changes) * copies,
        risks=tuple(text * times for text in review.risks) * copies,
        findings=all_of(review.findings),
        more=all_of(review.more),
        dismissed=all_of(review.dismissed),
        coverage=replace(review.coverage, failed=notes[0], skipped=notes[1]),
        since=replace(since, resolved=all_of(since.resolved)) if since else None,
        pull_request=replace(review.pull_request, title=review.pull_request.title * times),
        model=replace(review.model, name=review.model.name * times),
    )


records: st.SearchStrategy[ReviewRecord] = st.builds(
    lambda review, times, copies: a_record(id="r1", review=swollen(review, times, copies)),
    reviews,
    st.sampled_from([1, 30, 600]),
    st.sampled_from([1, 7, 40]),
)


def a_long_record(findings: int = 40, **fields: Any) -> ReviewRecord:
    """Make a review of many findings, each of some length."""
    many = [
        a_finding(f"Claim number {number}", line=number, detail="Because of this and that. " * 20)
        for number in range(1, findings + 1)
    ]
    return a_record(review=a_review(many, **fields))


def full_to_the_brim() -> ReviewRecord:
    """Make a review in which everything there can be is there, and long."""
    word, many = "Nobody checks `this` here. ", 30
    one = a_finding(word * 40, detail=word * 200, evidence="x = 1\n" * 500, suggestion=word * 200)
    notes = tuple(FileNote(path=f"{'deep/' * 60}{n}.py", reason=say("it is large")) for n in range(many))
    review = a_review([replace(one, title=f"{n} {one.title}") for n in range(many)])
    return a_record(
        review=replace(
            review,
            summary=word * 300,
            key_changes=(word * 30,) * many,
            risks=(word * 30,) * many,
            more=(one,) * many,
            dismissed=(one,) * many,
            coverage=replace(review.coverage, failed=notes, skipped=notes),
        )
    )
