"""By commit: say in a sentence or two what each commit of a change does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.change import Change, Commit
from bot.domain.diff import Diff
from bot.domain.errors import PromptTooLong, TransientError
from bot.domain.review import CommitNote, Usage
from bot.ports.language_model import LanguageModel
from bot.ports.prompts import Prompts
from bot.service.review.ask import add, spent
from bot.service.review.briefing import Briefing
from bot.service.review.budget import pack
from bot.service.review.claims import SUMMARY_LENGTH, complete_string
from bot.service.review.select import select

SCHEMA = {
    "type": "object",
    "properties": {"summary": {"type": "string", "maxLength": SUMMARY_LENGTH}},
    "required": ["summary"],
    "additionalProperties": False,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitReading:
    """What came of one commit."""

    note: CommitNote
    usage: Usage


async def read_commit(
    commit: Commit,
    diff: Diff,
    change: Change,
    briefing: Briefing,
    *,
    ignore: Sequence[str],
    chunk_tokens: int,
    model: LanguageModel,
    prompts: Prompts,
) -> CommitReading:
    """Describe *commit* from its own lines; what one prompt cannot show is described piece by piece."""
    own = Change(pull_request=change.pull_request, diff=diff, generated=change.generated)
    room = min(briefing.room, chunk_tokens)
    said: list[str] = []
    usage = Usage()
    for chunk in await pack(select(own, ignore=ignore).files, model, room=room):
        task = prompts.render(
            "review/commit", commit=commit.message[:300], lines=chunk.text, language=briefing.language
        )
        try:
            completion = await model.complete(briefing.prompt(task), max_tokens=briefing.answer, schema=SCHEMA)
        except (PromptTooLong, TransientError):
            continue
        usage = add(usage, spent(completion))
        said.append(complete_string(completion.text, "summary"))
    summary = " ".join(text for text in said if text)
    return CommitReading(note=CommitNote(sha=commit.sha, title=commit.title, summary=summary), usage=usage)
