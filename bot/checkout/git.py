"""Runs git, read only: no hook, pager, helper program or network of the repository's choosing is ever started."""

from __future__ import annotations

import asyncio
import os
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from bot.diffing.names import decode
from bot.diffing.size import too_large
from bot.domain.errors import NotUnderstood, UserError
from bot.domain.sentence import say

_SAFE = (
    "--no-pager",
    "-c", "core.quotepath=off",
    "-c", "core.fsmonitor=false",
    "-c", f"core.hooksPath={os.devnull}",
    "-c", "log.showSignature=false",
)  # fmt: skip
"""Overrides what the repository's own configuration may say: it is as foreign as its code."""

_PIECE = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """What git said.

    Attributes:
        complaint: The first line of the standard error, without `fatal: `.
    """

    code: int
    content: bytes
    complaint: str


async def run_git(folder: Path, *arguments: str, limit: int, stdin: bytes = b"") -> Output:
    """Run git in *folder* and wait for it; cancelled, it ends git first.

    Raises:
        UserError: git is not installed, or the folder cannot be entered.
        ChangeTooLarge: It writes more than *limit* bytes.
    """
    with TemporaryFile() as complaints:
        process = await _start(folder, arguments, complaints)
        try:
            if process.stdin:
                process.stdin.write(stdin)
                process.stdin.close()
            content = await _read(process.stdout, limit)
            code = await process.wait()
        finally:
            await _end(process)
        complaints.seek(0)
        first_line = decode(complaints.readline(_PIECE)).strip()
    return Output(code=code, content=content, complaint=first_line.removeprefix("fatal: ").rstrip("."))


async def _start(folder: Path, arguments: tuple[str, ...], complaints: IO[bytes]) -> Process:
    try:
        return await asyncio.create_subprocess_exec(
            "git", *_SAFE, *arguments, cwd=folder, env=_environment(), stdin=PIPE, stdout=PIPE, stderr=complaints
        )
    except OSError as error:
        if error.filename != "git":
            reason = error.strerror or str(error)
            raise NotUnderstood(
                say("The folder {folder} cannot be used: {reason}.", folder=str(folder), reason=reason)
            ) from error
        raise UserError(
            say("git is not installed, or not on the PATH: install it, or review a diff file instead of a range.")
        ) from error


def _environment() -> Mapping[str, str]:
    """Keep what finds programs and the person's settings; no `GIT_` variable may point to another repository."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return kept | {
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ALLOW_PROTOCOL": "none",  # a partial clone would fetch what it lacks
        "LC_ALL": "C",
    }


async def _read(stream: asyncio.StreamReader | None, limit: int) -> bytes:
    content = bytearray()
    while stream and (piece := await stream.read(_PIECE)):
        content += piece
        if len(content) > limit:
            raise too_large(limit)
    return bytes(content)


async def _end(process: Process) -> None:
    """Kill git unless it has ended, and read what it still wrote: a pipe is closed only when it is empty."""
    if process.returncode is None:
        process.kill()
        await process.communicate()
