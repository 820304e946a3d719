"""Schema 4: what channels watch, and what they were shown of it."""

from __future__ import annotations

from sqlalchemy import Column, Connection, DateTime, Integer, MetaData, String, Table, Text

metadata = MetaData()

Table(
    "watches",
    metadata,
    Column("channel", Text, primary_key=True),
    Column("folded", Text, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("filters", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("since", DateTime(timezone=True), nullable=False),
)
Table(
    "watched",
    metadata,
    Column("channel", Text, primary_key=True),
    Column("folded", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("standing", String(16), nullable=False),
    Column("thread", Text, nullable=False),
    Column("head", String(64), nullable=False),
    Column("shown", Text, nullable=False),
)


def upgrade(connection: Connection) -> None:
    """Make the new tables."""
    metadata.create_all(connection, checkfirst=False)
