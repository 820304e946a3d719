"""Waiting for GitHub holds up neither the event loop, nor a cancellation, nor the end of the program."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from github.Auth import Token

from bot.github.changes import GitHubChanges
from bot.github.connection import Connection
from bot.github.threads import MOST_CONNECTIONS, MOST_THREADS, Threads
from tests.github.conftest import REF, MakeChanges
from tests.standins.github import StandInGitHub, faults

NOWHERE = "http://127.0.0.1:9"


async def test_calls_run_in_a_few_threads_with_a_connection_each() -> None:
    threads = Threads(NOWHERE)
    everybody_is_here = threading.Barrier(MOST_THREADS)

    def call(connection: Connection) -> tuple[Connection, str]:
        everybody_is_here.wait(5)
        return connection, threading.current_thread().name

    answers = await asyncio.gather(*(threads.run(None, call) for _ in range(MOST_THREADS * 3)))
    await threads.close()

    assert len({id(connection) for connection, _ in answers}) == MOST_THREADS
    assert {name for _, name in answers} == {"github"}


async def test_one_call_after_another_shares_one_connection() -> None:
    threads = Threads(NOWHERE)

    answers = [await threads.run(None, lambda connection: connection) for _ in range(5)]
    await threads.close()

    assert len(set(answers)) == 1


async def test_each_token_has_a_connection_and_old_ones_are_closed() -> None:
    threads = Threads(NOWHERE)
    tokens = [Token(f"token {number}") for number in range(MOST_CONNECTIONS + 1)]

    answers = [await threads.run(token, lambda connection: connection) for token in tokens]
    again = await threads.run(tokens[-1], lambda connection: connection)
    await threads.close()

    assert len(set(answers)) == len(tokens)
    assert again is answers[-1]


async def test_an_error_is_raised_where_the_call_is_awaited() -> None:
    threads = Threads(NOWHERE)

    def fail(_: Connection) -> None:
        raise KeyError("lost")

    with pytest.raises(KeyError, match="lost"):
        await threads.run(None, fail)
    assert await threads.run(None, lambda _: "still here") == "still here"
    await threads.close()


async def test_closing_ends_the_threads_and_may_be_repeated() -> None:
    threads = Threads(NOWHERE)
    thread = await threads.run(None, lambda _: threading.current_thread())

    await threads.close()
    await threads.close()

    thread.join(1)
    assert not thread.is_alive()


async def test_the_event_loop_goes_on_while_github_is_slow(github: StandInGitHub, changes: GitHubChanges) -> None:
    github.faults.append(faults.slow())
    waiting = asyncio.create_task(changes.fetch(REF))
    lags = []

    for _ in range(20):
        start = time.perf_counter()
        await asyncio.sleep(0)
        lags.append(time.perf_counter() - start)
    waiting.cancel()

    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert max(lags) < 0.05


async def test_a_fetch_is_cancelled_at_once_although_github_is_slow(
    github: StandInGitHub, changes: GitHubChanges
) -> None:
    github.faults.append(faults.slow())
    start = time.perf_counter()

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await changes.fetch(REF)

    assert time.perf_counter() - start < 1


async def test_a_fetch_is_cancelled_at_once_while_it_waits_for_the_rate_limit(
    github: StandInGitHub, make_changes: MakeChanges
) -> None:
    github.faults.append(faults.secondary_limit(50))
    changes = make_changes(github, sleep=asyncio.sleep)
    start = time.perf_counter()

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.5):
            await changes.fetch(REF)

    assert time.perf_counter() - start < 1.5


async def test_closing_does_not_wait_for_a_slow_github(github: StandInGitHub, changes: GitHubChanges) -> None:
    github.faults.append(faults.slow())
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await changes.fetch(REF)
    start = time.perf_counter()

    await changes.close()

    assert time.perf_counter() - start < 1.5


async def test_a_closed_source_can_be_asked_again_although_a_call_is_left_behind(
    github: StandInGitHub, changes: GitHubChanges
) -> None:
    github.faults.append(faults.slow(times=1))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await changes.fetch(REF)
    await changes.close()

    async with asyncio.timeout(5):
        change = await changes.fetch(REF)

    assert change.pull_request.ref == REF


PROGRAM = """
import asyncio, sys
from bot.domain.change import PullRequestRef
from bot.github.changes import GitHubChanges

async def main():
    changes = GitHubChanges(api_url=sys.argv[1], token="good")
    try:
        print("asking", flush=True)
        await changes.fetch(PullRequestRef(owner="octo", repository="hello.world", number=12))
    finally:
        await changes.close()

asyncio.run(main())
"""


@pytest.mark.parametrize("fault", [faults.slow(), faults.secondary_limit(50)])
def test_the_program_ends_within_two_seconds_of_ctrl_c(fault: faults.Fault, github: StandInGitHub) -> None:
    github.faults.append(fault)
    command = [sys.executable, "-c", PROGRAM, github.api_url]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == b"asking\n"
        while not github.requests:
            time.sleep(0.01)
        start = time.perf_counter()

        program.send_signal(signal.SIGINT)
        _, errors = program.communicate(timeout=10)
        seconds = time.perf_counter() - start

    assert seconds < 2
    assert errors.rstrip().endswith(b"KeyboardInterrupt")
    assert b"Event loop is closed" not in errors
