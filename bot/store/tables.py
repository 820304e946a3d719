"""The tables as this version of the program reads and writes them.

How a database gets there is in `migrations/`; a test compares the two.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, LargeBinary, MetaData, String, Table, Text

from bot.store.columns import AnyText, Moment

metadata = MetaData()

reviews = Table(
    "reviews",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("channel", AnyText, nullable=False),
    Column("thread", AnyText, nullable=False),
    Column("target", AnyText, nullable=False),
    Column("at", Moment, nullable=False),
    Column("review", Text, nullable=False),
    Column("change", LargeBinary, nullable=False),
    Index("reviews_by_channel", "channel", "at"),
)
"""One row a review; `review` is a JSON document, `change` a compressed one."""

turns = Table(
    "turns",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("channel", AnyText, nullable=False),
    Column("thread", AnyText, nullable=False),
    Column("at", Moment, nullable=False),
    Column("role", String(16), nullable=False),
    Column("author", AnyText, nullable=False),
    Column("text", AnyText, nullable=False),
    Index("turns_by_thread", "channel", "thread"),
    Index("turns_by_channel", "channel", "at"),
)
"""One row a turn; in one thread the ids grow in the order in which the turns were added."""

summaries = Table(
    "summaries",
    metadata,
    Column("channel", AnyText, primary_key=True),
    Column("thread", AnyText, primary_key=True),
    Column("text", AnyText, nullable=False),
    Column("covers", Integer, nullable=False),
)
"""The rolling summary of a thread; `covers` is the id of the last turn it speaks of, 0 for none."""
