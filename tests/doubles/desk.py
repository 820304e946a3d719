"""A `Desk` that does what a script tells it, and remembers what it was handed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from bot.domain.command import Command
from bot.domain.conversation import ReviewRecord, ThreadRef
from bot.ports.chat import Chat

Script = Callable[[Command, Chat], Awaitable[None]]


async def nothing(_command: Command, _chat: Chat) -> None:
    """Stay silent."""


@dataclass(kw_only=True)
class ScriptedDesk:
    """Hands every command to its script; `handed` has them with the places they were given in."""

    script: Script = nothing
    records: Sequence[ReviewRecord] = ()
    handed: list[tuple[Command, ThreadRef]] = field(default_factory=list)

    async def handle(self, command: Command, chat: Chat) -> None:
        self.handed.append((command, chat.where))
        await self.script(command, chat)

    async def recent_reviews(self, channel: str, *, limit: int = 10) -> Sequence[ReviewRecord]:
        return [record for record in self.records if record.where.channel == channel][:limit]

    @property
    def commands(self) -> list[Command]:
        """Return what was asked for, in order."""
        return [command for command, _ in self.handed]
