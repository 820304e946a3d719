"""Lines from a pipe and from a file."""

from __future__ import annotations

import asyncio
import io
import os
from pathlib import Path

import pytest

from adapters.console.lines import piped


async def lines_of(path: Path) -> list[str]:
    with path.open() as stdin:
        return [line async for line in piped(stdin)]


async def test_a_file_is_read_to_its_end_with_or_without_a_line_feed_there(tmp_path: Path) -> None:
    file = tmp_path / "lines"
    file.write_bytes("eins\n\nzwei 你好\nlast".encode())

    assert await lines_of(file) == ["eins", "", "zwei 你好", "last"]


async def test_bytes_that_are_no_text_do_not_end_the_input(tmp_path: Path) -> None:
    file = tmp_path / "lines"
    file.write_bytes(b"one \xff\ntwo\n\xe4")

    assert await lines_of(file) == ["one �", "two", "�"]


async def test_an_empty_or_missing_input_has_no_lines() -> None:
    closed = io.StringIO()
    closed.close()

    assert await lines_of(Path(os.devnull)) == []
    assert [line async for line in piped(None)] == []
    assert [line async for line in piped(closed)] == []


async def test_a_line_arrives_when_it_is_written_not_when_the_pipe_ends() -> None:
    reader, writer = os.pipe()
    with os.fdopen(reader) as stdin, os.fdopen(writer, "wb", buffering=0) as pipe:
        lines = piped(stdin)
        pipe.write(b"fir")
        pipe.write(b"st\nsec")

        assert await anext(lines) == "first"
        pipe.write(b"ond\n")
        assert await anext(lines) == "second"
        await lines.aclose()


async def test_waiting_for_a_line_can_be_cancelled() -> None:
    reader, writer = os.pipe()
    with os.fdopen(reader) as stdin, os.fdopen(writer):
        waiting = asyncio.ensure_future(anext(piped(stdin)))
        await asyncio.sleep(0)
        waiting.cancel()

        with pytest.raises(asyncio.CancelledError):
            await waiting
