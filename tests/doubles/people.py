"""A `People` that forgets when the test ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(kw_only=True)
class DictPeople:
    """Keeps one login a person."""

    said: dict[str, str] = field(default_factory=dict)

    async def save(self, person: str, login: str, at: datetime) -> None:
        self.said[person] = login

    async def claims(self) -> Mapping[str, str]:
        return dict(self.said)
