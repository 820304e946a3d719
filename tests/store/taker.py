"""Another process that takes jobs: `python -m tests.store.taker FILE COUNT [HOLD]`.

Takes the names `job 0`, `job 1`, ... that nobody has, says which, and ends, or with HOLD waits to be killed.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from bot.assembly import SystemClock
from bot.store.database import Database
from bot.store.inbox import SqlInbox


async def take(file: Path, count: int, *, hold: bool) -> None:
    database = Database(file)
    inbox = SqlInbox(database, SystemClock())
    try:
        for number in range(count):
            if await inbox.take(f"job {number}", source="slack", body="{}") is not None:
                sys.stdout.write(f"job {number}\n")
                sys.stdout.flush()
        sys.stdout.write("all\n")
        sys.stdout.flush()
        if hold:
            await asyncio.Event().wait()
    finally:
        await inbox.close()
        await database.close()


if __name__ == "__main__":
    asyncio.run(take(Path(sys.argv[1]), int(sys.argv[2]), hold=len(sys.argv) > 3))
