"""Schema 2: reviews have ids for good; what people dismissed, rated, allowed and subscribed to; jobs."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Select,
    String,
    Table,
    Text,
    cast,
    column,
    insert,
    literal,
    select,
    table,
    text,
)

metadata = MetaData()

reviews = Table(
    "reviews",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(32), nullable=False, unique=True),
    Column("channel", Text, nullable=False),
    Column("thread", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("review", Text, nullable=False),
    Column("change", LargeBinary, nullable=False),
    Index("reviews_by_channel", "channel", "at"),
)
Table(
    "dismissals",
    metadata,
    Column("channel", Text, primary_key=True),
    Column("finding", String(32), primary_key=True),
    Column("title", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)
Table(
    "ratings",
    metadata,
    Column("review", String(32), primary_key=True),
    Column("by", Text, primary_key=True),
    Column("helpful", Boolean, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)
Table(
    "grants",
    metadata,
    Column("channel", Text, primary_key=True),
    Column("folded", Text, primary_key=True),
    Column("pattern", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)
Table(
    "subscriptions",
    metadata,
    Column("channel", Text, primary_key=True),
    Column("folded", Text, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("days", String(32), nullable=False),
    Column("at", String(5), nullable=False),
    Column("timezone", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("since", DateTime(timezone=True), nullable=False),
)
Table(
    "jobs",
    metadata,
    Column("id", Text, primary_key=True),
    Column("source", String(32), nullable=False),
    Column("body", Text, nullable=False),
    Column("notes", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("runner", String(32), nullable=False),
    Index("jobs_by_runner", "source", "runner"),
)
Table(
    "job_names",
    metadata,
    Column("name", Text, primary_key=True),
    Column("job", Text, ForeignKey("jobs.id", ondelete="CASCADE"), nullable=False),
    Index("job_names_by_job", "job"),
)

_COPIED = [each.name for each in reviews.columns]


def upgrade(connection: Connection) -> None:
    """Make the new tables, and the one of reviews anew: an old review is called what its number is."""
    connection.execute(text("DROP INDEX reviews_by_channel"))
    connection.execute(text("ALTER TABLE reviews RENAME TO reviews_before"))
    metadata.create_all(connection, checkfirst=False)
    connection.execute(insert(reviews).from_select(_COPIED, _before()))
    connection.execute(text("DROP TABLE reviews_before"))


def _before() -> Select[*tuple[Any, ...]]:
    values = [column(name) if name != "key" else literal("r") + cast(column("id"), String) for name in _COPIED]
    return select(*values).select_from(table("reviews_before"))
