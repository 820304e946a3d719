"""The files that were not reviewed, every one with its reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.domain.review import Coverage, FileNote
from bot.domain.sentence import Sentence, Speak, say, say_many
from bot.reporting.markup import code, inline

NAMED = 50
"""Files listed by name; past that they are counted by reason, and the JSON report has them all."""


def unread(coverage: Coverage, speak: Speak) -> Iterator[str]:
    """List what could not be read, then what was left out on purpose."""
    yield from _notes(say("Not read to the end"), coverage.failed, speak)
    yield from _notes(say("Left out"), coverage.skipped, speak)


def _notes(heading: Sentence, notes: Sequence[FileNote], speak: Speak) -> Iterator[str]:
    if not notes:
        return
    yield f"## {speak(heading)} ({len(notes)})"
    by_reason: dict[str, list[str]] = {}
    for note in notes:
        by_reason.setdefault(inline(speak(note.reason)), []).append(note.path)
    lines = [f"- {reason}: {_paths(paths, len(notes), speak)}" for reason, paths in by_reason.items()]
    yield "\n".join(lines[:NAMED])
    if len(lines) > NAMED:
        yield speak(say_many("{count} more reason.", "{count} more reasons.", len(lines) - NAMED))


def _paths(paths: Sequence[str], total: int, speak: Speak) -> str:
    if total > NAMED:
        return speak(say_many("{count} file", "{count} files", len(paths)))
    return ", ".join(map(code, paths))
