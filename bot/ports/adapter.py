"""What `parley run` keeps running: one chat platform each."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Protocol

from bot.domain.health import Check
from bot.domain.sentence import Sentence
from bot.ports.places import Places


class Adapter(Places, Protocol):
    """A connection to one chat platform; its commands go to the `Desk` it was made with."""

    @property
    def name(self) -> str:
        """Return the platform in one word, such as `slack`; names of its channels begin with it and a colon."""
        ...

    async def run(self, ready: Callable[[Sentence], None]) -> None:
        """Connect, tell *ready* as whom and to what, take up what was left unfinished, and serve until cancelled.

        Reconnects by itself. When it is cancelled it stops within 3 seconds; what it was at says that it was
        interrupted, and is taken up by the next `run`.

        Raises:
            AccessRefused: The platform does not want these tokens.
            ChatUnavailable: The first connection fails for now.
            StoreUnusable: The database cannot be used.
        """
        ...

    def check(self) -> AsyncIterator[Check]:
        """Look at tokens and rights for `parley doctor`, without serving; never raises."""
        ...
