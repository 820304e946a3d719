"""Work that nobody waits for."""

from __future__ import annotations

import asyncio

from adapters.slack.background import Background


class Steps:
    """Counts steps; each waits at *gate*, where it is shut."""

    def __init__(self, *outcomes: bool) -> None:
        self.outcomes = list(outcomes)
        self.begun = self.ended = 0
        self.gate = asyncio.Event()
        self.gate.set()
        self.moved = asyncio.Condition()

    async def __call__(self) -> bool:
        self.begun += 1
        await self._tell()
        await self.gate.wait()
        self.ended += 1
        await self._tell()
        return self.outcomes.pop(0) if self.outcomes else True

    async def until(self, *, begun: int = 0, ended: int = 0) -> None:
        """Wait for so many steps."""
        async with self.moved, asyncio.timeout(5):
            await self.moved.wait_for(lambda: self.begun >= begun and self.ended >= ended)

    async def _tell(self) -> None:
        async with self.moved:
            self.moved.notify_all()


async def test_what_happens_during_a_step_is_one_more_step() -> None:
    steps = Steps()
    steps.gate.clear()
    work = Background(steps, between=lambda: 0.001)
    work.wake()
    await steps.until(begun=1)
    for _ in range(100):
        work.wake()
    steps.gate.set()
    await steps.until(ended=2)
    await work.stop()

    assert steps.ended == 2


async def test_a_step_that_could_not_be_taken_is_taken_again() -> None:
    steps = Steps(False, False, True)
    work = Background(steps, between=lambda: 0.001)
    work.wake()
    await steps.until(ended=3)
    await work.stop()

    assert steps.ended == 3


async def test_stopping_lets_the_step_end_that_is_being_taken() -> None:
    steps = Steps()
    steps.gate.clear()
    work = Background(steps, between=lambda: 60)
    work.wake()
    await steps.until(begun=1)
    stopping = asyncio.create_task(work.stop())
    await asyncio.sleep(0)
    assert not stopping.done()
    steps.gate.set()
    await stopping

    assert steps.ended == 1


async def test_stopping_does_not_wait_for_the_next_step() -> None:
    steps = Steps(False)
    work = Background(steps, between=lambda: 60)
    work.wake()
    await steps.until(ended=1)
    async with asyncio.timeout(5):
        await work.stop()
    work.wake()

    assert steps.ended == 1


async def test_it_ends_by_itself_when_nothing_is_left_to_do() -> None:
    before = asyncio.all_tasks()
    steps = Steps()
    work = Background(steps, between=lambda: 0.001)
    work.wake()
    (task,) = asyncio.all_tasks() - before
    async with asyncio.timeout(5):
        await task

    assert steps.ended == 1


async def test_stopping_what_never_began_is_nothing() -> None:
    await Background(Steps(), between=lambda: 0.0).stop()
