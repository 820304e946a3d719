"""What a chat adapter hands people's commands to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.domain.command import Command
from bot.domain.conversation import ReviewRecord
from bot.ports.chat import Chat


class Desk(Protocol):
    """Takes commands and answers in the chat they came from."""

    async def handle(self, command: Command, chat: Chat) -> None:
        """Do what *command* asks and say the outcome in *chat*, whatever happens.

        A failure is a sentence in the chat; only cancellation passes. Several may run at once.
        """
        ...

    async def recent_reviews(self, channel: str, *, limit: int = 10) -> Sequence[ReviewRecord]:
        """Load the last reviews of a channel, newest first."""
        ...
