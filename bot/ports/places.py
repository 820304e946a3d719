"""Where the bot may speak without having been asked."""

from __future__ import annotations

from typing import Protocol

from bot.ports.chat import Chat
from bot.ports.inbox import Job


class Places(Protocol):
    """The channels of the chat platforms that are connected."""

    def chat_in(self, channel: str, *, thread: str = "", job: Job | None = None) -> Chat | None:
        """Return a chat to post in a channel, or in a thread of it; None where no connected platform knows it.

        Args:
            thread: As in `ThreadRef`.
            job: What is posted for it is noted there, so that it is not posted again when it is taken up again.
        """
        ...
