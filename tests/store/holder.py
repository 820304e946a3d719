"""Another process with an inbox: `python -m tests.store.holder FILE`.

Reads lines and answers each with one line of JSON: `take NAME...` with the names it got, `adopt` with the names it took
over and the number of the try, `note` notes what it holds, `done` finishes it.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

import structlog

from bot.ports.inbox import Job
from bot.store.database import Database
from bot.store.inbox import SqlInbox
from tests.doubles.clock import FakeClock


async def obey(file: Path) -> None:
    database = Database(file)
    inbox = SqlInbox(database, FakeClock())
    held: list[Job] = []
    try:
        while line := await asyncio.to_thread(sys.stdin.readline):
            answer = await do(inbox, held, *line.split())
            sys.stdout.write(f"{json.dumps(answer)}\n")
            sys.stdout.flush()
    finally:
        await inbox.close()
        await database.close()


async def do(inbox: SqlInbox, held: list[Job], verb: str, *names: str) -> list[tuple[str, int]]:
    new: list[Job] = []
    match verb:
        case "take":
            taken = await asyncio.gather(*(inbox.take(name, source="slack", body=name) for name in names))
            new = [job for job in taken if job is not None]
        case "adopt":
            new = list(await inbox.adopt("slack"))
        case "note":
            for job in held:
                await job.note("message", f"of {job.id}")
        case "done":
            for job in held:
                await job.done()
    held += new
    return [(job.id, job.tries) for job in new]


if __name__ == "__main__":
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))  # the answers go to stdout
    asyncio.run(obey(Path(sys.argv[1])))
