"""What runs right now, so that it can be shown, not started twice, and stopped."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from bot.domain.change import Target, is_same
from bot.domain.conversation import ThreadRef
from bot.domain.progress import Progress


@dataclass(eq=False, slots=True, kw_only=True)
class Run:
    """A review or an answer, waiting or under way.

    Attributes:
        asked: Where a person asked for it.
        where: Where its outcome is remembered.
        target: What is reviewed, None for an answer.
        stopped: Somebody stopped it; before it began it will not begin.
        stopped_in: Where they did.
    """

    asked: ThreadRef
    where: ThreadRef
    target: Target | None = None
    progress: Progress | None = None
    stopped_in: ThreadRef | None = None
    task: asyncio.Task[None] | None = None

    @property
    def stopped(self) -> bool:
        """Tell whether somebody stopped it."""
        return self.stopped_in is not None

    async def go(self, work: Coroutine[Any, Any, None]) -> None:
        """Do *work* to its end, or until it is stopped, which is no error."""
        if self.stopped:
            work.close()
            return
        self.task = asyncio.ensure_future(work)
        try:
            await self.task
        except asyncio.CancelledError:
            around = asyncio.current_task()
            if self.stopped_in is None or (around is not None and around.cancelling()):
                raise

    def is_at(self, place: ThreadRef) -> bool:
        """Tell whether it belongs to *place*: a thread, or a channel with all its threads."""
        if not place.thread:
            return place.channel == self.asked.channel
        return place in (self.asked, self.where)


class Running:
    """The list of all runs."""

    def __init__(self) -> None:
        self._runs: list[Run] = []

    @contextmanager
    def listed(self, *runs: Run) -> Iterator[None]:
        """Keep *runs* on the list for as long as the block lasts."""
        self._runs += runs
        try:
            yield
        finally:
            self._runs = [run for run in self._runs if run not in runs]

    def end(self, run: Run) -> None:
        """Take a run off the list before its block ends."""
        self._runs = [other for other in self._runs if other is not run]

    def at(self, place: ThreadRef) -> list[Run]:
        """Return what runs at *place*, in the order it was asked for."""
        return [run for run in self._runs if run.is_at(place) and not run.stopped]

    def counts(self) -> tuple[int, int]:
        """Count the reviews and the answers that run or wait."""
        reviews = sum(run.target is not None for run in self._runs)
        return reviews, len(self._runs) - reviews

    def review_of(self, target: Target, channel: str) -> Run | None:
        """Return the review of *target* that runs in *channel*, the first if there are several."""
        here = self.at(ThreadRef(channel=channel))
        return next((run for run in here if run.target is not None and is_same(run.target, target)), None)

    async def stop(self, place: ThreadRef) -> list[Run]:
        """Stop what runs at *place* and wait until it has ended, so that nothing of it is written afterwards."""
        runs = self.at(place)
        for run in runs:
            run.stopped_in = place
            if run.task is not None:
                run.task.cancel()
        tasks = [run.task for run in runs if run.task is not None]
        if tasks:
            await asyncio.wait(tasks)
        return runs
