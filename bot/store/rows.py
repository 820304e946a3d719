"""Rows of the tables as words of the domain."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import structlog
from sqlalchemy import Row

from bot.domain.conversation import ReviewNote, ReviewRecord, Role, ThreadRef, Turn
from bot.store.documents import DocumentDamaged, load_change, load_review

log = structlog.get_logger()


def records(rows: Iterable[Row[Any]]) -> list[ReviewRecord]:
    """Read reviews; one that this version cannot read is left out and logged."""
    return [record for row in rows if (record := _record(row))]


def notes(rows: Iterable[Row[Any]]) -> list[ReviewNote]:
    """Read reviews in short, as `records` does."""
    return [note for row in rows if (note := _note(row))]


def turns(rows: Iterable[Row[Any]]) -> list[Turn]:
    """Read turns; one whose role this version does not know is left out and logged."""
    return [turn for row in rows if (turn := _turn(row))]


def _record(row: Row[Any]) -> ReviewRecord | None:
    try:
        review, change = load_review(row.review), load_change(row.change)
    except DocumentDamaged as error:
        log.warning("memory.review_skipped", id=row.id, cause=str(error))
        return None
    return ReviewRecord(id=row.key, where=_place(row), target=row.target, at=row.at, review=review, change=change)


def _note(row: Row[Any]) -> ReviewNote | None:
    try:
        review = load_review(row.review)
    except DocumentDamaged as error:
        log.warning("memory.review_skipped", id=row.id, cause=str(error))
        return None
    return ReviewNote(
        id=row.key,
        where=_place(row),
        target=row.target,
        at=row.at,
        title=review.pull_request.title,
        url=review.pull_request.url,
        head_sha=review.pull_request.head_sha,
        verdict=review.verdict,
        findings=len(review.findings),
        private=review.pull_request.private,
    )


def _place(row: Row[Any]) -> ThreadRef:
    return ThreadRef(channel=row.channel, thread=row.thread)


def _turn(row: Row[Any]) -> Turn | None:
    try:
        role = Role(row.role)
    except ValueError:
        log.warning("memory.turn_skipped", id=row.id, role=row.role)
        return None
    return Turn(role=role, author=row.author, text=row.text, at=row.at)
