"""A source of changes that knows a few targets by heart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.domain.change import Change, Target
from bot.domain.errors import BotError, NotUnderstood
from bot.domain.sentence import say


class FixedChanges:
    """Gives the change, or raises the error, that it was given for a target."""

    def __init__(self, known: Mapping[Target, Change | BotError]) -> None:
        self._known = dict(known)
        self.fetched: list[Target] = []

    async def fetch(self, target: Target, *, by_commit: bool = False) -> Change:
        """Return what is known of *target*."""
        self.fetched.append(target)
        outcome = self._known.get(target) or NotUnderstood(say("{target} is not known here.", target=str(target)))
        if isinstance(outcome, BotError):
            raise outcome
        return outcome if by_commit else replace(outcome, per_commit=())
