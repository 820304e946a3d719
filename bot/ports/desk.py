"""What a chat adapter hands people's commands to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.domain.access import Audience
from bot.domain.command import Command, SubscribeCommand, UnsubscribeCommand
from bot.domain.conversation import ReviewNote, ThreadRef
from bot.domain.desk import DeskState
from bot.domain.subscription import Subscription
from bot.ports.chat import Chat


class Desk(Protocol):
    """Takes commands and answers in the chat they came from, and the few questions that an adapter must ask."""

    async def handle(self, command: Command, chat: Chat) -> None:
        """Do what *command* asks and say the outcome in *chat*, whatever happens.

        A failure is a sentence in the chat; only cancellation and failures of the chat pass. Several may run at once.
        """
        ...

    async def takes_part(self, where: ThreadRef) -> bool:
        """Tell whether the bot is part of a thread, so that plain words there are meant for it."""
        ...

    async def recent_reviews(self, channels: Sequence[str], *, limit: int = 10) -> Sequence[ReviewNote]:
        """Load the last reviews of some channels, newest first."""
        ...

    async def repositories(self, channel: str) -> Sequence[str]:
        """Load the names of the repositories that a channel reviewed or subscribed to, for completion."""
        ...

    async def subscriptions(self, channels: Sequence[str]) -> Sequence[Subscription]:
        """Load what some channels subscribed to."""
        ...

    async def subscribe(self, command: SubscribeCommand, audience: Audience) -> Sequence[Subscription]:
        """Subscribe the channel of *audience* to everything that *command* names, or change what it has of it.

        Raises:
            UserError: The channel may not see the repository, or it cannot be had like that; the sentence is for the
                person.
        """
        ...

    async def unsubscribe(self, command: UnsubscribeCommand, audience: Audience) -> bool:
        """End what *command* names of the channel of *audience*; tell whether there was anything."""
        ...

    def state(self) -> DeskState:
        """Tell what the bot is busy with; names nothing that a channel could keep from another."""
        ...
