"""How much the code host may still be asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """One of the code host's rate limits, as of its last answer.

    Attributes:
        name: What it counts, in the code host's word: `core` for REST, `graphql`.
        reset: When *left* becomes *limit* again, in UTC.
    """

    name: str
    left: int
    limit: int
    reset: datetime
