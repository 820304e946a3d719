"""What the steps of a review hand to each other can be stored as JSON and read back, so that a step can be durable."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter

from bot.domain.finding import Category, Severity
from bot.domain.review import CommitNote, Usage
from bot.domain.sentence import say
from bot.service.review.ask import Reading
from bot.service.review.briefing import Briefing
from bot.service.review.budget import pack
from bot.service.review.by_commit import CommitReading
from bot.service.review.claims import Claim
from bot.service.review.cover import cover
from bot.service.review.select import select
from bot.service.review.summarise import Summary
from tests.builders import a_change, a_diff
from tests.doubles.language_model import ScriptedModel


async def values() -> list[object]:
    """Make one value of every step."""
    change = a_change({"a.py": ("old = 1\n", "new = 1\nmore = 2\n"), "b.lock": (None, "x\n")})
    selection = select(change)
    chunks = await pack(selection.files, ScriptedModel(), room=300)
    claim = Claim(
        path="a.py",
        quote="new = 1",
        line=1,
        severity=Severity.HIGH,
        category=Category.BUG,
        title="t",
        detail="d",
        suggestion="",
    )
    return [
        change,
        selection,
        Briefing(system="s", change="c", language="English", room=10, answer=5),
        chunks[0],
        Reading(notes=("n",), claims=(claim,), answered=chunks, usage=Usage(model_calls=1)),
        cover(change, selection, chunks),
        Summary(text="x", unsummarised=say("no {thing}", thing=say("answer"))),
        CommitReading(note=CommitNote(sha="1", title="t", summary="s"), usage=Usage()),
    ]


@pytest.mark.parametrize("index", range(8))
async def test_a_value_of_a_step_survives_json(index: int) -> None:
    value = (await values())[index]
    adapter: TypeAdapter[object] = TypeAdapter(type(value))

    assert adapter.validate_json(adapter.dump_json(value)) == value


async def test_coverage_is_the_same_after_the_chunks_went_through_json() -> None:
    diff = a_diff({"a.py": ("old = 1\n", "new = 1\nmore = 2\n")})
    change = a_change(diff=diff)
    chunks = await pack(diff.files, ScriptedModel(), room=300)
    adapter = TypeAdapter(type(chunks[0]))

    stored = [adapter.validate_json(adapter.dump_json(chunk)) for chunk in chunks]

    assert cover(change, select(change), stored) == cover(change, select(change), chunks)
