"""Who works on a job, and whether that process still lives.

Every inbox locks a file of its own, beside the database. The operating system lets the lock go however the process
ends, so that nobody needs a heartbeat, and a process that only sleeps keeps its jobs.
"""

from __future__ import annotations

import fcntl
import os
import re
import uuid
from contextlib import suppress
from pathlib import Path

_RUNNER = re.compile(r"[0-9a-f]{32}")


class Runner:
    """This process, as the holder of jobs.

    Attributes:
        id: Its name, new at every start.
    """

    def __init__(self, folder: Path) -> None:
        self.id = uuid.uuid4().hex
        self._folder = folder
        self._held: int | None = None

    def hold(self) -> None:
        """Lock our file, so that others see that we live.

        Raises:
            OSError: The folder cannot be written, or its file system knows no locks.
        """
        if self._held is None:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            self._held = os.open(self._folder / self.id, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
            fcntl.flock(self._held, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def lives(self, other: str) -> bool:
        """Tell whether the process of another runner is there; the file of one that is not is removed."""
        if other == self.id:
            return True
        if not _RUNNER.fullmatch(other):
            return False
        file = self._folder / other
        try:
            handle = os.open(file, os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            file.unlink(missing_ok=True)
        except BlockingIOError:
            return True
        finally:
            os.close(handle)
        return False

    def release(self) -> None:
        """Let go of our file. May be called twice."""
        if self._held is not None:
            with suppress(OSError):
                (self._folder / self.id).unlink(missing_ok=True)
            os.close(self._held)
            self._held = None
