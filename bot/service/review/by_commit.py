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

LONGEST_MESSAGE = 300
"""Characters of a commit's message in the prompt; one that takes over a third of the room gives way to the lines."""

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
    selection = select(own, ignore=ignore)
    message = commit.message[:LONGEST_MESSAGE]
    (message_tokens,) = await model.count_texts([message])
    if message_tokens > briefing.room // 3:
        message, message_tokens = "", 0
    room = min(briefing.room - message_tokens, chunk_tokens)
    said: list[str] = []
    shortened = False
    usage = Usage()
    for chunk in await pack(selection.files, model, room=room):
        task = prompts.render("review/commit", commit=message, lines=chunk.text, language=briefing.language)
        try:
            completion = await model.complete(briefing.prompt(task), max_tokens=briefing.answer, schema=SCHEMA)
        except (PromptTooLong, TransientError):
            said.append("")
            continue
        usage = add(usage, spent(completion))
        said.append(complete_string(completion.text, "summary"))
        shortened |= any(row.shortened for part in chunk.parts for row in part.rows)
    note = CommitNote(
        sha=commit.sha,
        title=commit.title,
        summary=" ".join(filter(None, said)),
        partial=shortened or not all(said) or bool(selection.skipped or selection.unread),
    )
    return CommitReading(note=note, usage=usage)
