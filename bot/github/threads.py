"""Blocking calls off the event loop, in threads that never keep the program from ending."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import TypeVar

from github.Auth import Auth

from bot.github.connection import Connection

T = TypeVar("T")

MOST_THREADS = 4
MOST_CONNECTIONS = 8
"""Of one thread: an app has another token for each owner and each hour."""

_Job = Callable[["_Connections"], None]


class Threads:
    """A bounded number of threads, each with connections of its own, started as they are needed.

    They are daemons because a thread of `asyncio.to_thread` that waits for GitHub would hold up the end of the
    program until GitHub answers. A call whose caller was cancelled runs to its end unheard.
    """

    def __init__(self, api_url: str) -> None:
        self._api_url = api_url
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._ended: list[Future[None]] = []
        self._unfinished = 0
        self._counting = threading.Lock()

    async def run(self, auth: Auth | None, call: Callable[[Connection], T]) -> T:
        """Await *call* with a connection that carries *auth*."""
        answer: Future[T] = Future()

        def job(connections: _Connections) -> None:
            if answer.set_running_or_notify_cancel():
                try:
                    answer.set_result(call(connections.of(auth)))
                except BaseException as error:  # noqa: BLE001 - raised where the call is awaited, not swallowed
                    answer.set_exception(error)

        self._count(1)
        answer.add_done_callback(lambda _: self._count(-1))
        if self._unfinished > len(self._ended) < MOST_THREADS:
            self._start()
        self._jobs.put(job)
        return await asyncio.wrap_future(answer)

    async def close(self, *, patience: float = 0.5) -> None:
        """Let the threads close their connections and end; who waits for GitHub is left behind after *patience*."""
        ended, self._ended = self._ended, []
        # Whatever is asked for later must not meet the words that end these threads.
        jobs, self._jobs = self._jobs, SimpleQueue()
        for _ in ended:
            jobs.put(None)
        if ended:
            _, waiting = await asyncio.wait([asyncio.wrap_future(each) for each in ended], timeout=patience)
            for each in waiting:
                each.cancel()

    def _start(self) -> None:
        ended: Future[None] = Future()
        ended.set_running_or_notify_cancel()
        self._ended.append(ended)
        threading.Thread(target=self._work, args=(self._jobs, ended), name="github", daemon=True).start()

    def _work(self, jobs: SimpleQueue[_Job | None], ended: Future[None]) -> None:
        connections = _Connections(self._api_url)
        while (job := jobs.get()) is not None:
            job(connections)
        connections.close()
        ended.set_result(None)

    def _count(self, step: int) -> None:
        with self._counting:
            self._unfinished += step


class _Connections:
    """The connections of one thread, one for each token."""

    def __init__(self, api_url: str) -> None:
        self._api_url = api_url
        self._by_auth: dict[Auth | None, Connection] = {}

    def of(self, auth: Auth | None) -> Connection:
        if auth not in self._by_auth:
            if len(self._by_auth) >= MOST_CONNECTIONS:
                self.close()
            self._by_auth[auth] = Connection(auth, self._api_url)
        return self._by_auth[auth]

    def close(self) -> None:
        for connection in self._by_auth.values():
            connection.close()
        self._by_auth.clear()
