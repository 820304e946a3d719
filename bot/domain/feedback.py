"""What people said about findings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Dismissal:
    """A finding that a channel does not want to see.

    Attributes:
        finding: `Finding.id`, which stays the same when lines move.
        title: What the finding said, for lists.
        by: The person, as in `Audience`.
        at: When, in UTC.
    """

    channel: str
    finding: str
    title: str
    by: str
    at: datetime
