from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psutil

from bot.llm.machine import available_memory, processors


def test_the_limit_of_a_container_counts_and_its_file_cache_does_not(tmp_path: Path) -> None:
    (tmp_path / "memory.max").write_text("3000000\n")
    (tmp_path / "memory.current").write_text("2500000\n")
    (tmp_path / "memory.stat").write_text("anon 2000000\ninactive_file 300000\nactive_file 100000\n")

    assert available_memory(tmp_path) == 900_000


def test_no_limit_leaves_what_the_machine_has(tmp_path: Path) -> None:
    (tmp_path / "memory.max").write_text("max\n")
    (tmp_path / "memory.current").write_text("5\n")

    assert 0 < available_memory(tmp_path) <= psutil.virtual_memory().total
    assert available_memory(tmp_path / "none") > 0


def test_the_address_space_limit_counts() -> None:
    program = "from bot.llm.machine import available_memory as a; print(a())"
    limited = f"import resource; resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30)); {program}"

    answer = subprocess.run([sys.executable, "-c", limited], capture_output=True, text=True, check=True)

    assert 0 < int(answer.stdout) < 2**30


def test_threads_are_bounded_by_what_this_process_may_use(tmp_path: Path) -> None:
    (tmp_path / "cpu.max").write_text("150000 100000\n")

    assert processors(tmp_path) == 1
    assert 1 <= processors(tmp_path / "none") <= (os.cpu_count() or 1)
