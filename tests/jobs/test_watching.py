"""Looking goes on while work is done, sooner where somebody hints, and whatever fails."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import pytest
from structlog.testing import capture_logs

from bot.domain.change import RepositoryRef
from bot.domain.errors import CodeHostUnavailable, NotAllowed, RateLimited, RepositoryNotFound, StoreUnusable
from bot.domain.sentence import say
from bot.jobs.watching import LATER, MOST_TRIES, Watching
from bot.ports.chat import Chat
from bot.ports.inbox import Job
from bot.ports.places import Places
from tests.doubles.clock import FakeClock
from tests.doubles.inbox import DictInbox

STATS, WEB = RepositoryRef(owner="octo", name="stats"), RepositoryRef(owner="octo", name="web")


@dataclass(kw_only=True)
class Lookout:
    """Watches two repositories; what a look finds, and how a look or work fails, is told by the test."""

    watched: list[RepositoryRef] = field(default_factory=lambda: [STATS, WEB])
    found: list[Sequence[Job]] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)
    work_failures: list[Exception] = field(default_factory=list)
    looked: list[str] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    free: asyncio.Event = field(default_factory=asyncio.Event)

    def chat_in(self, channel: str, *, thread: str = "", job: Job | None = None) -> Chat | None:
        return None

    async def repositories(self) -> Sequence[RepositoryRef]:
        return self.watched

    async def look(self, repository: RepositoryRef, places: Places) -> Sequence[Job]:
        self.looked.append(repository.name)
        if self.failures:
            raise self.failures.pop(0)
        return self.found.pop(0) if self.found else ()

    async def do(self, job: Job, places: Places) -> None:
        if self.work_failures:
            raise self.work_failures.pop(0)
        await self.free.wait()
        self.done.append(job.id)


@pytest.fixture
def lookout() -> Lookout:
    made = Lookout()
    made.free.set()
    return made


def a_watching(lookout: Lookout, inbox: DictInbox | None = None, clock: FakeClock | None = None) -> Watching:
    return Watching(
        watcher=lookout,
        following=lookout,
        inbox=inbox or DictInbox(),
        clock=clock or FakeClock(),
        seconds=3600,
    )


@asynccontextmanager
async def running(watching: Watching, lookout: Lookout) -> AsyncIterator[None]:
    task = asyncio.create_task(watching.run(lookout))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def until(holds: Callable[[], object]) -> None:
    for _ in range(100_000):
        if holds():
            return
        await asyncio.sleep(0)
    raise AssertionError("it never came true")


async def test_everything_is_looked_at_and_work_is_done_in_its_order(lookout: Lookout) -> None:
    inbox = DictInbox()
    jobs = [job for number in range(3) if (job := await inbox.take(f"w{number}", source="watch", body="")) is not None]
    lookout.found = [jobs[:2], jobs[2:]]

    async with running(a_watching(lookout, inbox), lookout):
        await until(lambda: len(lookout.done) == 3)

    assert lookout.looked == ["stats", "web"]
    assert lookout.done == ["w0", "w1", "w2"]
    assert inbox.unfinished == []


async def test_looking_goes_on_while_work_takes_its_time(lookout: Lookout) -> None:
    lookout.free.clear()
    inbox = DictInbox()
    job = await inbox.take("w", source="watch", body="")
    assert job is not None
    lookout.found = [[job]]
    watching = a_watching(lookout, inbox)

    async with running(watching, lookout):
        await until(lambda: len(lookout.looked) == 2)
        watching.hint(WEB)
        await until(lambda: len(lookout.looked) == 3)

    assert lookout.done == []
    assert lookout.looked[-1] == "web"


async def test_a_hint_is_looked_at_at_once_however_it_is_written_if_it_is_watched(lookout: Lookout) -> None:
    watching = a_watching(lookout)

    async with running(watching, lookout):
        await until(lambda: len(lookout.looked) == 2)
        watching.hint(RepositoryRef(owner="octo", name="other"))
        watching.hint(RepositoryRef(owner="OCTO", name="Stats"))
        await until(lambda: len(lookout.looked) == 3)

    assert lookout.looked[-1] == "stats"


async def test_what_an_ended_process_left_is_taken_up(lookout: Lookout) -> None:
    inbox = DictInbox()
    await inbox.take("left", source="watch", body="")
    inbox.end_process()

    async with running(a_watching(lookout, inbox), lookout):
        await until(lambda: lookout.done)

    assert lookout.done == ["left"]


@pytest.mark.parametrize(
    "failure",
    [CodeHostUnavailable(say("GitHub is away.")), RepositoryNotFound(say("Gone.")), KeyError("nobody foresaw this")],
)
async def test_one_repository_that_fails_does_not_keep_the_others(lookout: Lookout, failure: Exception) -> None:
    lookout.failures = [failure]

    with capture_logs():
        await a_watching(lookout).look_at_all(lookout)

    assert lookout.looked == ["stats", "web"]


async def test_what_is_not_shown_to_us_is_left_alone_for_a_while(lookout: Lookout) -> None:
    clock = FakeClock()
    watching = a_watching(lookout, clock=clock)
    lookout.watched, lookout.failures = [STATS], [RepositoryNotFound(say("Gone."))]
    await watching.look_at_all(lookout)
    await watching.look_at_all(lookout)
    assert lookout.looked == ["stats"]

    clock.advance(LATER)
    await watching.look_at_all(lookout)

    assert lookout.looked == ["stats", "stats"]


async def test_a_rate_limit_is_waited_for(lookout: Lookout) -> None:
    clock = FakeClock()
    watching = a_watching(lookout, clock=clock)
    lookout.watched, lookout.failures = [STATS], [RateLimited(say("Too much."), retry_after=600)]
    for seconds in (0, 500, 200):
        clock.advance(seconds)
        await watching.look_at_all(lookout)

    assert lookout.looked == ["stats", "stats"]


async def test_work_that_time_can_mend_is_done_later_and_not_for_ever(lookout: Lookout) -> None:
    inbox = DictInbox()
    job = await inbox.take("w", source="watch", body="")
    assert job is not None
    lookout.work_failures = [CodeHostUnavailable(say("Away."))] * MOST_TRIES
    watching = a_watching(lookout, inbox)

    for _ in range(MOST_TRIES):
        await watching.do(job, lookout)
        assert not job.finished
    await watching.do(job, lookout)

    assert job.finished
    assert lookout.done == []


@pytest.mark.parametrize("failure", [NotAllowed(say("Not here.")), KeyError("nobody foresaw this")])
async def test_work_that_fails_for_good_is_let_go(lookout: Lookout, failure: Exception) -> None:
    inbox = DictInbox()
    job = await inbox.take("w", source="watch", body="")
    assert job is not None
    lookout.work_failures = [failure]

    with capture_logs():
        await a_watching(lookout, inbox).do(job, lookout)

    assert job.finished


async def test_a_database_that_fails_is_asked_again(lookout: Lookout) -> None:
    class Closed(Lookout):
        calls = 0
        reached = asyncio.Event()

        async def repositories(self) -> Sequence[RepositoryRef]:
            self.calls += 1
            if self.calls == 1:
                raise StoreUnusable(say("Locked."))
            self.reached.set()
            return self.watched

    closed = Closed()
    watching = Watching(watcher=closed, following=closed, inbox=DictInbox(), clock=FakeClock(), seconds=0.001)
    with capture_logs():
        async with running(watching, closed):
            await closed.reached.wait()

    assert closed.calls > 1
