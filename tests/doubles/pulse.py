"""A `Pulse` that says what a test tells it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.change import PullRequestRef, RepositoryRef
from bot.domain.errors import BotError
from bot.domain.watch import Comment, Stand


@dataclass(kw_only=True)
class FixedPulse:
    """`beat` is the mark of every repository; each method counts in `asked`, and fails while there is a `failure`."""

    beat: str = "one"
    said: list[Comment] = field(default_factory=list)
    known: dict[PullRequestRef, Stand] = field(default_factory=dict)
    failure: BotError | None = None
    asked: list[str] = field(default_factory=list)
    since: list[datetime] = field(default_factory=list)

    async def mark(self, repository: RepositoryRef, before: str) -> str:
        self._ask("mark")
        return self.beat

    async def comments(self, repository: RepositoryRef, since: datetime) -> Sequence[Comment]:
        self._ask("comments")
        self.since.append(since)
        return [one for one in self.said if one.at >= since]

    async def stands(self, refs: Sequence[PullRequestRef]) -> Mapping[PullRequestRef, Stand]:
        self._ask("stands")
        return {ref: self.known[ref] for ref in refs if ref in self.known}

    def _ask(self, what: str) -> None:
        self.asked.append(what)
        if self.failure is not None:
            raise self.failure
