"""The program as people run it: a process of its own, with a home and a configuration of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path


def parley(
    *arguments: str,
    folder: Path,
    environment: Mapping[str, str] | None = None,
    said: bytes = b"",
    before: Sequence[str] = (),
) -> subprocess.CompletedProcess[str]:
    """Run the program in *folder* with nothing but *environment* configured, behind the words *before*."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("PARLEY_")}
    places = {"HOME": str(folder), "XDG_DATA_HOME": str(folder / "data"), "XDG_CONFIG_HOME": str(folder / "config")}
    process = subprocess.run(
        [*before, sys.executable, "-m", "bot", *arguments],
        input=said,
        capture_output=True,
        cwd=folder,
        env={**own, "PYTHONPATH": str(Path(__file__).parents[2]), **places, **(environment or {})},
        timeout=300,
        check=False,
    )
    text = (process.stdout.decode(), process.stderr.decode())
    return subprocess.CompletedProcess(process.args, process.returncode, *text)
