"""The verdict in words, never kinder than what was read."""

from __future__ import annotations

from bot.domain.finding import Severity
from bot.domain.review import Review, Verdict
from bot.domain.sentence import Sentence, say, say_many
from bot.reporting.markup import code

NAMED = 3
"""Unread files that the verdict names; the report lists the rest."""


def reasons(review: Review) -> tuple[Sentence, ...]:
    """Say what the verdict rests on. File names in it are markdown."""
    match review.verdict:
        case Verdict.CLEAN:
            return (_nothing_found(review),)
        case Verdict.COMMENTS:
            return (_remarks(review),)
        case Verdict.ATTENTION:
            return (_grave(review),)
        case Verdict.INCOMPLETE:
            return _not_read(review)


def _nothing_found(review: Review) -> Sentence:
    if review.hidden:
        return say("Everything selected for review was read, and nothing found is above the limits that are set.")
    return say("Everything selected for review was read.")


def _remarks(review: Review) -> Sentence:
    return say_many(
        "{count} finding, not of high severity.", "{count} findings, none of high severity.", len(review.findings)
    )


def _grave(review: Review) -> Sentence:
    grave = sum(finding.severity.at_least(Severity.HIGH) for finding in review.findings)
    return say_many(
        "{count} finding of high severity or worse, {total} in all.",
        "{count} findings of high severity or worse, {total} in all.",
        grave,
        total=len(review.findings),
    )


def _not_read(review: Review) -> tuple[Sentence, ...]:
    coverage = review.coverage
    if not coverage.files_total:
        return (say("There was nothing to read."),)
    if not coverage.failed:
        return (say("Nothing was read: every file was left out."),)
    unread = say(
        "Not read to the end: {paths}. What follows says nothing about the parts that were not read.",
        paths=_paths(review),
    )
    grave = any(finding.severity.at_least(Severity.HIGH) for finding in review.findings)
    return (unread, _grave(review)) if grave else (unread,)


def _paths(review: Review) -> Sentence | str:
    failed = tuple(dict.fromkeys(note.path for note in review.coverage.failed))
    names = ", ".join(code(path) for path in failed[:NAMED])
    if len(failed) <= NAMED:
        return names
    return say_many("{names} and {count} more", "{names} and {count} more", len(failed) - NAMED, names=names)
