"""The door to llama.cpp: its library, loaded once and silenced."""

from __future__ import annotations

import functools
import os
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bot.domain.errors import ModelUnusable
from bot.domain.sentence import say

_ENVIRONMENT = {
    "GGML_NO_BACKTRACE": "1",  # an abort would start a debugger on this process
    # Threads that wait for each other by spinning lose their processor to whoever else wants it: beside one busy
    # program prompts were read at 10 tokens a second on two cores, and at 128 with this; alone at 290 and at 256.
    "GOMP_SPINCOUNT": "100",
}


class _Heard(threading.local):
    """What llama.cpp said to the thread that called it."""

    def __init__(self) -> None:
        self.lines: deque[str] = deque(maxlen=200)


_heard = _Heard()


@functools.cache
def library() -> Any:
    """Load the C interface of llama.cpp; its log goes nowhere but to `listening`.

    Takes a tenth of a second the first time.

    Raises:
        ModelUnusable: The package is not installed, or its library does not fit this machine.
    """
    for name, value in _ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    try:
        import llama_cpp.llama_cpp as api
    except (ImportError, OSError, RuntimeError) as error:
        raise ModelUnusable(
            say("llama-cpp-python cannot be loaded ({reason}); install it again.", reason=str(error))
        ) from error
    api.llama_log_set(_log_callback(api), None)
    api.llama_backend_init()
    return api


@functools.cache
def _log_callback(api: Any) -> Any:
    """Make the callback once and keep it: llama.cpp calls it as long as the process lives."""
    return api.llama_log_callback(_hear)


def _hear(_level: int, text: bytes, _data: object) -> None:
    _heard.lines.append(text.decode("utf-8", "replace"))


@contextmanager
def listening() -> Iterator[deque[str]]:
    """Collect what llama.cpp logs on this thread, the last two hundred lines of it."""
    _heard.lines.clear()
    yield _heard.lines
