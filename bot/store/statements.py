"""Every statement the memory uses, in portable SQLAlchemy constructs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Delete, Insert, Select, Table, delete, exists, func, insert, or_, select

from bot.domain.conversation import ReviewRecord, ThreadRef, Turn
from bot.store.tables import dismissals, ratings, reviews, summaries, turns


@dataclass(frozen=True, slots=True, kw_only=True)
class Deletions:
    """What one `forget` deletes.

    Attributes:
        first: What is not counted; some of it is found through what is deleted after it.
    """

    first: tuple[Delete, ...]
    counted: tuple[Delete, ...]


def add_review(record: ReviewRecord, *, review: str, change: bytes) -> Insert:
    """Insert a review, whose documents are given apart."""
    return insert(reviews).values(
        key=record.id,
        channel=record.where.channel,
        thread=record.where.thread,
        target=record.target,
        at=record.at,
        review=review,
        change=change,
    )


def find_reviews(
    channel: str, *, thread: str | None, target: str | None, since: datetime | None, limit: int
) -> Select[*tuple[Any, ...]]:
    """Select reviews, newest first; what is None does not narrow."""
    narrowed = select(reviews).where(reviews.c.channel == channel)
    if thread is not None:
        narrowed = narrowed.where(reviews.c.thread == thread)
    if target is not None:
        narrowed = narrowed.where(reviews.c.target == target)
    if since is not None:
        narrowed = narrowed.where(reviews.c.at >= since)
    return narrowed.order_by(reviews.c.at.desc(), reviews.c.id.desc()).limit(limit)


def find_review(key: str) -> Select[*tuple[Any, ...]]:
    """Select one review."""
    return select(reviews).where(reviews.c.key == key)


def find_notes(channels: Sequence[str], *, limit: int) -> Select[*tuple[Any, ...]]:
    """Select reviews of some channels without their changes, newest first."""
    light = [column for column in reviews.c if column.name != "change"]
    narrowed = select(*light).where(reviews.c.channel.in_(channels))
    return narrowed.order_by(reviews.c.at.desc(), reviews.c.id.desc()).limit(limit)


def is_known(where: ThreadRef) -> Select[bool]:
    """Tell whether a thread has a review or a turn."""
    reviewed, said = (exists().where(*_of(table, where.channel, where.thread)) for table in (reviews, turns))
    return select(or_(reviewed, said))


def add_turn() -> Insert:
    """Insert a turn; executed with many `turn_values` it inserts them in their order."""
    return insert(turns)


def turn_values(where: ThreadRef, turn: Turn) -> dict[str, object]:
    """Lay out one turn as a row."""
    return {
        "channel": where.channel,
        "thread": where.thread,
        "at": turn.at,
        "role": turn.role.value,
        "author": turn.author,
        "text": turn.text,
    }


def find_uncovered(where: ThreadRef) -> Select[*tuple[Any, ...]]:
    """Select the turns of a thread that its summary does not cover, in the order they were added."""
    covered = func.coalesce(find_covered(where).scalar_subquery(), 0)
    return select(turns).where(*_of(turns, where.channel, where.thread), turns.c.id > covered).order_by(turns.c.id)


def find_summary(where: ThreadRef) -> Select[str]:
    """Select the text of the rolling summary."""
    return select(summaries.c.text).where(*_of(summaries, where.channel, where.thread))


def find_covered(where: ThreadRef) -> Select[int]:
    """Select the id of the last turn that the summary covers."""
    return select(summaries.c.covers).where(*_of(summaries, where.channel, where.thread))


def add_summary(where: ThreadRef, text: str, *, covers: int) -> Insert:
    """Insert a summary; the one before it must be gone."""
    return insert(summaries).values(channel=where.channel, thread=where.thread, text=text, covers=covers)


def remove_summary(where: ThreadRef) -> Delete:
    """Delete the summary of a thread."""
    return delete(summaries).where(*_of(summaries, where.channel, where.thread))


def find_channel_turns(channel: str, *, since: datetime | None, limit: int) -> Select[*tuple[Any, ...]]:
    """Select the last turns of a channel, newest first."""
    narrowed = select(turns).where(turns.c.channel == channel)
    if since is not None:
        narrowed = narrowed.where(turns.c.at >= since)
    return narrowed.order_by(turns.c.at.desc(), turns.c.id.desc()).limit(limit)


def remove_place(channel: str, thread: str | None) -> Deletions:
    """Delete everything of a channel, or of one of its threads."""
    rated = delete(ratings).where(ratings.c.review.in_(select(reviews.c.key).where(*_of(reviews, channel, thread))))
    summary, *counted = (delete(table).where(*_of(table, channel, thread)) for table in (summaries, turns, reviews))
    dismissed = () if thread is not None else (delete(dismissals).where(dismissals.c.channel == channel),)
    return Deletions(first=(rated, *dismissed, summary), counted=tuple(counted))


def remove_before(moment: datetime) -> Deletions:
    """Delete what is older; the turns that stay of a summary that speaks of older ones are uncovered again."""
    speaks_of_older = exists().where(
        turns.c.channel == summaries.c.channel,
        turns.c.thread == summaries.c.thread,
        turns.c.id <= summaries.c.covers,
        turns.c.at < moment,
    )
    rated = delete(ratings).where(ratings.c.review.in_(select(reviews.c.key).where(reviews.c.at < moment)))
    return Deletions(
        first=(rated, delete(summaries).where(speaks_of_older)),
        counted=tuple(delete(table).where(table.c.at < moment) for table in (turns, reviews)),
    )


def _of(table: Table, channel: str, thread: str | None) -> Iterator[ColumnElement[bool]]:
    yield table.c.channel == channel
    if thread is not None:
        yield table.c.thread == thread
