"""The findings, worst first, and how many claims are not among them."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.change import PullRequest
from bot.domain.diff import Side
from bot.domain.finding import Dropped, Finding
from bot.domain.review import Review
from bot.domain.sentence import Speak, say, say_many
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
    for number, finding in enumerate(review.findings, start=1):
        yield from _finding(number, finding, review.pull_request, speak)
    if review.hidden:
        yield speak(
            say_many(
                "{count} more finding is not shown: over the limit, or below the severity that is asked for.",
                "{count} more findings are not shown: over the limit, or below the severity that is asked for.",
                review.hidden,
            )
        )
    yield from _dropped(review, speak, explain=explain)


def _finding(number: int, finding: Finding, pull_request: PullRequest, speak: Speak) -> Iterator[str]:
    yield f"### {number}. {speak(words.SEVERITIES[finding.severity])} · {inline(finding.title)}"
    yield " · ".join(_facts(finding, pull_request, speak))
    if finding.evidence.strip():
        yield fence(finding.evidence)
    yield paragraphs(finding.detail)
    if finding.suggestion.strip():
        yield _suggestion(finding.suggestion.strip(), speak)


def _facts(finding: Finding, pull_request: PullRequest, speak: Speak) -> Iterator[str]:
    yield link(code(str(finding.location)), location_url(pull_request, finding.location))
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
