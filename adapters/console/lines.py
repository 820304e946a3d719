"""Lines that come in: typed at a prompt, or read from a pipe."""

from __future__ import annotations

import asyncio
import codecs
import os
from collections.abc import AsyncGenerator, Callable, Sequence
from pathlib import Path
from typing import TextIO

_CHUNK = 1 << 16


async def typed(
    stdin: TextIO, stdout: TextIO, *, prompt: Callable[[], str], words: Sequence[str], history: Path | None
) -> AsyncGenerator[str, None]:
    """Read lines at a prompt with editing, completion of *words* and history, until Ctrl-C or Ctrl-D.

    What is pasted as one piece is one line, however many it has.
    """
    from prompt_toolkit import PromptSession
    from prompt_toolkit.completion import WordCompleter
    from prompt_toolkit.history import FileHistory, History, InMemoryHistory
    from prompt_toolkit.input import create_input
    from prompt_toolkit.output import create_output

    kept: History = InMemoryHistory()
    if history is not None:
        history.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        kept = FileHistory(str(history))
    session: PromptSession[str] = PromptSession(
        history=kept,
        completer=WordCompleter(list(words), sentence=True),
        complete_while_typing=False,
        input=create_input(stdin),
        output=create_output(stdout),
    )
    while True:
        try:
            line = await session.prompt_async([("bold", prompt())])
        except (EOFError, KeyboardInterrupt):
            return
        yield line


async def piped(stdin: TextIO | None, *, before: Callable[[], None] = lambda: None) -> AsyncGenerator[str, None]:
    """Read lines until the end; a program that was started without standard input has none.

    Bytes that are no UTF-8 become U+FFFD: one bad line is no reason to stop listening.

    Args:
        before: Called before a line is waited for.
    """
    if stdin is None or stdin.closed:
        return
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    pending = ""
    before()
    while chunk := await _read(stdin.fileno()):
        *lines, pending = (pending + decoder.decode(chunk)).split("\n")
        for line in lines:
            yield line
            before()
    pending += decoder.decode(b"", final=True)
    if pending:
        yield pending


async def _read(descriptor: int) -> bytes:
    """Wait for bytes without a thread, which would hold up the end of the program for as long as nobody writes."""
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    try:
        loop.add_reader(descriptor, ready.set)
    except PermissionError:  # a regular file: it never lets anybody wait
        return os.read(descriptor, _CHUNK)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(descriptor)
    return os.read(descriptor, _CHUNK)
