"""A `Review`: findings, verdict, coverage, and the head it speaks of."""

from __future__ import annotations

from dataclasses import dataclass
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
class Review:
    """What the bot says about a change.

    Attributes:
        findings: Shown ones, worst first.
        hidden: How many findings were found and anchored but are over the limit or under the floor.
        dropped: Claims that were refused, with reasons.
        commits: One note a commit, when asked for.
        unsummarised: Why there is no summary by the model, None where there is one.
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
    hidden: int = 0
    dropped: tuple[Dropped, ...] = ()
    commits: tuple[CommitNote, ...] = ()
    unsummarised: Sentence | None = None


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
