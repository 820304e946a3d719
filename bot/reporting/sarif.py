"""A review as a SARIF 2.1.0 log, for programs that collect what analysers found.

Each category is a rule, because a model has no others. A finding about removed lines has no region: its line is in
no file that a viewer could open, so the place is the file alone and the old lines are in `properties`.
A file that was not read, or not to the end, is a notification, and then the execution was not successful.
What a channel dismissed is a suppressed result; if there is one, every result must say whether it is (3.27.23).
Standard: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from bot.domain.diff import Location, Side
from bot.domain.finding import Category, Finding, Severity
from bot.domain.plain_text import plain
from bot.domain.review import Coverage, FileNote, Review, Verdict
from bot.domain.sentence import Speak, say
from bot.reporting.json_text import json_text
from bot.reporting.links import repository_url, url_path
from bot.reporting.words import CATEGORY_MEANINGS

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"

ROOT = "%SRCROOT%"
"""The root of the repository, as GitHub and most viewers name it."""

FINGERPRINT = "parleyFinding/v1"

LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
    Severity.INFO: "note",
}

Object: TypeAlias = dict[str, object]


def to_sarif(review: Review, speak: Speak = str, *, version: str = "") -> str:
    """Write the log as JSON; *version* is this program's."""
    return json_text(as_log(review, speak, version=version))


def as_log(review: Review, speak: Speak = str, *, version: str = "") -> Object:
    """Return the log as plain values."""
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(review, speak, version)]}


def _run(review: Review, speak: Speak, version: str) -> Object:
    driver: Object = {"name": "Parley", "rules": [_rule(category, speak) for category in Category]}
    run: Object = {
        "tool": {"driver": driver | ({"version": version} if version else {})},
        "invocations": [_invocation(review, speak)],
        "originalUriBaseIds": {ROOT: {"description": _message("The root of the repository.")}},
        "results": list(_results(review)),
        "properties": {
            "verdict": review.verdict.value,
            "risk": review.risk.value,
            "summary": review.summary,
            "model": review.model.name,
            "hiddenFindings": review.hidden,
        },
    }
    repository = repository_url(review.pull_request)
    if repository:
        run["versionControlProvenance"] = [_provenance(review, repository)]
    return run


def _rule(category: Category, speak: Speak) -> Object:
    return {"id": category.value, "shortDescription": {"text": speak(CATEGORY_MEANINGS[category])}}


def _results(review: Review) -> Iterator[Object]:
    for finding in review.findings:
        yield _result(finding) | ({"suppressions": []} if review.dismissed else {})
    for finding in review.dismissed:
        yield _result(finding) | {"suppressions": [{"kind": "external", "status": "accepted"}]}


def _result(finding: Finding) -> Object:
    return {
        "ruleId": finding.category.value,
        "ruleIndex": list(Category).index(finding.category),
        "level": LEVELS[finding.severity],
        "message": _message("\n\n".join(filter(None, (finding.title, finding.detail, finding.suggestion)))),
        "locations": [{"physicalLocation": _place(finding.location, finding.evidence)}],
        "partialFingerprints": {FINGERPRINT: finding.id},
        "properties": {
            "severity": finding.severity.value,
            "source": finding.source,
            "side": finding.location.side.value,
            "line": finding.location.line,
            "endLine": finding.location.end_line,
            "evidence": finding.evidence,
        },
    }


def _place(location: Location, evidence: str) -> Object:
    place: Object = {"artifactLocation": _artifact(location.path)}
    if location.side is Side.OLD:
        return place
    region: Object = {"startLine": location.line, "endLine": location.end_line}
    whole = evidence.count("\n") == location.end_line - location.line
    return place | {"region": region | ({"snippet": {"text": evidence}} if whole else {})}


def _artifact(path: str) -> Object:
    return {"uri": url_path(path), "uriBaseId": ROOT}


def _message(text: str) -> Object:
    """Make a message of *text* without placeholders (3.11.5) and without links (3.11.6)."""
    return {"text": plain(text).replace("{", "{{").replace("}", "}}").replace("](", "] (")}


def _invocation(review: Review, speak: Speak) -> Object:
    return {
        "executionSuccessful": review.verdict is not Verdict.INCOMPLETE,
        "toolExecutionNotifications": list(_notifications(review.coverage, speak)),
    }


def _notifications(coverage: Coverage, speak: Speak) -> Iterator[Object]:
    if not coverage.files_reviewed:
        yield {"level": "error", "message": _message(speak(say("No file was read to the end.")))}
    for note in coverage.failed:
        yield _notification("error", note, speak)
    for note in coverage.skipped:
        yield _notification("note", note, speak)


def _notification(level: str, note: FileNote, speak: Speak) -> Object:
    return {
        "level": level,
        "message": _message(speak(note.reason)),
        "locations": [{"physicalLocation": {"artifactLocation": _artifact(note.path)}}],
    }


def _provenance(review: Review, repository: str) -> Object:
    pull_request = review.pull_request
    known = {"revisionId": pull_request.head_sha, "branch": pull_request.head_branch}
    return {"repositoryUri": repository, **{key: value for key, value in known.items() if value}}
