"""Chunks fit the room they are given, and no line is lost on the way."""

from __future__ import annotations

from itertools import chain

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.diff import Diff
from bot.service.review.budget import OVERLAP, Chunk, pack
from tests.builders import a_diff
from tests.doubles.language_model import ScriptedModel

MODEL = ScriptedModel()


def numbers(chunk: Chunk) -> list[int]:
    return [row.line.new or 0 for part in chunk.parts for row in part.rows]


def new_file(lines: int) -> str:
    return "".join(f"value_{number} = {number}\n" for number in range(1, lines + 1))


async def test_small_files_share_a_chunk() -> None:
    diff = a_diff({"a.py": (None, "a = 1\n"), "b.py": (None, "b = 1\n")})

    (chunk,) = await pack(diff.files, MODEL, room=500)

    assert chunk.paths == ("a.py", "b.py")
    assert "=== a.py [added]" in chunk.text
    assert "1 +a = 1" in chunk.text


async def test_a_hunk_that_fits_is_never_split() -> None:
    diff = a_diff({"a.py": (None, new_file(20)), "b.py": (None, new_file(20))})

    chunks = await pack(diff.files, MODEL, room=140)

    assert [numbers(chunk) for chunk in chunks] == [list(range(1, 21))] * 2


async def test_slices_of_a_large_hunk_overlap_by_a_few_lines() -> None:
    diff = a_diff({"a.py": (None, new_file(300))})

    first, second, *_ = await pack(diff.files, MODEL, room=300)

    assert numbers(second)[:OVERLAP] == numbers(first)[-OVERLAP:]


async def test_a_line_that_is_too_long_is_shortened_and_remembered() -> None:
    diff = a_diff({"a.py": (None, "a = 1\n" + "x" * 1_000_000 + "\nb = 2\n")})

    chunks = await pack(diff.files, MODEL, room=300)

    rows = [row for chunk in chunks for part in chunk.parts for row in part.rows]
    assert [row.shortened for row in rows] == [False, True, False]
    assert len(rows[1].text) < 1300


async def test_removed_lines_are_shown_without_a_number() -> None:
    (chunk,) = await pack(a_diff({"a.py": ("old = 1\n", "new = 1\n")}).files, MODEL, room=500)

    assert "\n-old = 1\n1 +new = 1" in chunk.text


async def test_a_rename_without_lines_is_in_no_chunk() -> None:
    assert await pack(Diff(files=()).files, MODEL, room=500) == ()


lines_of_text = st.lists(st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=120), max_size=60)


@settings(max_examples=60, deadline=None)
@given(old=lines_of_text, new=lines_of_text, room=st.integers(200, 900))
async def test_every_line_is_in_some_chunk_and_every_chunk_fits(old: list[str], new: list[str], room: int) -> None:
    diff = a_diff({"a.py": ("".join(f"{text}\n" for text in old), "".join(f"{text}\n" for text in new))})

    chunks = await pack(diff.files, MODEL, room=room)

    shown = {row.line for chunk in chunks for part in chunk.parts for row in part.rows}
    assert shown == {line for file in diff.files for line in file.lines}
    for chunk in chunks:
        (tokens,) = await MODEL.count_texts([chunk.text])
        assert tokens <= room


@settings(max_examples=40, deadline=None)
@given(lines=st.integers(1, 200), room=st.integers(200, 900))
async def test_halves_of_a_chunk_hold_the_same_lines(lines: int, room: int) -> None:
    for chunk in await pack(a_diff({"a.py": (None, new_file(lines))}).files, MODEL, room=room):
        halves = chunk.halves()
        assert not halves or [*chain.from_iterable(map(numbers, halves))] == numbers(chunk)


async def test_a_change_of_trailing_blanks_is_shown() -> None:
    (chunk,) = await pack(a_diff({"a.py": ("x = 1\n", "x = 1  \n")}).files, MODEL, room=500)

    assert "-x = 1\n1 +x = 1  " in chunk.text
