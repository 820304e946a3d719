"""Choosing for a digest: of what is open, what somebody wants to see. What is left out is counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.change import RepositoryPattern
from bot.domain.command import DigestCommand
from bot.domain.digest import Digest, DigestEntry, Left, OpenBoard, OpenRepository
from bot.domain.filters import Filters
from bot.domain.subscription import Snooze, Subscription

_SHOWN, _BOT, _SNOOZED, _FILTERED = "shown", "bots", "snoozed", "filtered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody wants to see."""

    pattern: RepositoryPattern
    filters: Filters = Filters()

    def is_about(self, repository: OpenRepository) -> bool:
        """Tell whether *repository* is meant; one that was renamed is meant by its old name, too."""
        return self.pattern == repository.pattern or self.pattern.covers(repository.ref)


def wished(command: DigestCommand, subscribed: Sequence[Subscription] = ()) -> list[Wish]:
    """Return what *command* asks for, which is what was *subscribed* to where it names nothing."""
    if command.patterns:
        filters = Filters().changed_by(command.filters)
        return [Wish(pattern=pattern, filters=filters) for pattern in command.patterns]
    return [Wish(pattern=one.pattern, filters=one.filters.changed_by(command.filters)) for one in subscribed]


def select(wishes: Sequence[Wish], board: OpenBoard, now: datetime, *, snoozes: Sequence[Snooze] = ()) -> Digest:
    """Make the digest of everything that any of *wishes* wants to see and none of *snoozes* covers."""
    counts: Counter[str] = Counter()
    entries: list[DigestEntry] = []
    for repository in board.repositories:
        mine = [wish.filters for wish in wishes if wish.is_about(repository)]
        for entry in repository.entries:
            takers = [one for one in mine if one.allow(entry, now) and (one.drafts(usual=True) or not entry.draft)]
            outcome = _judge(entry, takers, snoozes)
            counts[outcome] += 1
            if outcome is _SHOWN:
                entries.append(replace(entry, stale=_stale(entry, takers, now)))
    return Digest(
        at=now,
        patterns=tuple(dict.fromkeys(wish.pattern for wish in wishes)),
        entries=tuple(sorted(entries, key=lambda entry: (entry.created, str(entry.ref)))),
        unread=board.unread,
        left=Left(bots=counts[_BOT], snoozed=counts[_SNOOZED], filtered=counts[_FILTERED]),
    )


def _judge(entry: DigestEntry, takers: Sequence[Filters], snoozes: Sequence[Snooze]) -> str:
    if not takers:
        return _FILTERED
    if entry.bot and not any(filters.wants_bot(entry) for filters in takers):
        return _BOT
    return _SNOOZED if any(snooze.covers(entry.ref) for snooze in snoozes) else _SHOWN


def _stale(entry: DigestEntry, takers: Sequence[Filters], now: datetime) -> bool:
    return all(filters.is_stale(entry, now) for filters in takers)
