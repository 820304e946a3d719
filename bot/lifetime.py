"""Runs work until it is done or a signal ends it, and sees to it that the end comes."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import threading
from collections.abc import Coroutine
from types import FrameType

GRACE = 1.5
"""Seconds from a signal to the end of the process: to cancel the work, close the database and free the model."""

SERVING_GRACE = 4.0
"""The same where chats must be told first that their work was interrupted."""

_SHOW_CURSOR = b"\x1b[?25h"


def run(work: Coroutine[object, object, int], *, grace: float = GRACE) -> int:
    """Return what *work* returns, unless SIGINT or SIGTERM ends the process first, with 128 and its number.

    A signal cancels the work, which then closes what it has open. The process ends when that is done, and within
    *grace* seconds whatever happens; the second signal ends it at once.
    """
    ending = _Ending(grace)
    try:
        with asyncio.Runner() as runner:
            return runner.run(ending.watch(work))
    except KeyboardInterrupt:  # Ctrl-C typed into a line editor, which is no signal
        ending.begin(signal.SIGINT)
        raise
    finally:
        if ending.signal:
            ending.finish()


class _Ending:
    """The end of the process, from the first signal on."""

    def __init__(self, grace: float) -> None:
        self.signal = 0
        self._grace = grace

    async def watch(self, work: Coroutine[object, object, int]) -> int:
        loop, task = asyncio.get_running_loop(), asyncio.current_task()

        def stop(number: int, _frame: FrameType | None) -> None:
            if self.signal:
                self._leave()
            self.begin(number)
            if task is not None:
                loop.call_soon_threadsafe(task.cancel)

        # Not `loop.add_signal_handler`: a line editor that handles Ctrl-C itself would remove it for good.
        before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            return await work
        finally:
            if not self.signal:
                for number, handler in before.items():
                    signal.signal(number, handler)

    def begin(self, number: int) -> None:
        self.signal = number
        # Work that does not let itself be cancelled, and threads that Python waits for, must not hold the process up.
        watchdog = threading.Timer(self._grace, self._leave)
        watchdog.daemon = True
        watchdog.start()

    def finish(self) -> None:
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError):
                stream.flush()
        self._leave()

    def _leave(self) -> None:
        # Not by the interpreter's own end: native code that still loads a model on its thread crashes in it.
        # The database survives: every transaction is whole or not there.
        if sys.stderr.isatty():
            os.write(sys.stderr.fileno(), _SHOW_CURSOR)
        os._exit(128 + self.signal)
