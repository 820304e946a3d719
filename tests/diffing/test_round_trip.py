"""Both sides of a file can be told again from what was parsed of real diffs."""

import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.diffing.parse import parse
from bot.domain.diff import FileDiff, LineKind, Side
from bot.domain.errors import DiffUnreadable
from tests.builders import diff_text, numbered
from tests.diffing.samples import sample

# What tempts a parser: every character some call a line end, and the beginnings of diff lines.
LINES = st.lists(
    st.sampled_from(["a", "b", "", " ", "-- x", "++ y", "-- ", "@@ -1 +1 @@", "diff --git a/x b/x", "\\ No newline"])
    | st.text("ab\r\x0b\x0c\x1c\x85\u2028\u2029é日", max_size=5),
    max_size=12,
)
TEXTS = st.builds(lambda lines, end: "\n".join(lines) + end, LINES, st.sampled_from(["", "\n"]))


def lines_of(text: str) -> list[str]:
    lines = text.split("\n")
    return lines if lines[-1] else lines[:-1]


def assert_tells(file: FileDiff, old: str, new: str) -> None:
    """Check every shown line against its file, and that nothing but shown lines differs."""
    kept = []
    for side, gone, text in ((Side.OLD, LineKind.REMOVED, old), (Side.NEW, LineKind.ADDED, new)):
        lines = lines_of(text)
        shown = [(line, number) for line in file.lines if (number := line.number_on(side))]
        for line, number in shown:
            assert line.text == lines[number - 1]
            assert line.ends_file == (number == len(lines) and not text.endswith("\n"))
        changed = {number for line, number in shown if line.kind is gone}
        kept.append([line for number, line in enumerate(lines, 1) if number not in changed])
    assert kept[0] == kept[1]


@given(old=TEXTS, new=TEXTS, context=st.integers(0, 4))
@settings(max_examples=200, deadline=None)
def test_diffs_of_difflib_tell_both_sides(old: str, new: str, context: int) -> None:
    text = diff_text({"x.py": (old, new)}, context=context)

    for read in (parse(text), parse(text.encode())):
        assert len(read.files) == (old != new)
        for file in read.files:
            assert_tells(file, old, new)


@given(old=TEXTS, new=TEXTS, context=st.integers(0, 4))
@settings(max_examples=40, deadline=None)
def test_diffs_of_git_tell_both_sides(old: str, new: str, context: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name, text in (("old", old), ("new", new)):
            (Path(folder) / name).write_text(text, encoding="utf-8", newline="")
        command = ["git", "diff", "--no-index", "--no-color", "--no-ext-diff", "--text", f"-U{context}", "old", "new"]
        output = subprocess.run(command, cwd=folder, capture_output=True, check=False).stdout

    read = parse(output)

    assert len(read.files) == (old != new)
    for file in read.files:
        assert_tells(file, old, new)


@given(name=st.sampled_from(["mails", "gnu", "binary_patch", "names", "symlinks"]), data=st.data())
def test_a_damaged_diff_is_read_or_refused_and_never_breaks_the_parser(name: str, data: st.DataObject) -> None:
    lines = sample(name).split(b"\n")
    places = st.integers(0, len(lines) - 1)
    start, end, target = (data.draw(places) for _ in range(3))
    moved = lines[:target] + lines[start:end] + lines[target + 1 :]

    with suppress(DiffUnreadable):
        assert all(file.path for file in parse(b"\n".join(moved)).files)


@pytest.mark.parametrize("files", [1, 40])
def test_twenty_thousand_lines_take_well_under_two_seconds(files: int) -> None:
    size = 10_000 // files
    change = {f"{number}.txt": (numbered(size, "old"), numbered(size, "new")) for number in range(files)}
    text = "".join(
        diff_text({path: (None, new)}) + diff_text({path: (old, None)}) for path, (old, new) in change.items()
    )

    start = time.perf_counter()
    diff = parse(text.encode())

    assert diff.lines_changed == 20_000
    assert time.perf_counter() - start < 2


@pytest.mark.parametrize("line", [
    "Binary files" + " and" * 1_000_000,
    "diff --git " + "a " * 1_000_000,
    'diff --git "' + "\\" * 1_000_000,
    "@" * 2_000_000,
    "+++ " * 500_000,
])  # fmt: skip
def test_no_line_costs_more_time_than_it_is_long(line: str) -> None:
    start = time.perf_counter()

    with suppress(DiffUnreadable):
        parse(line)

    assert time.perf_counter() - start < 2
