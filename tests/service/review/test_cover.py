"""Coverage counts changed lines that were in an answered prompt, and names those that were not."""

from __future__ import annotations

from bot.domain.review import Coverage
from bot.service.review.budget import Chunk, pack
from bot.service.review.cover import cover
from bot.service.review.select import select
from tests.builders import a_change, numbered
from tests.doubles.language_model import ScriptedModel

FILES = {"a.py": (None, numbered(60)), "b.py": ("old\n", None), "c.lock": (None, "x\n")}


async def covering(keep: slice, room: int = 100) -> Coverage:
    """Cover a change of which only some chunks were answered."""
    change = a_change(FILES)
    selection = select(change)
    chunks: tuple[Chunk, ...] = await pack(selection.files, ScriptedModel(), room=room)
    return cover(change, selection, chunks[keep])


async def test_everything_selected_was_read() -> None:
    coverage = await covering(slice(None))

    assert (coverage.files_total, coverage.files_reviewed) == (3, 2)
    assert (coverage.lines_changed, coverage.lines_reviewed) == (62, 61)
    assert [note.path for note in coverage.skipped] == ["c.lock"]
    assert coverage.failed == ()


async def test_lines_of_an_unanswered_chunk_are_named() -> None:
    coverage = await covering(slice(1, None))

    (note,) = coverage.failed
    assert note.path == "a.py"
    assert str(note.reason).startswith(f"{61 - coverage.lines_reviewed} of 60 changed lines were not read: 1-")


async def test_an_overlap_is_counted_once() -> None:
    coverage = await covering(slice(None), room=60)

    assert coverage.lines_reviewed == 61


async def test_a_removed_line_that_was_not_read_is_named_by_its_old_number() -> None:
    change = a_change({"b.py": ("old\n", None)})

    coverage = cover(change, select(change), ())

    assert str(coverage.failed[0].reason) == "1 of 1 changed lines were not read: -1"


async def test_a_line_that_was_shortened_was_not_read() -> None:
    change = a_change({"a.py": (None, "short\n" + "x" * 9000 + "\n")})
    chunks = await pack(change.diff.files, ScriptedModel(), room=300)

    coverage = cover(change, select(change), chunks)

    assert str(coverage.failed[0].reason) == "1 of 2 changed lines were not read: 2"


async def test_a_file_that_is_known_from_an_earlier_review_counts_as_read() -> None:
    change = a_change(FILES)
    known, unread = (file for file in change.diff.files if file.path != "c.lock")

    coverage = cover(change, select(change), (), known=[known])

    assert (coverage.files_reviewed, coverage.lines_reviewed) == (1, 60)
    assert [note.path for note in coverage.failed] == [unread.path]
