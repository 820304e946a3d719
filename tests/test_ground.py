"""What the project stands on: locked dependencies, an installation that explains itself, a quick start."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
HEAVY = {"llama_cpp", "slack_bolt", "discord", "github", "sqlalchemy", "pydantic", "pydantic_settings", "structlog"}


def locked(name: str) -> dict[str, set[str]]:
    """Return the versions that a lock allows, by package."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    versions: dict[str, set[str]] = {}
    for package, version in re.findall(r"^([\w.-]+)==(\S+)", text, re.MULTILINE):
        versions.setdefault(canonicalize_name(package), set()).add(version)
    return versions


@pytest.mark.parametrize(
    ("lock", "wanted"),
    [
        ("runtime", PROJECT["dependencies"]),
        ("dev", PROJECT["dependencies"] + PROJECT["optional-dependencies"]["dev"]),
        ("starter", PROJECT["optional-dependencies"]["starter"]),
    ],
)
def test_every_dependency_is_locked_to_a_version_the_project_allows(lock: str, wanted: list[str]) -> None:
    versions = locked(lock)
    for requirement in map(Requirement, wanted):
        assert all(requirement.specifier.contains(version) for version in versions[canonicalize_name(requirement.name)])


@pytest.mark.parametrize("lock", ["runtime", "dev", "starter"])
def test_every_locked_package_has_a_hash_and_no_lock_names_an_index(lock: str) -> None:
    text = (ROOT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")
    entries = [entry for entry in re.split(r"\n(?=\S)", text) if not entry.startswith("#")]

    assert entries
    assert all(re.match(r"[\w.-]+==.*--hash=sha256:", entry, re.DOTALL) for entry in entries)
    assert "://" not in text


def test_people_and_developers_get_the_same_versions() -> None:
    runtime, dev = locked("runtime"), locked("dev")

    assert {name: dev[name] for name in runtime} == runtime


def test_help_imports_nothing_heavy() -> None:
    code = "import sys, bot.cli\ntry: bot.cli.main(['--help'])\nexcept SystemExit: print(*sys.modules, file=sys.stderr)"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.startswith("usage: parley")
    assert "bot.cli" in done.stderr.split()
    assert HEAVY.isdisjoint(done.stderr.split())


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Copy what an installation reads to a path with a space in it."""
    folder = tmp_path / "with space"
    shutil.copytree(ROOT / "requirements", folder / "requirements")
    return folder


def install(checkout: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [checkout / "requirements" / "install.sh", "runtime"],
        env={"PATH": os.environ["PATH"], **environ},
        capture_output=True,
        text=True,
        check=False,
    )


def put_python(checkout: Path, script: str) -> None:
    """Put a program in the place of the environment's Python."""
    python = checkout / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\n[ "$3" = --version ] && exit 0\n{script}\n', encoding="utf-8")
    python.chmod(0o755)


def test_a_python_that_is_too_old_is_one_sentence(checkout: Path) -> None:
    done = install(checkout, PYTHON="false")

    assert done.returncode == 1
    assert done.stderr.startswith("Parley: Python 3.11 or newer is needed and not found;")
    assert len(done.stderr.splitlines()) == 1


def test_packages_come_by_a_persons_own_road_and_go_nowhere_else(checkout: Path) -> None:
    put_python(checkout, 'echo "$@" >>asked; env >seen')

    done = install(checkout, PIP_INDEX_URL="https://mirror.example", PIP_TARGET="/elsewhere", PIP_USER="1")

    seen = (checkout / "seen").read_text(encoding="utf-8").splitlines()
    asked = (checkout / "asked").read_text(encoding="utf-8").splitlines()
    assert done.returncode == 0
    assert {"PIP_INDEX_URL=https://mirror.example", "PIP_USER=0"} < set(seen)
    assert not any(line.startswith("PIP_TARGET=") for line in seen)
    assert asked == [
        "-m pip install --require-hashes --no-deps --requirement requirements/runtime.txt",
        "-m pip install --require-hashes --no-deps --requirement requirements/starter.txt",
        "-m pip install --no-deps --editable .",
    ]


def test_the_minutes_of_compiling_are_not_silent(checkout: Path) -> None:
    step = "Building wheel for llama-cpp-python (pyproject.toml)"
    put_python(checkout, f'echo "  {step}: started"; echo "  {step}: still running..."; echo "Collecting noise"')

    lines = install(checkout).stdout.splitlines()

    assert "Parley: compiling llama.cpp, about 5 minutes, only once" in lines
    assert "Parley: still compiling, 0 min" in lines
    assert not any("noise" in line for line in lines)


def test_a_failed_installation_shows_why_and_fails(checkout: Path) -> None:
    put_python(checkout, 'echo "ERROR: no room on the disk" >&2; exit 1')

    done = install(checkout)

    assert done.returncode == 1
    assert "ERROR: no room on the disk" in done.stderr
    assert done.stderr.splitlines()[-1].startswith("Parley: the installation failed;")
