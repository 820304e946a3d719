"""The findings, worst first, and how many claims are not among them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.domain.diff import Side
from bot.domain.finding import Dropped, Finding
from bot.domain.review import Review
from bot.domain.sentence import Sentence, Speak, say, say_many
from bot.reporting import words
from bot.reporting.links import location_url
from bot.reporting.markup import code, fence, inline, link, paragraphs


def findings(review: Review, speak: Speak, *, explain: bool) -> Iterator[str]:
    """Show each finding with its place, evidence, reason and suggestion; say what is not shown.

    Args:
        explain: Also list the claims that were dropped, with reasons.
    """
    if review.findings:
        yield f"## {speak(words.FINDINGS)}"
    for number, finding in review.numbered():
        yield from _finding(number, finding, review, speak)
    if review.hidden:
        yield speak(
            say_many(
                "{count} more finding is not shown: over the limit, or below the severity that is asked for.",
                "{count} more findings are not shown: over the limit, or below the severity that is asked for.",
                review.hidden,
            )
        )
    yield from _titles(words.RESOLVED, review.since.resolved if review.since else (), speak)
    yield from _titles(words.DISMISSED, review.dismissed, speak)
    yield from _dropped(review, speak, explain=explain)


def _titles(heading: Sentence, findings: Sequence[Finding], speak: Speak) -> Iterator[str]:
    if findings:
        yield f"## {speak(heading)} ({len(findings)})"
        yield "\n".join(f"- {inline(finding.title)} ({code(str(finding.location))})" for finding in findings)


def is_new(finding: Finding, review: Review) -> bool:
    """Tell whether an incremental review found something that the one before did not."""
    return review.since is not None and finding.id not in review.since.kept


def _finding(number: int, finding: Finding, review: Review, speak: Speak) -> Iterator[str]:
    yield f"### {number}. {speak(words.SEVERITIES[finding.severity])} · {inline(finding.title)}"
    yield " · ".join(_facts(finding, review, speak))
    if finding.evidence.strip():
        yield fence(finding.evidence)
    yield paragraphs(finding.detail)
    if finding.suggestion.strip():
        yield _suggestion(finding.suggestion.strip(), speak)


def _facts(finding: Finding, review: Review, speak: Speak) -> Iterator[str]:
    yield link(code(str(finding.location)), location_url(review.pull_request, finding.location))
    if is_new(finding, review):
        yield speak(words.NEW)
    if finding.location.side is Side.OLD:
        yield speak(say("old file"))
    yield speak(words.CATEGORIES[finding.category])
    if finding.source != "model":
        yield speak(say("found by {source}", source=inline(finding.source)))


def _suggestion(text: str, speak: Speak) -> str:
    label = f"**{speak(words.SUGGESTION)}**"
    return f"{label}\n\n{fence(text)}" if "\n" in text else f"{label} {inline(text)}"


def _dropped(review: Review, speak: Speak, *, explain: bool) -> Iterator[str]:
    if not review.dropped:
        return
    if not explain:
        yield speak(
            say_many(
                "{count} claim of the model was dropped because it did not hold up against the diff.",
                "{count} claims of the model were dropped because they did not hold up against the diff.",
                len(review.dropped),
            )
        )
        return
    yield f"## {speak(words.DROPPED)}"
    yield "\n".join(f"- {_claim(claim, speak)}" for claim in review.dropped)


def _claim(claim: Dropped, speak: Speak) -> str:
    place = f" ({code(claim.path)})" if claim.path else ""
    return f"{inline(claim.title)}{place}: {inline(speak(claim.reason))}"
