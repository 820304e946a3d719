"""Watched repositories, looked at again and again, and the work that comes of it, one piece after another.

A review takes minutes: the looks go on meanwhile, so that cards stay true. What nobody foresaw is logged here, and does
not end the looking.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Protocol

import structlog

from bot.domain.change import RepositoryRef
from bot.domain.errors import BotError, TransientError
from bot.ports.clock import Clock
from bot.ports.inbox import Inbox, Job
from bot.ports.places import Places

log = structlog.get_logger()

SOURCE = "watch"
MOST_TRIES = 5

ADOPTION = 60.0
"""Seconds between two looks for work that an ended process left, and for what could not be done before."""

LATER = 1800.0
"""Seconds for which a repository that is not shown to us is left alone: each try costs a call."""


class Looks(Protocol):
    """Sees what happens; `bot.service.watch.watcher.Watcher` does."""

    async def repositories(self) -> Sequence[RepositoryRef]:
        """Load what is watched."""
        ...

    async def look(self, repository: RepositoryRef, places: Places) -> Sequence[Job]:
        """Look at a repository and return the work that came up."""
        ...


class Follows(Protocol):
    """Does the work; `bot.service.watch.following.Following` does."""

    async def do(self, job: Job, places: Places) -> None:
        """Do one piece."""
        ...


class Watching:
    """Keeps looking, and working.

    Args:
        seconds: Between two looks at everything.
    """

    def __init__(self, *, watcher: Looks, following: Follows, inbox: Inbox, clock: Clock, seconds: float) -> None:
        self._watcher = watcher
        self._following = following
        self._inbox = inbox
        self._clock = clock
        self._seconds = seconds
        self._hinted: set[RepositoryRef] = set()
        self._wake = asyncio.Event()
        self._not_before: dict[RepositoryRef, float] = {}
        self._work: asyncio.Queue[Job] = asyncio.Queue()
        self._postponed: list[Job] = []

    def hint(self, repository: RepositoryRef) -> None:
        """Let *repository* be looked at soon, if it is watched: somebody says that something happened."""
        self._hinted.add(repository)
        self._wake.set()

    async def run(self, places: Places) -> None:
        """Look and work until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._look_again_and_again(places))
            group.create_task(self._adopt())
            group.create_task(self._do_one_after_another(places))

    async def look_at_all(self, places: Places) -> None:
        """Look at every watched repository once."""
        for repository in await self._watcher.repositories():
            await self._look(repository, places)

    async def _look_again_and_again(self, places: Places) -> None:
        while True:
            try:
                await self.look_at_all(places)
                await self._rest(places)
            except BotError as error:  # of the database
                log.warning("watch.round_failed", error=type(error).__name__, why=str(error.sentence))
                await asyncio.sleep(self._seconds)

    async def _rest(self, places: Places) -> None:
        """Wait for the next round; what is hinted at meanwhile is looked at at once."""
        end = asyncio.get_running_loop().time() + self._seconds
        while True:
            try:
                async with asyncio.timeout_at(end):
                    await self._wake.wait()
            except TimeoutError:
                return
            self._wake.clear()
            hinted, self._hinted = {str(one).casefold() for one in self._hinted}, set()
            for repository in await self._watcher.repositories():
                if str(repository).casefold() in hinted:
                    await self._look(repository, places)

    async def _look(self, repository: RepositoryRef, places: Places) -> None:
        if self._clock.seconds() < self._not_before.get(repository, 0.0):
            return
        try:
            jobs = await self._watcher.look(repository, places)
        except BotError as error:
            pause = (error.retry_after or 0.0) if isinstance(error, TransientError) else LATER
            self._not_before[repository] = self._clock.seconds() + pause
            log.warning("watch.not_seen", repository=str(repository), error=type(error).__name__, pause=round(pause))
            return
        except Exception:
            log.exception("watch.look_crashed", repository=str(repository))
            return
        for job in jobs:
            self._work.put_nowait(job)

    async def _adopt(self) -> None:
        while True:
            left, self._postponed = self._postponed, []
            try:
                left += await self._inbox.adopt(SOURCE)
            except BotError as error:
                log.warning("watch.nothing_taken_up", why=str(error.sentence))
            for job in left:
                self._work.put_nowait(job)
            await asyncio.sleep(ADOPTION)

    async def _do_one_after_another(self, places: Places) -> None:
        while True:
            await self.do(await self._work.get(), places)

    async def do(self, job: Job, places: Places) -> None:
        """Do one piece of work; what time can mend is done later."""
        tries = int(job.noted("tries") or 0) + 1
        try:
            if max(tries, job.tries) <= MOST_TRIES:
                await self._following.do(job, places)
        except TransientError as error:
            log.warning("watch.postponed", job=job.id, error=type(error).__name__)
            await job.note("tries", str(tries))
            self._postponed.append(job)
            return
        except BotError as error:
            log.warning("watch.failed", job=job.id, error=type(error).__name__, why=str(error.sentence))
        except Exception:
            log.exception("watch.crashed", job=job.id)
        await job.done()
