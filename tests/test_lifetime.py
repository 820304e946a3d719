"""A signal ends the program soon, in order where that is possible and without where it is not."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

import pytest

from bot.lifetime import run

TIDY = """
import asyncio
async def work():
    print("ready", flush=True)
    try:
        await asyncio.Event().wait()
    finally:
        print("closed", flush=True)
"""
STUCK = """
import asyncio, threading
async def work():
    print("ready", flush=True)
    await asyncio.to_thread(threading.Event().wait)
"""
STUBBORN = """
import asyncio
async def work():
    print("ready", flush=True)
    while True:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            print("no", flush=True)
"""
END = "\nimport sys\nfrom bot.lifetime import run\nsys.exit(run(work()))\n"


def started(work: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", work + END], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def test_the_code_is_what_the_work_returns() -> None:
    async def work() -> int:
        return 4

    assert run(work()) == 4


def test_an_error_of_the_work_passes() -> None:
    async def work() -> int:
        raise LookupError

    with pytest.raises(LookupError):
        run(work())


def test_handlers_are_as_before_when_the_work_is_done() -> None:
    async def work() -> int:
        return 0

    before = signal.getsignal(signal.SIGTERM)
    run(work())
    assert signal.getsignal(signal.SIGTERM) is before


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_lets_the_work_close_what_it_has_open(number: int, code: int) -> None:
    process = started(TIDY)

    process.send_signal(number)

    out, err = process.communicate(timeout=10)
    assert (process.returncode, out, err) == (code, "closed\n", "")


@pytest.mark.parametrize("work", [STUCK, STUBBORN])
def test_work_that_cannot_be_stopped_is_left_behind_within_two_seconds(work: str) -> None:
    process = started(work)

    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=10)

    assert process.returncode == 130
    assert time.monotonic() - began < 2


def test_the_second_signal_ends_at_once() -> None:
    process = started(STUBBORN)
    assert process.stdout is not None

    process.send_signal(signal.SIGINT)
    assert process.stdout.readline() == "no\n"
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=10)

    assert process.returncode == 130
    assert time.monotonic() - began < 1
