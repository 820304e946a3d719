from __future__ import annotations

import asyncio
import threading
from functools import partial

import pytest

from bot.llm import worker as module
from bot.llm.worker import Stopped, Worker


async def test_calls_are_made_one_after_another_on_one_thread() -> None:
    worker = Worker("test")
    seen: list[tuple[int, int]] = []

    def call(number: int) -> None:
        seen.append((number, threading.get_ident()))

    await asyncio.gather(*(worker.run(partial(call, number)) for number in range(5)))

    assert [number for number, _ in seen] == [0, 1, 2, 3, 4]
    assert len({thread for _, thread in seen}) == 1
    assert seen[0][1] != threading.get_ident()
    assert await worker.close(lambda: None)


async def test_what_a_call_raises_arrives() -> None:
    worker = Worker("test")

    with pytest.raises(ZeroDivisionError):
        await worker.run(lambda: 1 // 0)
    assert await worker.run(lambda: 7) == 7
    await worker.close(lambda: None)


async def test_a_cancelled_caller_returns_at_once_and_the_next_call_waits_for_the_thread() -> None:
    worker, story = Worker("test"), []
    begun, release = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def stubborn() -> None:
        loop.call_soon_threadsafe(begun.set)
        release.wait()
        story.append(f"ended, stop={worker.stop.is_set()}")

    first = asyncio.create_task(worker.run(stubborn))
    await begun.wait()
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    story.append("cancelled")
    second = asyncio.create_task(worker.run(lambda: story.append(f"next, stop={worker.stop.is_set()}")))
    release.set()
    await second

    assert story == ["cancelled", "ended, stop=True", "next, stop=False"]
    await worker.close(lambda: None)


async def test_a_call_cancelled_while_it_waits_is_never_made() -> None:
    worker, made = Worker("test"), []
    release = threading.Event()
    first = asyncio.create_task(worker.run(release.wait))
    second = asyncio.create_task(worker.run(lambda: made.append("second")))
    await asyncio.sleep(0)
    second.cancel()
    release.set()
    await first
    await worker.run(lambda: made.append("third"))

    assert made == ["third"]
    await worker.close(lambda: None)


async def test_closing_stops_what_runs_refuses_what_waits_and_makes_the_last_call() -> None:
    worker, made = Worker("test"), []
    begun = asyncio.Event()
    loop = asyncio.get_running_loop()

    def obedient() -> None:
        loop.call_soon_threadsafe(begun.set)
        while not worker.stop.is_set():
            threading.Event().wait(0.001)
        raise Stopped

    running = asyncio.create_task(worker.run(obedient))
    waiting = asyncio.create_task(worker.run(lambda: made.append("waiting")))
    await begun.wait()

    assert await worker.close(lambda: made.append("last"))
    assert await worker.close(lambda: made.append("never"))
    for refused in (running, waiting, asyncio.create_task(worker.run(lambda: None))):
        with pytest.raises(Stopped):
            await refused
    assert made == ["last"]
    assert not worker.busy


async def test_a_call_that_cannot_be_stopped_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.01)
    worker, release = Worker("test"), threading.Event()
    begun = asyncio.Event()
    loop = asyncio.get_running_loop()

    def stubborn() -> None:
        loop.call_soon_threadsafe(begun.set)
        release.wait()

    running = asyncio.create_task(worker.run(stubborn))
    await begun.wait()

    assert not await worker.close(lambda: None)
    assert worker.busy
    release.set()
    await running


async def test_a_worker_that_never_worked_is_closed_at_once() -> None:
    worker = Worker("test")

    assert await worker.close(lambda: None)
    with pytest.raises(Stopped):
        await worker.run(lambda: None)
