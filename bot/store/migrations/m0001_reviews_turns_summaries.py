"""Schema 1: reviews, turns and summaries."""

from __future__ import annotations

from sqlalchemy import Column, Connection, DateTime, Index, Integer, LargeBinary, MetaData, String, Table, Text

metadata = MetaData()

Table(
    "reviews",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("channel", Text, nullable=False),
    Column("thread", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("review", Text, nullable=False),
    Column("change", LargeBinary, nullable=False),
    Index("reviews_by_channel", "channel", "at"),
)
Table(
    "turns",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("channel", Text, nullable=False),
    Column("thread", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("role", String(16), nullable=False),
    Column("author", Text, nullable=False),
    Column("text", Text, nullable=False),
    Index("turns_by_thread", "channel", "thread"),
    Index("turns_by_channel", "channel", "at"),
)
Table(
    "summaries",
    metadata,
    Column("channel", Text, primary_key=True),
    Column("thread", Text, primary_key=True),
    Column("text", Text, nullable=False),
    Column("covers", Integer, nullable=False),
)


def upgrade(connection: Connection) -> None:
    """Make the first tables."""
    metadata.create_all(connection, checkfirst=False)
