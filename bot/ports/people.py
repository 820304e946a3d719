"""Who people say they are on the code host, kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol


class People(Protocol):
    """Durable as soon as a method returns. Every method may raise `StoreUnusable`."""

    async def save(self, person: str, login: str, at: datetime) -> None:
        """Keep what a person says, in place of what they said before; an empty login is nobody."""
        ...

    async def claims(self) -> Mapping[str, str]:
        """Load every login by the person who claims it, as `Audience.person`; empty for those who want to be nobody."""
        ...
