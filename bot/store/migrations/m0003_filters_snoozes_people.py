"""Schema 3: subscriptions have ids, filters and kinds; what last digests said, what is snoozed, and who is who."""

from __future__ import annotations

import uuid

from sqlalchemy import (
    Column,
    Connection,
    DateTime,
    Index,
    MetaData,
    String,
    Table,
    Text,
    column,
    insert,
    select,
    table,
    text,
)

metadata = MetaData()

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("channel", Text, nullable=False),
    Column("folded", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("days", String(32), nullable=False),
    Column("at", String(5), nullable=False),
    Column("timezone", Text, nullable=False),
    Column("filters", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("since", DateTime(timezone=True), nullable=False),
    Index("subscriptions_by_channel", "channel", "folded"),
)
Table(
    "last_digests",
    metadata,
    Column("subscription", String(32), primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("groups", Text, nullable=False),
)
Table(
    "snoozes",
    metadata,
    Column("channel", Text, primary_key=True),
    Column("folded", Text, primary_key=True),
    Column("what", Text, nullable=False),
    Column("until", DateTime(timezone=True), nullable=False),
    Column("by", Text, nullable=False),
)
Table(
    "people",
    metadata,
    Column("person", Text, primary_key=True),
    Column("login", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)

_NEW = {"id", "kind", "filters"}
_COPIED = [column(each.name, each.type) for each in subscriptions.columns if each.name not in _NEW]


def upgrade(connection: Connection) -> None:
    """Make the new tables, and the one of subscriptions anew: each gets an id of its own."""
    connection.execute(text("ALTER TABLE subscriptions RENAME TO subscriptions_before"))
    metadata.create_all(connection, checkfirst=False)
    before = connection.execute(select(*_COPIED).select_from(table("subscriptions_before")))
    for row in before.mappings().all():
        new = {"id": uuid.uuid4().hex[:12], "kind": "digest", "filters": ""}
        connection.execute(insert(subscriptions).values({**row, **new}))
    connection.execute(text("DROP TABLE subscriptions_before"))
