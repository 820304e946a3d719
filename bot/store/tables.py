"""The tables as this version of the program reads and writes them.

How a database gets there is in `migrations/`; a test compares the two.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Table, Text

from bot.store.columns import AnyText, Moment

metadata = MetaData()

reviews = Table(
    "reviews",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(32), nullable=False, unique=True),
    Column("channel", AnyText, nullable=False),
    Column("thread", AnyText, nullable=False),
    Column("target", AnyText, nullable=False),
    Column("at", Moment, nullable=False),
    Column("review", Text, nullable=False),
    Column("change", LargeBinary, nullable=False),
    Index("reviews_by_channel", "channel", "at"),
)
"""One row a review; `key` is `ReviewRecord.id`, `review` is a JSON document, `change` a compressed one."""

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

dismissals = Table(
    "dismissals",
    metadata,
    Column("channel", AnyText, primary_key=True),
    Column("finding", String(32), primary_key=True),
    Column("title", AnyText, nullable=False),
    Column("by", AnyText, nullable=False),
    Column("at", Moment, nullable=False),
)

ratings = Table(
    "ratings",
    metadata,
    Column("review", String(32), primary_key=True),
    Column("by", AnyText, primary_key=True),
    Column("helpful", Boolean, nullable=False),
    Column("at", Moment, nullable=False),
)
"""`review` is `ReviewRecord.id`."""

grants = Table(
    "grants",
    metadata,
    Column("channel", AnyText, primary_key=True),
    Column("folded", AnyText, primary_key=True),
    Column("pattern", AnyText, nullable=False),
    Column("by", AnyText, nullable=False),
    Column("at", Moment, nullable=False),
)
"""`folded` is the pattern without upper case, by which it is found."""

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("channel", AnyText, nullable=False),
    Column("folded", AnyText, nullable=False),
    Column("owner", AnyText, nullable=False),
    Column("name", AnyText, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("days", String(32), nullable=False),
    Column("at", String(5), nullable=False),
    Column("timezone", AnyText, nullable=False),
    Column("filters", AnyText, nullable=False),
    Column("by", AnyText, nullable=False),
    Column("since", Moment, nullable=False),
    Index("subscriptions_by_channel", "channel", "folded"),
)
"""`folded` as in `grants`; `days` as in `mon,wed`, `at` as in `09:30`, `filters` as people write them."""

last_digests = Table(
    "last_digests",
    metadata,
    Column("subscription", String(32), primary_key=True),
    Column("at", Moment, nullable=False),
    Column("groups", Text, nullable=False),
)
"""`subscription` is an id; `groups` a JSON object, the group by the name of the pull request."""

snoozes = Table(
    "snoozes",
    metadata,
    Column("channel", AnyText, primary_key=True),
    Column("folded", AnyText, primary_key=True),
    Column("what", AnyText, nullable=False),
    Column("until", Moment, nullable=False),
    Column("by", AnyText, nullable=False),
)
"""`what` as in `owner/name#12`, empty for the whole channel; `folded` as in `grants`."""

people = Table(
    "people",
    metadata,
    Column("person", AnyText, primary_key=True),
    Column("login", AnyText, nullable=False),
    Column("at", Moment, nullable=False),
)
"""`login` is empty for who wants to be nobody."""

watches = Table(
    "watches",
    metadata,
    Column("channel", AnyText, primary_key=True),
    Column("folded", AnyText, primary_key=True),
    Column("owner", AnyText, nullable=False),
    Column("name", AnyText, nullable=False),
    Column("filters", AnyText, nullable=False),
    Column("by", AnyText, nullable=False),
    Column("since", Moment, nullable=False),
)
"""The columns as in `subscriptions`."""

watched = Table(
    "watched",
    metadata,
    Column("channel", AnyText, primary_key=True),
    Column("folded", AnyText, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("standing", String(16), nullable=False),
    Column("thread", AnyText, nullable=False),
    Column("head", String(64), nullable=False),
    Column("shown", AnyText, nullable=False),
)
"""`folded` is the repository as in `watches`."""

jobs = Table(
    "jobs",
    metadata,
    Column("id", AnyText, primary_key=True),
    Column("source", String(32), nullable=False),
    Column("body", AnyText, nullable=False),
    Column("notes", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("runner", String(32), nullable=False),
    Index("jobs_by_runner", "source", "runner"),
)
"""One row a job; `runner` is the process that holds it, empty when it is done. `notes` is a JSON object."""

job_names = Table(
    "job_names",
    metadata,
    Column("name", AnyText, primary_key=True),
    Column("job", AnyText, ForeignKey("jobs.id", ondelete="CASCADE"), nullable=False),
    Index("job_names_by_job", "job"),
)
"""What was heard already; known as long as the job is."""
