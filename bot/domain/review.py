"""A `Review`: findings, verdict, coverage, and the head it speaks of."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.domain.change import PullRequest
from bot.domain.finding import Dropped, Finding, Severity
from bot.domain.sentence import Sentence


class Verdict(StrEnum):
    """The review in one word; `clean` is said only when everything selected was reviewed."""

    CLEAN = "clean"
    COMMENTS = "comments"
    ATTENTION = "attention"
    INCOMPLETE = "incomplete"


class Risk(StrEnum):
    """How much could go wrong by merging."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileNote:
    """A file that was not reviewed, or not wholly, and why."""

    path: str
    reason: Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What was read and what was not.

    Attributes:
        files_reviewed: Files of which every changed line was in an answered prompt.
        lines_changed: Added and removed lines of all files, skipped ones included.
        skipped: Left out on purpose.
        failed: Selected, but not read or not answered, wholly or in part.
    """

    files_total: int
    files_reviewed: int
    lines_changed: int
    lines_reviewed: int
    skipped: tuple[FileNote, ...] = ()
    failed: tuple[FileNote, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What a review cost.

    Attributes:
        prompt_tokens: Tokens of all prompts, repeated parts counted each time.
        cached_tokens: Those of them that the model still had evaluated.
        seconds: Wall time.
    """

    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0
    model_calls: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelInfo:
    """Which model answered.

    Attributes:
        n_ctx: Context size in tokens.
        starter: It is the small model for trying things out, whose judgement is poor.
    """

    backend: str
    name: str
    n_ctx: int
    starter: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitNote:
    """What one commit of the change does.

    Attributes:
        summary: In the model's words; empty where it gave none.
        partial: Some lines of the commit got no answer, or were not selected to be read.
    """

    sha: str
    title: str
    summary: str
    partial: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """The earlier review that an incremental one builds on.

    Attributes:
        head_sha: The head it spoke of.
        unchanged: Files that were read then, have not changed and were not read again.
        kept: Ids of the findings that were known then and still hold.
        resolved: Findings of then that hold no more: their lines are gone or changed, and nobody claims them again.
    """

    head_sha: str
    unchanged: int
    kept: frozenset[str] = frozenset()
    resolved: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What the bot says about a change.

    Attributes:
        findings: Shown ones, worst first.
        more: Findings that are over the limit or under the floor, worst first.
        dismissed: Findings that the channel does not want to see, worst first.
        since: What an incremental review builds on, None for a full one.
        dropped: Claims that were refused, with reasons.
        commits: One note a commit, when asked for.
        unsummarised: Why there is no summary by the model, None where there is one.
        numbers: What people call each of `findings` and then of `more`, where that is not its place in the list: a
            finding keeps its number when one before it is dismissed.
    """

    pull_request: PullRequest
    verdict: Verdict
    risk: Risk
    summary: str
    key_changes: tuple[str, ...]
    risks: tuple[str, ...]
    findings: tuple[Finding, ...]
    coverage: Coverage
    usage: Usage
    model: ModelInfo
    more: tuple[Finding, ...] = ()
    dismissed: tuple[Finding, ...] = ()
    since: Since | None = None
    dropped: tuple[Dropped, ...] = ()
    commits: tuple[CommitNote, ...] = ()
    unsummarised: Sentence | None = None
    numbers: tuple[int, ...] = ()

    @property
    def hidden(self) -> int:
        """Return how many findings were found and anchored but are not shown."""
        return len(self.more)

    def numbered(self) -> Iterator[tuple[int, Finding]]:
        """Yield the shown findings with the numbers that people call them by."""
        yield from zip(self.numbers or range(1, len(self.findings) + 1), self.findings, strict=False)


def with_all(review: Review) -> Review:
    """Return the review with the findings in view that were over the limit or under the floor."""
    return replace(review, findings=(*review.findings, *review.more), more=())


def only_new(review: Review) -> Review:
    """Return an incremental review with those findings in view that the one before did not have.

    They keep their numbers; those that still hold are in `Review.since`.
    """
    kept = review.since.kept if review.since else frozenset()
    shown = [(number, finding) for number, finding in review.numbered() if finding.id not in kept]
    behind = review.numbers[len(review.findings) :] or range(
        len(review.findings) + 1, len(review.findings) + len(review.more) + 1
    )
    return replace(
        review,
        findings=tuple(finding for _, finding in shown),
        numbers=(*(number for number, _ in shown), *behind),
    )


def with_dismissals(review: Review, dismissed: Collection[str]) -> Review:
    """Return the review as people see it who dismissed these findings, and no others.

    The verdict is that of the findings that are left; the risk stays what it was when the change was read.

    Args:
        review: As it was posted.
        dismissed: Ids.
    """
    shown, over = len(review.findings), len(review.findings) + len(review.more)
    posted = list(enumerate((*review.findings, *review.more, *review.dismissed), start=1))
    known = sorted((*posted[:shown], *posted[over:]), key=lambda pair: pair[1].severity.rank)
    kept = [pair for pair in known if pair[1].id not in dismissed]
    more = [pair for pair in posted[shown:over] if pair[1].id not in dismissed]
    findings = tuple(finding for _, finding in kept)
    return replace(
        review,
        findings=findings,
        more=tuple(finding for _, finding in more),
        dismissed=tuple(finding for _, finding in (*known, *posted[shown:over]) if finding.id in dismissed),
        numbers=tuple(number for number, _ in (*kept, *more)),
        verdict=judge(findings, review.coverage),
    )


def least_risk(findings: tuple[Finding, ...], coverage: Coverage) -> Risk:
    """Return the risk that findings and gaps show by themselves, whatever the model thinks of the change."""
    if any(finding.severity.at_least(Severity.HIGH) for finding in findings):
        return Risk.HIGH
    unread = coverage.failed or not coverage.files_reviewed
    if unread or any(finding.severity is Severity.MEDIUM for finding in findings):
        return Risk.MEDIUM
    return Risk.LOW


def judge(findings: tuple[Finding, ...], coverage: Coverage) -> Verdict:
    """Decide the verdict from what was read and what was found, never from the model's opinion.

    A change of which anything selected was not read is `incomplete` whatever else was found, and so is one of
    which nothing was selected: nobody looked at it.
    """
    if coverage.failed or not coverage.files_reviewed:
        return Verdict.INCOMPLETE
    if any(finding.severity.at_least(Severity.HIGH) for finding in findings):
        return Verdict.ATTENTION
    return Verdict.COMMENTS if findings else Verdict.CLEAN
