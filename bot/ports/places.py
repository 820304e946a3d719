"""Where the bot may speak without having been asked."""

from __future__ import annotations

from typing import Protocol

from bot.ports.chat import Chat


class Places(Protocol):
    """The channels of the chat platforms that are connected."""

    def chat_in(self, channel: str) -> Chat | None:
        """Return a chat to post in the bare channel; None where no connected platform knows it."""
        ...
