"""Who holds the lock of its file lives, whoever else looks."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.store.runner import Runner

DEAD = "0" * 32


@pytest.fixture
def runner(tmp_path: Path) -> Iterator[Runner]:
    runner = Runner(tmp_path / "runners")
    yield runner
    runner.release()


def names(folder: Path) -> set[str]:
    return {file.name for file in (folder / "runners").iterdir()}


def test_those_that_hold_their_file_live(runner: Runner, tmp_path: Path) -> None:
    other = Runner(tmp_path / "runners")
    runner.hold()
    other.hold()

    assert runner.living() == other.living() == {runner.id, other.id}

    other.release()
    assert runner.living() == {runner.id}


def test_the_file_of_a_dead_one_is_removed(runner: Runner, tmp_path: Path) -> None:
    runner.hold()
    (tmp_path / "runners" / DEAD).touch()

    assert runner.living() == {runner.id}

    assert names(tmp_path) == {runner.id}


def test_a_dead_one_stays_dead_while_somebody_else_looks(runner: Runner, tmp_path: Path) -> None:
    runner.hold()
    with (tmp_path / "runners" / DEAD).open("w") as looked_at:
        fcntl.flock(looked_at, fcntl.LOCK_SH | fcntl.LOCK_NB)

        assert runner.living() == {runner.id}


def test_a_file_that_is_not_locked_yet_has_another_name(runner: Runner, tmp_path: Path) -> None:
    runner.hold()
    starting = tmp_path / "runners" / f"{DEAD}.new"
    starting.touch()

    assert runner.living() == {runner.id}

    assert starting.exists()


def test_other_files_are_left_alone(runner: Runner, tmp_path: Path) -> None:
    runner.hold()
    (tmp_path / "runners" / "README").touch()

    assert runner.living() == {runner.id}

    assert names(tmp_path) == {runner.id, "README"}


def test_holding_twice_is_holding_once(runner: Runner, tmp_path: Path) -> None:
    runner.hold()
    runner.hold()

    assert names(tmp_path) == {runner.id}


def test_who_holds_again_is_somebody_new(runner: Runner) -> None:
    runner.hold()
    before = runner.id
    runner.release()
    runner.release()

    runner.hold()

    assert runner.id != before
    assert runner.living() == {runner.id}
