"""A memory with a database of its own, for tests that need nothing else of the database."""

from __future__ import annotations

from pathlib import Path

from bot.store.database import Database
from bot.store.memory import SqlMemory


class FileMemory(SqlMemory):
    """Keeps everything in *file*; whoever made it closes it."""

    def __init__(self, file: Path, *, busy_seconds: float = 5.0) -> None:
        self.database = Database(file, busy_seconds=busy_seconds)
        super().__init__(self.database)

    async def open(self) -> None:
        await self.database.open()

    async def close(self) -> None:
        await self.database.close()
