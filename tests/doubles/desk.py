"""A `Desk` that does what a script tells it, and remembers what it was handed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import time

from bot.domain.access import Audience
from bot.domain.command import Command, SubscribeCommand, UnsubscribeCommand
from bot.domain.conversation import ReviewNote, ThreadRef
from bot.domain.desk import DeskState
from bot.domain.errors import NotAllowed
from bot.domain.sentence import Sentence
from bot.domain.subscription import WEEKDAYS, Subscription
from bot.ports.chat import Chat
from tests.builders import NOON

Script = Callable[[Command, Chat], Awaitable[None]]


async def nothing(_command: Command, _chat: Chat) -> None:
    """Stay silent."""


@dataclass(kw_only=True)
class ScriptedDesk:
    """Hands every command to its script; `handed` has them with the places they were given in.

    It takes part in `threads`, and refuses every subscription while there is a `refusal`.
    """

    script: Script = nothing
    records: Sequence[ReviewNote] = ()
    threads: set[ThreadRef] = field(default_factory=set)
    known: Sequence[str] = ()
    subscribed: list[Subscription] = field(default_factory=list)
    refusal: Sentence | None = None
    handed: list[tuple[Command, ThreadRef]] = field(default_factory=list)

    async def handle(self, command: Command, chat: Chat) -> None:
        self.handed.append((command, chat.where))
        await self.script(command, chat)

    async def recent_reviews(self, channels: Sequence[str], *, limit: int = 10) -> Sequence[ReviewNote]:
        return [note for note in self.records if note.where.channel in channels][:limit]

    async def takes_part(self, where: ThreadRef) -> bool:
        return where in self.threads

    async def repositories(self, channel: str) -> Sequence[str]:
        return self.known

    async def subscriptions(self, channels: Sequence[str]) -> Sequence[Subscription]:
        return [one for one in self.subscribed if one.channel in channels]

    async def subscribe(self, command: SubscribeCommand, audience: Audience) -> Sequence[Subscription]:
        if self.refusal is not None:
            raise NotAllowed(self.refusal)
        made = [
            Subscription(
                id=command.replaces or f"s{len(self.subscribed)}",
                channel=audience.channel,
                pattern=pattern,
                days=command.days or WEEKDAYS,
                at=command.at or time(9, 0),
                timezone=command.timezone or "UTC",
                filters=command.filters,
                by=audience.person,
                since=NOON,
                kind=next((one.kind for one in self.subscribed if one.id == command.replaces), command.kind),
            )
            for pattern in command.patterns
        ]
        ids = {one.id for one in made}
        self.subscribed = [one for one in self.subscribed if one.id not in ids] + made
        return made

    async def unsubscribe(self, command: UnsubscribeCommand, audience: Audience) -> bool:
        before = len(self.subscribed)
        self.subscribed = [
            one
            for one in self.subscribed
            if one.channel != audience.channel or (one.pattern != command.pattern and one.id != command.id)
        ]
        return len(self.subscribed) < before

    def state(self) -> DeskState:
        return DeskState(model=None, reviews=0, answers=0)

    @property
    def commands(self) -> list[Command]:
        """Return what was asked for, in order."""
        return [command for command, _ in self.handed]
