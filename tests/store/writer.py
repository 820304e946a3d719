"""Another process that writes to the memory: `python -m tests.store.writer FILE THREAD COUNT`.

Says `ready`, waits for a line, then adds COUNT pairs of turns and says the number of each once it is stored.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from bot.domain.conversation import Role
from tests.builders import a_thread, a_turn
from tests.store.file_memory import FileMemory


async def write(file: Path, thread: str, count: int) -> None:
    memory = FileMemory(file)
    try:
        for number in range(count):
            await memory.add_turns(a_thread(thread), [a_turn(f"{number}"), a_turn(f"{number}", role=Role.BOT)])
            sys.stdout.write(f"{number}\n")
            sys.stdout.flush()
    finally:
        await memory.close()


if __name__ == "__main__":
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    asyncio.run(write(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
