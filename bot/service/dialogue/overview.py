"""The beginning that all answers about one review share, so that the model evaluates it once."""

from __future__ import annotations

from bot.domain.conversation import ReviewRecord
from bot.domain.sentence import Speak
from bot.ports.language_model import LanguageModel
from bot.ports.prompts import Prompts
from bot.service.dialogue.retrieve import clip

_SIZES = ((1200, 40), (600, 15), (200, 5))
"""Characters of the description, and entries of each list: as many as there is room for, the most first."""


async def overview(record: ReviewRecord, model: LanguageModel, prompts: Prompts, speak: Speak, *, room: int) -> str:
    """Write what was reviewed, the verdict, what was found and what was not read, in at most *room* tokens."""
    text = ""
    for characters, entries in _SIZES:
        text = _render(record, prompts, speak, characters, entries)
        if (await model.count_texts([text]))[0] <= room:
            return text
    return await clip(text, model, room=room)


def _render(record: ReviewRecord, prompts: Prompts, speak: Speak, characters: int, entries: int) -> str:
    review, about = record.review, record.change.pull_request
    coverage, files = review.coverage, record.change.diff.files
    unread = [f"{note.path}: {speak(note.reason)}" for note in (*coverage.failed, *coverage.skipped)]
    return prompts.render(
        "dialogue/overview",
        target=record.target,
        date=f"{record.at:%Y-%m-%d}",
        pull_request=about,
        description=about.body[:characters],
        description_cut=len(about.body) > characters,
        review=review,
        findings=review.findings[:entries],
        more_findings=len(review.findings[entries:]),
        files=files[:entries],
        more_files=len(files[entries:]),
        unread=unread[:entries],
        more_unread=len(unread[entries:]),
    )
