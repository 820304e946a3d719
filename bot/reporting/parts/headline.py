"""The first lines: what was reviewed, and the verdict on it."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.change import CiState, PullRequest
from bot.domain.review import Coverage, Review, Since
from bot.domain.sentence import Sentence, Speak, say, say_many
from bot.reporting import words
from bot.reporting.markup import inline, link
from bot.reporting.verdict import reasons


def headline(review: Review, speak: Speak) -> Iterator[str]:
    """Name the change, its size, author and checks; then the verdict, the risk and how much was read."""
    yield f"# {_name(review.pull_request)}"
    yield " · ".join(_facts(review, speak))
    yield f"**{speak(words.VERDICTS[review.verdict])}** · {_grounds(review, speak)}"
    yield speak(read(review.coverage))
    if review.since:
        yield " ".join(inline(speak(one)) for one in (since(review.since), still(review)) if one)


def read(coverage: Coverage) -> Sentence:
    """Say how much was read."""
    return say(
        "Read {files_reviewed} of {files}, {lines_reviewed:,} of {lines}.",
        files_reviewed=coverage.files_reviewed,
        files=say_many("{count} file", "{count} files", coverage.files_total),
        lines_reviewed=coverage.lines_reviewed,
        lines=say_many("{count:,} changed line", "{count:,} changed lines", coverage.lines_changed),
    )


def since(earlier: Since) -> Sentence:
    """Say what an incremental review builds on."""
    return say_many(
        "Since the review of {head}: {count} file is as it was and was not read again.",
        "Since the review of {head}: {count} files are as they were and were not read again.",
        earlier.unchanged,
        head=earlier.head_sha[:7] or "?",
    )


def still(review: Review) -> Sentence | None:
    """Say how many findings of the earlier review hold and are not shown again; None where there are none."""
    shown = {finding.id for finding in (*review.findings, *review.more, *review.dismissed)}
    count = len(review.since.kept - shown) if review.since else 0
    return (
        say_many("{count} earlier finding still holds.", "{count} earlier findings still hold.", count)
        if count
        else None
    )


def _name(pull_request: PullRequest) -> str:
    title = inline(pull_request.title)
    return f"{link(inline(str(pull_request.ref)), pull_request.url)} {title}" if pull_request.ref else title


def _grounds(review: Review, speak: Speak) -> str:
    sentences = (*reasons(review), words.risk(review))
    return " ".join(speak(sentence) for sentence in sentences if sentence)


def _facts(review: Review, speak: Speak) -> Iterator[str]:
    pull_request = review.pull_request
    yield speak(say_many("{count} file", "{count} files", review.coverage.files_total))
    yield speak(say_many("{count:,} changed line", "{count:,} changed lines", review.coverage.lines_changed))
    if pull_request.author:
        yield speak(say("by {author}", author=inline(pull_request.author)))
    if pull_request.draft:
        yield speak(say("draft"))
    if pull_request.ci is not CiState.UNKNOWN:
        yield speak(words.CHECKS[pull_request.ci])
