"""What this machine, or the container around this process, has to give."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import psutil

CGROUP = Path("/sys/fs/cgroup")


def available_memory(cgroup: Path = CGROUP) -> int:
    """Return how many bytes this process can still take.

    The least of what the machine has, what the container's limit leaves and what the address space limit leaves.
    """
    room = [psutil.virtual_memory().available, _container_room(cgroup), _address_space_room()]
    return max(0, min(value for value in room if value is not None))


def processors(cgroup: Path = CGROUP) -> int:
    """Return how many threads can compute at once: physical cores, of those this process may use."""
    physical = psutil.cpu_count(logical=False) or 1
    usable = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    return max(1, min(physical, usable, _container_processors(cgroup) or usable))


def _container_room(cgroup: Path) -> int | None:
    limit = _read(cgroup / "memory.max") or _read(cgroup / "memory" / "memory.limit_in_bytes")
    used = _read(cgroup / "memory.current") or _read(cgroup / "memory" / "memory.usage_in_bytes")
    if not limit.isdecimal() or not used.isdecimal():
        return None
    return int(limit) - int(used) + _reclaimable(cgroup)


def _reclaimable(cgroup: Path) -> int:
    """Count the bytes of files kept in memory, which make room when it is needed."""
    lines = (_read(cgroup / "memory.stat") or _read(cgroup / "memory" / "memory.stat")).splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith(("inactive_file ", "active_file ")))


def _address_space_room() -> int | None:
    if sys.platform == "win32":
        return None
    import resource

    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    return None if limit == resource.RLIM_INFINITY else limit - psutil.Process().memory_info().vms


def _container_processors(cgroup: Path) -> int | None:
    quota, _, period = _read(cgroup / "cpu.max").partition(" ")
    return max(1, int(quota) // int(period)) if quota.isdecimal() and period.isdecimal() else None


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""
