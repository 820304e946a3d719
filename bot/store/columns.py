"""Column types that keep what Python holds, in any database."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from sqlalchemy import DateTime, Dialect, Text
from sqlalchemy.types import TypeDecorator

UNSTORABLE = re.compile(r"[\\\x00\ud800-\udfff]")
ESCAPED = re.compile(r"\\u([0-9a-f]{4})")


class AnyText(TypeDecorator[str]):
    r"""Text that may hold what databases refuse: surrogates, which stand for undecodable bytes, and NUL.

    Those characters, and the backslash so that nothing is ambiguous, are stored as `\uXXXX`.
    Equal texts are stored equally, so that a column of this type can be compared and indexed.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Escape a value on its way in."""
        return None if value is None else UNSTORABLE.sub(lambda match: f"\\u{ord(match[0]):04x}", value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Undo the escaping on the way out."""
        return None if value is None else ESCAPED.sub(lambda match: chr(int(match[1], 16)), value)


class Moment(TypeDecorator[datetime]):
    """A point in time, stored in UTC; SQLite forgets the zone, so it is put back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn a moment into UTC; one without a zone is a mistake of the caller."""
        if value is not None and value.tzinfo is None:
            raise ValueError(f"a moment without a time zone: {value}")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give a moment its zone."""
        return None if value is None else value.replace(tzinfo=value.tzinfo or UTC).astimezone(UTC)
