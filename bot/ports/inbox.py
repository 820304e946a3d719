"""What was heard and must be answered once: not twice, also after a restart and with several processes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol


class Job(Protocol):
    """A piece of work that this process holds until it is done."""

    @property
    def id(self) -> str:
        """Return its first name."""
        ...

    @property
    def body(self) -> str:
        """Return what its source wrote down to be able to begin again."""
        ...

    @property
    def at(self) -> datetime:
        """Return when it was heard, in UTC."""
        ...

    @property
    def tries(self) -> int:
        """Return which try this is: 1, unless a process ended in the middle of it."""
        ...

    def noted(self, key: str) -> str:
        """Return what was noted in this try or an earlier one, empty if nothing."""
        ...

    async def note(self, key: str, value: str) -> None:
        """Keep what the next try must know, such as the id of a message that was posted.

        Raises nothing: a note that cannot be kept matters only if the process ends now, and the work goes on.
        """
        ...

    async def done(self) -> None:
        """Let go: nobody takes it up again. Its body and notes are removed, its names stay known."""
        ...


class Inbox(Protocol):
    """Every method may raise `StoreUnusable`; so may `done` of a job."""

    async def take(self, *names: str, source: str, body: str) -> Job | None:
        """Take what was heard, durable when this returns; None if any of its names was taken before, by anybody.

        Args:
            names: What identifies it wherever it comes in again, such as the event's id; the first is the job's.
            source: Who heard it, such as `slack`.
        """
        ...

    async def adopt(self, source: str) -> Sequence[Job]:
        """Take over the unfinished jobs of processes that have ended, oldest first; also those of this one's past."""
        ...

    async def forget_before(self, moment: datetime) -> None:
        """Remove finished jobs heard before *moment*; their names can be taken again."""
        ...
