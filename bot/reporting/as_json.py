"""A review as the one JSON object that programs read: `docs/reference/review.schema.json`.

Keys are added, never renamed or removed. What nobody knows of a local diff is null.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from bot.domain.change import PullRequest
from bot.domain.finding import Dropped, Finding
from bot.domain.review import Coverage, FileNote, Review, Since, Usage
from bot.domain.sentence import Speak
from bot.reporting.json_text import json_text

Object: TypeAlias = dict[str, object]


def to_json(review: Review, speak: Speak = str) -> str:
    """Write the review as JSON; *speak* chooses the language of the reasons."""
    return json_text(as_object(review, speak))


def as_object(review: Review, speak: Speak = str) -> Object:
    """Return the JSON object as plain values, strings as raw as the review has them."""
    return {
        "pull_request": _pull_request(review.pull_request),
        "verdict": review.verdict.value,
        "risk": review.risk.value,
        "summary": review.summary,
        "key_changes": list(review.key_changes),
        "risks": list(review.risks),
        "findings": [_finding(finding) for finding in review.findings],
        "coverage": _coverage(review.coverage, speak),
        "usage": _usage(review.usage),
        "model": {"backend": review.model.backend, "name": review.model.name, "n_ctx": review.model.n_ctx},
        "dropped": [_dropped(claim, speak) for claim in review.dropped],
        "hidden_findings": review.hidden,
        "commits": [
            {"sha": note.sha, "title": note.title, "summary": note.summary, "partial": note.partial}
            for note in review.commits
        ],
        "dismissed_findings": [_finding(finding) for finding in review.dismissed],
        "since": _since(review.since) if review.since else None,
    }


def _pull_request(pull_request: PullRequest) -> Object:
    ref = pull_request.ref
    return {
        "repository": f"{ref.owner}/{ref.repository}" if ref else None,
        "number": ref.number if ref else None,
        "title": pull_request.title,
        "author": pull_request.author or None,
        "head_sha": pull_request.head_sha or None,
        "base_sha": pull_request.base_sha or None,
        "url": pull_request.url or None,
    }


def _finding(finding: Finding) -> Object:
    return {
        "id": finding.id,
        "path": finding.location.path,
        "side": finding.location.side.value,
        "line": finding.location.line,
        "end_line": finding.location.end_line,
        "severity": finding.severity.value,
        "category": finding.category.value,
        "title": finding.title,
        "detail": finding.detail,
        "evidence": finding.evidence,
        "suggestion": finding.suggestion,
        "source": finding.source,
    }


def _coverage(coverage: Coverage, speak: Speak) -> Object:
    return {
        "files_total": coverage.files_total,
        "files_reviewed": coverage.files_reviewed,
        "lines_changed": coverage.lines_changed,
        "lines_reviewed": coverage.lines_reviewed,
        "skipped": _notes(coverage.skipped, speak),
        "failed": _notes(coverage.failed, speak),
    }


def _notes(notes: Sequence[FileNote], speak: Speak) -> list[Object]:
    return [{"path": note.path, "reason": speak(note.reason)} for note in notes]


def _since(since: Since) -> Object:
    return {
        "head_sha": since.head_sha or None,
        "unchanged_files": since.unchanged,
        "kept": sorted(since.kept),
        "resolved": [_finding(finding) for finding in since.resolved],
    }


def _usage(usage: Usage) -> Object:
    return {
        "prompt_tokens": usage.prompt_tokens,
        "cached_tokens": usage.cached_tokens,
        "completion_tokens": usage.completion_tokens,
        "model_calls": usage.model_calls,
        "seconds": round(usage.seconds, 3),
    }


def _dropped(claim: Dropped, speak: Speak) -> Object:
    return {"title": claim.title, "path": claim.path, "reason": speak(claim.reason)}
