"""What is remembered of channels and threads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.conversation import Conversation, ReviewNote, ReviewRecord, ThreadRef, Turn


class Memory(Protocol):
    """Reviews and turns, durable as soon as a method returns.

    Every method may raise `StoreUnusable` when the database cannot be read or written.
    """

    async def save_review(self, record: ReviewRecord) -> None:
        """Keep a finished review and its change."""
        ...

    async def reviews(
        self,
        channel: str,
        *,
        thread: str | None = None,
        target: str | None = None,
        since: datetime | None = None,
        limit: int = 20,
    ) -> Sequence[ReviewRecord]:
        """Load reviews of a channel, newest first, narrowed to a thread, a target, or *since* and later.

        A stored review that this version of the program cannot read is left out.
        """
        ...

    async def review(self, key: str) -> ReviewRecord | None:
        """Load the review whose `ReviewRecord.id` is *key*; None if it was forgotten."""
        ...

    async def notes(self, channels: Sequence[str], *, limit: int = 10) -> Sequence[ReviewNote]:
        """Load the last reviews of some channels in short, newest first; cheap, for their changes are not read."""
        ...

    async def takes_part(self, where: ThreadRef) -> bool:
        """Tell whether anything is remembered of a thread."""
        ...

    async def add_turns(self, where: ThreadRef, turns: Sequence[Turn]) -> None:
        """Append what was said, all of it or nothing."""
        ...

    async def conversation(self, where: ThreadRef) -> Conversation:
        """Load the rolling summary of a thread and every turn it does not cover yet, in the order they were added."""
        ...

    async def channel_turns(self, channel: str, *, since: datetime | None = None, limit: int = 200) -> Sequence[Turn]:
        """Load the last turns of all threads of a channel, oldest first."""
        ...

    async def save_summary(self, where: ThreadRef, summary: str, *, covers: int) -> None:
        """Replace the rolling summary; it now covers also the *covers* oldest turns of `conversation`."""
        ...

    async def forget(self, channel: str, *, thread: str | None = None) -> int:
        """Remove everything of a channel, or of one of its threads; return how many reviews and turns went."""
        ...

    async def forget_before(self, moment: datetime) -> int:
        """Remove every review and turn older than *moment*; return how many.

        A summary that speaks of a removed turn goes too; the turns it covered that stay are uncovered again.
        """
        ...
