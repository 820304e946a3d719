"""The awkward diffs of `tests/samples/diffs`, written by git 2.39 and GNU diff 3.8."""

from pathlib import Path

from bot.diffing.parse import parse
from bot.domain.diff import Diff, FileDiff

FOLDER = Path(__file__).parents[1] / "samples" / "diffs"


def sample(name: str) -> bytes:
    return (FOLDER / f"{name}.diff").read_bytes()


def parsed(name: str) -> Diff:
    return parse(sample(name))


def only_file(name: str) -> FileDiff:
    (file,) = parsed(name).files
    return file
