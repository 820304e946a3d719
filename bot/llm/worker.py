"""A thread that makes calls one after another, and can be told to stop the one that runs.

Not an executor: the interpreter waits for an executor's threads before it ends, and a native call can take long.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, TypeVar

from bot.llm.stop_flag import StopFlag

T = TypeVar("T")

STACK = 16 * 2**20
"""Bytes: grammars and regular expressions of llama.cpp recurse deeply, and some systems give a thread half a MiB."""

PATIENCE = 1.3
"""Seconds to wait for the running call when the worker is closed."""


class Stopped(Exception):
    """The call was told to stop, or the worker is closed."""


class _Call:
    """One call and who waits for it."""

    def __init__(self, work: Callable[[], Any]) -> None:
        self.work = work
        self.loop = asyncio.get_running_loop()
        self.future: asyncio.Future[Any] = self.loop.create_future()
        self.given_up = False

    def settle(self, *, result: Any = None, error: BaseException | None = None) -> None:
        """Hand the outcome to the event loop, unless that has ended."""
        with contextlib.suppress(RuntimeError):
            self.loop.call_soon_threadsafe(self._settle, result, error)

    def _settle(self, result: Any, error: BaseException | None) -> None:
        if self.future.done():
            return
        if error is not None:
            self.future.set_exception(error)
        else:
            self.future.set_result(result)


class Worker:
    """Owns what only one thread may touch.

    Attributes:
        stop: Set while the running call is to end early; the call looks at it.
    """

    def __init__(self, name: str) -> None:
        self.stop = StopFlag()
        self._calls: SimpleQueue[_Call | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._running: _Call | None = None
        self._closed = False
        self._last: Callable[[], None] | None = None
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)

    @property
    def busy(self) -> bool:
        """Tell whether a call is still inside native code although the worker was closed."""
        return self._closed and self._thread.is_alive()

    async def run(self, work: Callable[[], T]) -> T:
        """Call *work* on the thread, behind the calls that came before.

        A cancelled caller returns at once; the next call begins when the thread is really free.

        Raises:
            Stopped: The worker is closed.
        """
        call = _Call(work)
        self._submit(call)
        try:
            result: T = await call.future
        finally:
            if call.future.cancelled():
                self._give_up(call)
        return result

    async def close(self, last: Callable[[], None]) -> bool:
        """Stop the running call, refuse the waiting ones, make one *last* call and end the thread.

        Return whether that happened within `PATIENCE`; if not, it happens when the native call returns, and the
        thread does not keep the process from ending.
        """
        if not self._thread.ident:
            self._closed = True
            return True
        self._end(last)
        await asyncio.to_thread(self._thread.join, PATIENCE)
        atexit.unregister(self._leave)
        return not self._thread.is_alive()

    def _submit(self, call: _Call) -> None:
        with self._lock:
            if self._closed:
                raise Stopped
            if not self._thread.ident:
                self._start()
                atexit.register(self._leave)
            self._calls.put(call)

    def _start(self) -> None:
        usual = threading.stack_size(STACK)
        try:
            self._thread.start()
        finally:
            threading.stack_size(usual)

    def _give_up(self, call: _Call) -> None:
        with self._lock:
            call.given_up = True
            if self._running is call:
                self.stop.set()

    def _end(self, last: Callable[[], None] | None = None) -> None:
        with self._lock:
            if not self._closed:
                self._closed, self._last = True, last
                self.stop.set()
                self._calls.put(None)

    def _leave(self) -> None:
        """Bring the thread out of native code before the interpreter goes: a thread it kills there crashes."""
        self._end()
        self._thread.join(PATIENCE)

    def _work(self) -> None:
        while (call := self._calls.get()) is not None:
            if self._begin(call):
                self._make(call)
        if self._last is not None:
            self._last()

    def _begin(self, call: _Call) -> bool:
        with self._lock:
            if self._closed:
                call.settle(error=Stopped())
            elif not call.given_up:
                self.stop.clear()
                self._running = call
            return self._running is call

    def _make(self, call: _Call) -> None:
        try:
            result = call.work()
        except BaseException as error:  # noqa: BLE001 - it is raised where the call was made
            self._finish()
            call.settle(error=error)
        else:
            self._finish()
            call.settle(result=result)

    def _finish(self) -> None:
        with self._lock:
            self._running = None
