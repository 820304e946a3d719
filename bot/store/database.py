"""One database file and the transactions on it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from pathlib import Path

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.domain.errors import StoreUnusable
from bot.store.failures import is_locked, translated
from bot.store.migrations import migrate
from bot.store.place import database_file, make_place
from bot.store.sqlite import READING, WRITING, empty_log, engine_for

RETRY_SECONDS = 0.05

log = structlog.get_logger()


class Database:
    """Runs transactions one after another, so that none of ours ever waits for a lock of another of ours.

    Those that somebody waits for by the clock go *first*: ahead of all others but the one that is next already.

    The SQLite file *file* is made on first need. Other processes may use it at the same time and are waited for, up
    to *busy_seconds*. Whoever made it awaits `close` on every path. Failures leave it as `StoreUnusable`.

    Attributes:
        file: The absolute path.

    Raises:
        ConfigInvalid: *file* is the address of a database server.
    """

    def __init__(self, file: Path, *, busy_seconds: float = 5.0) -> None:
        self.file = database_file(file)
        self._busy_seconds = busy_seconds
        self._engine: AsyncEngine | None = None
        self._turn, self._queue = asyncio.Lock(), asyncio.Lock()

    async def open(self) -> None:
        """Make or migrate the file now; otherwise the first use does it."""
        async with self._queue, self._turn:
            await self._opened()

    async def close(self) -> None:
        """Wait for the transaction that runs and close the file. May be called twice; a later use opens it again."""
        async with self._queue, self._turn:
            engine, self._engine = self._engine, None
            if engine is not None:
                with translated(self.file):
                    await engine.dispose()

    def reading(self, *, first: bool = False) -> AbstractAsyncContextManager[AsyncConnection]:
        """Begin a transaction that sees one state of the database throughout."""
        return self._transaction(READING, first=first)

    def writing(self, *, first: bool = False) -> AbstractAsyncContextManager[AsyncConnection]:
        """Begin a transaction that writes: all of it is durable at the end of the block, or nothing."""
        return self._transaction(WRITING, first=first)

    async def wipe(self) -> None:
        """Remove what was deleted from the write-ahead log too."""
        async with self._queue, self._turn:
            engine = await self._opened()
            with translated(self.file):
                if not await empty_log(engine):
                    log.warning("memory.log_not_emptied", why="another process reads it")

    @asynccontextmanager
    async def _transaction(self, kind: Mapping[str, str], *, first: bool) -> AsyncIterator[AsyncConnection]:
        async with nullcontext() if first else self._queue, self._turn:
            engine = await self._opened()
            with translated(self.file):
                async with engine.execution_options(**kind).begin() as connection:
                    yield connection

    async def _opened(self) -> AsyncEngine:
        if self._engine is None:
            self._engine = await self._open_patiently()
        return self._engine

    async def _open_patiently(self) -> AsyncEngine:
        """Try again while the file is locked.

        SQLite waits for locks by itself, except where two processes turn on the write-ahead log of a new file.
        """
        deadline = asyncio.get_running_loop().time() + self._busy_seconds
        while True:
            try:
                return await self._open()
            except StoreUnusable as error:
                if not is_locked(error.__cause__) or asyncio.get_running_loop().time() >= deadline:
                    raise
            await asyncio.sleep(RETRY_SECONDS)

    async def _open(self) -> AsyncEngine:
        with translated(self.file):
            await asyncio.to_thread(make_place, self.file)
            engine = engine_for(self.file, busy_seconds=self._busy_seconds)
            try:
                async with engine.execution_options(**WRITING).begin() as connection:
                    await connection.run_sync(migrate, self.file)
            except BaseException:
                await engine.dispose()
                raise
        return engine
