"""Digests and statistics at their time: APScheduler wakes us, subscriptions say what is due, the inbox that it is new.

When it wakes does not decide what is posted: each time everything that fell due lately and was not posted is. So
clock changes, a machine that slept, a restart and a second process on the same database all come out right.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol

import structlog

from bot.domain.access import Audience
from bot.domain.digest import Digest
from bot.domain.errors import BotError, ChartFailed, ConfigInvalid, TransientError, UserError
from bot.domain.picture import Picture
from bot.domain.schedule import Free, local_times, no_day
from bot.domain.sentence import say
from bot.domain.subscription import Kind, Subscription
from bot.ports.chat import Chat
from bot.ports.clock import Clock
from bot.ports.inbox import Inbox, Job
from bot.ports.places import Places
from bot.ports.subscriptions import Subscriptions

log = structlog.get_logger()

SOURCE = "digest"
EVERY_ROUND = "round"
POSTED = "posted"
"""The note of a job whose process ended before it let go of it."""

LATEST = timedelta(hours=12)
"""How late a digest may come; an older one is of no use to anybody."""

LATE = timedelta(minutes=10)
"""A digest that comes later than that says so."""

ROUND = 60
"""Seconds between two looks at the database: another process may have changed it, or ended in the middle of a post, and
what could not be posted is tried again."""

MOST_TRIES = 5


class MakesDigests(Protocol):
    """Makes the digests of subscriptions; `bot.service.digest.digests.Digests` does."""

    async def make_regular(self, subscriptions: Sequence[Subscription], audience: Audience) -> Digest | None:
        """Fetch what is open; None where the channel is snoozed."""
        ...

    async def remember(self, subscriptions: Sequence[Subscription], digest: Digest) -> None:
        """Keep what was told, for the next digest."""
        ...


class MakesStatistics(Protocol):
    """Makes the statistics of a subscription; `bot.service.statistics.Statistics` does."""

    async def make_regular(self, subscription: Subscription, audience: Audience) -> Picture | None:
        """Fetch what happened and have it drawn; None where that is snoozed."""
        ...


class DigestSchedule:
    """Posts what channels subscribed to."""

    def __init__(
        self,
        *,
        subscriptions: Subscriptions,
        digests: MakesDigests,
        statistics: MakesStatistics,
        inbox: Inbox,
        clock: Clock,
        free: Free = no_day,
    ) -> None:
        self._subscriptions = subscriptions
        self._free = free
        self._digests = digests
        self._statistics = statistics
        self._inbox = inbox
        self._clock = clock
        self._turn = asyncio.Lock()
        self._postponed: list[Job] = []
        self._plan: Callable[[], Awaitable[None]] | None = None

    async def run(self, places: Places) -> None:
        """Post to *places* until cancelled."""
        from apscheduler.schedulers.asyncio import AsyncIOScheduler  # here: only who serves pays for it

        # Local times are the business of `local_times`: a job that is woken late, or twice, does no harm.
        defaults = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        scheduler = AsyncIOScheduler(job_defaults=defaults, timezone="UTC")
        wake = partial(self._round, places)
        self._plan = partial(self._wake_at_each_time, scheduler, wake)
        scheduler.add_job(wake, "interval", seconds=ROUND, id=EVERY_ROUND)
        scheduler.start()
        try:
            await wake()
            await asyncio.Event().wait()
        finally:
            self._plan = None
            scheduler.shutdown(wait=False)

    async def changed(self) -> None:
        """Take note that the subscriptions are others now."""
        if self._plan is not None:
            await self._plan()

    async def post_due(self, places: Places) -> None:
        """Post what fell due and was not posted, each once, and what an ended process left unposted."""
        async with self._turn:
            jobs, self._postponed = [*self._postponed, *await self._inbox.adopt(SOURCE)], []
            for name, body in due(await self._subscriptions.all(), self._clock.now(), free=self._free):
                if (taken := await self._inbox.take(name, source=SOURCE, body=body)) is not None:
                    jobs.append(taken)
            for job in jobs:
                await self._post(job, places)

    async def _round(self, places: Places) -> None:
        try:
            await self.changed()  # another process may have changed them
            await self.post_due(places)
        except BotError as error:
            log.warning("digest.round_failed", error=type(error).__name__, why=str(error.sentence))

    async def _wake_at_each_time(self, scheduler: Any, wake: Callable[[], Awaitable[None]]) -> None:
        wanted = {_time_of(one): one for one in await self._subscriptions.all()}
        for job in scheduler.get_jobs():
            if job.id != EVERY_ROUND and job.id not in wanted:
                job.remove()
        for name, one in wanted.items():
            when = {"day_of_week": ",".join(one.days), "hour": one.at.hour, "minute": one.at.minute}
            scheduler.add_job(wake, "cron", **when, timezone=one.timezone, id=name, replace_existing=True)

    async def _post(self, job: Job, places: Places) -> None:
        work = json.loads(job.body)
        channel = work["channel"]
        tries = int(job.noted("tries") or 0) + 1
        try:
            if max(tries, job.tries) <= MOST_TRIES and "due" in work:  # otherwise of another version
                await self._post_to(places.chat_in(channel, job=job), work, job)
        except TransientError as error:
            log.warning("digest.postponed", channel=channel, error=type(error).__name__)
            await job.note("tries", str(tries))
            self._postponed.append(job)
            return
        except BotError as error:
            log.warning("digest.failed", channel=channel, error=type(error).__name__, why=str(error.sentence))
        await job.done()

    async def _post_to(self, chat: Chat | None, work: Mapping[str, Any], job: Job) -> None:
        channel, due = work["channel"], datetime.fromisoformat(work["due"])
        mine = [one for one in await self._subscriptions.of((channel,)) if one.id in work["subscriptions"]]
        if chat is None or not mine or job.noted(POSTED):
            log.info("digest.not_posted", channel=channel, ended=not mine, posted=bool(job.noted(POSTED)))
            return
        late = due if self._clock.now() - due >= LATE else None
        if mine[0].kind is Kind.STATS:
            await self._post_stats(mine[0], chat, late, job)
        else:
            await self._post_digest(mine, chat, late, job)

    async def _post_digest(self, mine: Sequence[Subscription], chat: Chat, late: datetime | None, job: Job) -> None:
        try:
            digest = await self._digests.make_regular(mine, chat.audience)
        except UserError as error:  # of what they subscribed to nothing is left that they may see
            await chat.say(error.sentence)
            return
        if digest is None:
            return
        if digest.entries or digest.unread or any(one.filters.empty for one in mine):
            await chat.show_digest(replace(digest, due=late))
            await job.note(POSTED, "yes")
            log.info("digest.posted", channel=chat.where.channel, entries=len(digest.entries), late=late is not None)
        await self._digests.remember(mine, digest)

    async def _post_stats(self, one: Subscription, chat: Chat, late: datetime | None, job: Job) -> None:
        try:
            picture = await self._statistics.make_regular(one, chat.audience)
        except (UserError, ConfigInvalid, ChartFailed) as error:  # nobody would know why nothing comes, week after week
            await chat.say(error.sentence)
            return
        if picture is None:
            return
        if late is not None:
            said = say(
                "These are the statistics of {time}, late: I was not running then.", time=f"{late:%Y-%m-%d %H:%M}"
            )
            picture = replace(picture, words=(said, *picture.words))
        await chat.show_picture(picture)
        await job.note(POSTED, "yes")
        log.info("stats.posted", channel=chat.where.channel, late=late is not None)


def due(subscriptions: Sequence[Subscription], now: datetime, *, free: Free = no_day) -> Iterator[tuple[str, str]]:
    """Yield a name and the work for everything that fell due lately.

    Digests of one channel that fall due at the same time in the same zone are one; each picture of statistics comes by
    itself. A name has the local date and time, so that it comes once however the clocks are changed.
    """
    together: dict[str, tuple[str, datetime, list[str]]] = {}
    for one in subscriptions:
        for moment in local_times(one, max(now - LATEST, one.since), now, free=free):
            time = f"{one.channel}:{moment:%Y-%m-%d}T{one.at:%H:%M}:{one.timezone}"
            name = f"stats:{time}:{one.id}" if one.kind is Kind.STATS else f"digest:{time}"
            together.setdefault(name, (one.channel, moment, []))[2].append(one.id)
    for name, (channel, moment, ids) in together.items():
        yield name, json.dumps({"channel": channel, "due": moment.isoformat(), "subscriptions": ids})


def _time_of(one: Subscription) -> str:
    return f"{','.join(one.days)} {one.at:%H:%M} {one.timezone}"
