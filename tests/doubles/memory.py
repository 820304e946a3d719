"""A `Memory` that forgets when the test ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.conversation import Conversation, ReviewNote, ReviewRecord, ThreadRef, Turn


@dataclass(kw_only=True)
class Rolling:
    """A summary and how many of the thread's turns it covers."""

    text: str
    covers: int


@dataclass(kw_only=True)
class DictMemory:
    """Keeps what it is told in the order it came; tests may look inside."""

    records: list[ReviewRecord] = field(default_factory=list)
    said: list[tuple[ThreadRef, Turn]] = field(default_factory=list)
    summaries: dict[ThreadRef, Rolling] = field(default_factory=dict)

    async def save_review(self, record: ReviewRecord) -> None:
        self.records.append(record)

    async def reviews(
        self,
        channel: str,
        *,
        thread: str | None = None,
        target: str | None = None,
        since: datetime | None = None,
        limit: int = 20,
    ) -> Sequence[ReviewRecord]:
        wanted = [
            record
            for record in reversed(self.records)
            if _within(record.where, channel, thread)
            and target in (None, record.target)
            and (since is None or record.at >= since)
        ]
        return sorted(wanted, key=lambda record: record.at, reverse=True)[:limit]

    async def review(self, key: str) -> ReviewRecord | None:
        return next((record for record in self.records if record.id == key), None)

    async def notes(self, channels: Sequence[str], *, limit: int = 10) -> Sequence[ReviewNote]:
        found = [record for record in reversed(self.records) if record.where.channel in channels]
        return [record.note for record in sorted(found, key=lambda record: record.at, reverse=True)[:limit]]

    async def takes_part(self, where: ThreadRef) -> bool:
        known = {record.where for record in self.records} | {place for place, _ in self.said}
        return bool(where.thread) and where in known

    async def add_turns(self, where: ThreadRef, turns: Sequence[Turn]) -> None:
        self.said = [*self.said, *((where, turn) for turn in turns)]

    async def conversation(self, where: ThreadRef) -> Conversation:
        rolling = self.summaries.get(where, Rolling(text="", covers=0))
        return Conversation(turns=tuple(self._turns(where)[rolling.covers :]), summary=rolling.text)

    async def channel_turns(self, channel: str, *, since: datetime | None = None, limit: int = 200) -> Sequence[Turn]:
        turns = [turn for where, turn in self.said if where.channel == channel and (since is None or turn.at >= since)]
        return sorted(turns, key=lambda turn: turn.at)[max(0, len(turns) - limit) :]

    async def save_summary(self, where: ThreadRef, summary: str, *, covers: int) -> None:
        before = self.summaries[where].covers if where in self.summaries else 0
        self.summaries[where] = Rolling(text=summary, covers=min(before + covers, len(self._turns(where))))

    async def forget(self, channel: str, *, thread: str | None = None) -> int:
        self.summaries = {where: it for where, it in self.summaries.items() if not _within(where, channel, thread)}
        return self._keep(
            [record for record in self.records if not _within(record.where, channel, thread)],
            [(where, turn) for where, turn in self.said if not _within(where, channel, thread)],
        )

    async def forget_before(self, moment: datetime) -> int:
        self.summaries = {
            where: it
            for where, it in self.summaries.items()
            if all(turn.at >= moment for turn in self._turns(where)[: it.covers])
        }
        return self._keep(
            [record for record in self.records if record.at >= moment],
            [(where, turn) for where, turn in self.said if turn.at >= moment],
        )

    def _turns(self, where: ThreadRef) -> list[Turn]:
        return [turn for place, turn in self.said if place == where]

    def _keep(self, records: list[ReviewRecord], said: list[tuple[ThreadRef, Turn]]) -> int:
        gone = len(self.records) - len(records) + len(self.said) - len(said)
        self.records, self.said = records, said
        return gone


def _within(where: ThreadRef, channel: str, thread: str | None) -> bool:
    return where.channel == channel and thread in (None, where.thread)
