"""Reads a diff file or standard input, never more than a limit, and never on the event loop."""

from __future__ import annotations

import asyncio
import io
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from bot.diffing.size import too_large
from bot.domain.change import DiffFile
from bot.domain.errors import NotUnderstood
from bot.domain.sentence import Sentence, say

_PIECE = 1 << 16


async def read_diff(target: DiffFile, *, limit: int, stdin: BinaryIO | None = None) -> bytes:
    """Read the whole of *target*.

    Raises:
        NotUnderstood: It is not there, a folder, or may not be read.
        ChangeTooLarge: It has more than *limit* bytes; the rest was not read.
    """

    def read() -> bytes:
        if target.path is None:
            return _read(stdin or _unbuffered_stdin(), limit)
        with target.path.expanduser().open("rb", buffering=0) as stream:
            return _read(stream, limit)

    try:
        content = await _in_daemon_thread(read)
    except (OSError, ValueError, RuntimeError) as error:  # a name with a NUL, `~nobody`
        raise NotUnderstood(_cause(target.path, error)) from error
    if len(content) > limit:
        raise too_large(limit)
    return content


def _read(stream: io.RawIOBase | BinaryIO, limit: int) -> bytes:
    """Read until the end or until one byte more than *limit*; a pipe gives what it has, piece by piece."""
    content = bytearray()
    while len(content) <= limit and (piece := stream.read(min(_PIECE, limit + 1 - len(content)))):
        content += piece
    return bytes(content)


def _unbuffered_stdin() -> io.RawIOBase | BinaryIO:
    """Return standard input below its buffer: a thread that waits inside the buffer makes Python abort at its end."""
    if sys.stdin is None:
        raise OSError("there is no standard input")
    stream = sys.stdin.buffer
    return stream.raw if isinstance(stream, io.BufferedReader) else stream


async def _in_daemon_thread(read: Callable[[], bytes]) -> bytes:
    """Wait for *read* in a thread that the end of the program does not wait for.

    Reading from a pipe or a terminal can take for ever and cannot be interrupted; the threads of the loop's
    executor would keep the program alive after Ctrl-C.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[bytes] = loop.create_future()

    def settle(outcome: bytes | Exception) -> None:
        if done.cancelled():
            return
        if isinstance(outcome, Exception):
            done.set_exception(outcome)
        else:
            done.set_result(outcome)

    def work() -> None:
        outcome: bytes | Exception = RuntimeError("reading ended early")
        try:
            outcome = read()
        except (OSError, ValueError, RuntimeError) as error:
            outcome = error
        finally:
            with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                loop.call_soon_threadsafe(settle, outcome)

    threading.Thread(target=work, name="read-diff", daemon=True).start()
    return await done


def _cause(path: Path | None, error: Exception) -> Sentence:
    name = str(path) if path else "-"
    match error:
        case FileNotFoundError():
            return say("There is no file {name}.", name=name)
        case IsADirectoryError():
            return say("{name} is a folder: name a diff file, or a range such as main...HEAD of it.", name=name)
        case PermissionError():
            return say("The file {name} may not be read: its permissions forbid it.", name=name)
        case _:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            return say("The file {name} cannot be read: {reason}.", name=name, reason=reason)
