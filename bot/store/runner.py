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
        id: Its name, new whenever it begins to hold; no name ever comes back.
        holds: Whether others can see that we live.
    """

    def __init__(self, folder: Path) -> None:
        self.id = uuid.uuid4().hex
        self.holds = False
        self._folder = folder
        self._handle = -1

    def hold(self) -> None:
        """Lock our file, so that others see that we live.

        The file gets its name when it is locked already: who looks for dead ones never finds it unlocked.

        Raises:
            OSError: The folder cannot be written, or its file system knows no locks.
        """
        if self.holds:
            return
        self._folder.mkdir(mode=0o700, exist_ok=True)
        new = self._folder / f"{self.id}.new"
        handle = os.open(new, os.O_CREAT | os.O_RDWR, 0o600)  # not inherited by children, see PEP 446
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            new.rename(self._folder / self.id)
        except OSError:
            os.close(handle)
            new.unlink(missing_ok=True)
            raise
        self._handle, self.holds = handle, True

    def living(self) -> frozenset[str]:
        """Name the runners whose process is there, us among them; the files of the others are removed."""
        names = [file.name for file in self._folder.iterdir()]
        return frozenset(name for name in names if _RUNNER.fullmatch(name) and self._lives(name))

    def release(self) -> None:
        """Let go of our file. May be called twice."""
        if self.holds:
            with suppress(OSError):  # one that stays is removed by whoever looks next
                (self._folder / self.id).unlink()
            os.close(self._handle)
            self.id, self.holds = uuid.uuid4().hex, False

    def _lives(self, name: str) -> bool:
        """Try the lock, shared: several that try at once see the same."""
        if name == self.id:
            return True
        file = self._folder / name
        try:
            handle = os.open(file, os.O_RDONLY)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
            file.unlink(missing_ok=True)
        except BlockingIOError:
            return True
        finally:
            os.close(handle)
        return False
