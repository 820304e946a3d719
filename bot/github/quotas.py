"""GitHub's rate limits, as its answers tell them: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from bot.domain.quota import Quota


class Quotas:
    """Remembers what the last answers said."""

    def __init__(self) -> None:
        self._known: dict[str, Quota] = {}

    def note(self, headers: Mapping[str, Any]) -> None:
        """Take the limits from the headers of an answer; one without them says nothing."""
        told = {name.lower(): str(value) for name, value in headers.items()}
        numbers = [told.get(f"x-ratelimit-{name}", "") for name in ("remaining", "limit", "reset")]
        if all(number.isdigit() for number in numbers):
            left, limit, reset = map(int, numbers)
            name = told.get("x-ratelimit-resource", "core")
            self._known[name] = Quota(name=name, left=left, limit=limit, reset=datetime.fromtimestamp(reset, UTC))

    def all(self) -> Sequence[Quota]:
        """Return the last state of each."""
        return tuple(self._known.values())
