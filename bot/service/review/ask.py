"""Ask: show the model a chunk and take back claims; what it fails to answer twice is failed, never fine."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.completion import Completion
from bot.domain.errors import ConfigInvalid, PromptTooLong, TransientError
from bot.domain.review import Usage
from bot.domain.sentence import say
from bot.ports.language_model import LanguageModel
from bot.ports.prompts import Prompts
from bot.service.review.briefing import Briefing
from bot.service.review.budget import Chunk
from bot.service.review.claims import Claim, read, schema


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What came of showing one chunk.

    Attributes:
        notes: What the chunk does, in the model's words.
        answered: The chunk, or those of its halves, that got a usable answer.
        failed: Those that did not.
    """

    notes: tuple[str, ...] = ()
    claims: tuple[Claim, ...] = ()
    answered: tuple[Chunk, ...] = ()
    failed: tuple[Chunk, ...] = ()
    usage: Usage = Usage()

    def __add__(self, other: Reading) -> Reading:
        return Reading(
            notes=self.notes + other.notes,
            claims=self.claims + other.claims,
            answered=self.answered + other.answered,
            failed=self.failed + other.failed,
            usage=add(self.usage, other.usage),
        )


async def ask(chunk: Chunk, briefing: Briefing, *, model: LanguageModel, prompts: Prompts) -> Reading:
    """Ask about *chunk*, and once more about each half of it when there is no usable answer."""
    reading = await _ask_once(chunk, briefing, model=model, prompts=prompts)
    if not reading.failed:
        return reading
    halves = chunk.halves()
    if not halves:
        return reading
    retried = Reading(usage=reading.usage)
    for half in halves:
        retried += await _ask_once(half, briefing, model=model, prompts=prompts)
    return retried


async def _ask_once(chunk: Chunk, briefing: Briefing, *, model: LanguageModel, prompts: Prompts) -> Reading:
    task = prompts.render("review/task", lines=chunk.text, language=briefing.language)
    if chunk.text not in task:
        # Everything would count as read, and the model would have seen nothing.
        raise ConfigInvalid(
            say(
                "The prompt template {name} does not show the lines: put {variable} into it.",
                name="review/task",
                variable="{{ lines }}",
            )
        )
    try:
        completion = await model.complete(briefing.prompt(task), max_tokens=briefing.answer, schema=schema(chunk.paths))
    except (PromptTooLong, TransientError):
        return Reading(failed=(chunk,))
    reply = read(completion.text)
    if reply is None:
        return Reading(failed=(chunk,), usage=spent(completion))
    notes = (reply.summary,) if reply.summary else ()
    return Reading(notes=notes, claims=reply.claims, answered=(chunk,), usage=spent(completion))


def spent(completion: Completion) -> Usage:
    """Tell what one call cost."""
    return Usage(
        prompt_tokens=completion.prompt_tokens,
        cached_tokens=completion.cached_tokens,
        completion_tokens=completion.completion_tokens,
        model_calls=1,
    )


def add(one: Usage, other: Usage) -> Usage:
    """Sum up what two pieces of work cost."""
    return Usage(
        prompt_tokens=one.prompt_tokens + other.prompt_tokens,
        cached_tokens=one.cached_tokens + other.cached_tokens,
        completion_tokens=one.completion_tokens + other.completion_tokens,
        model_calls=one.model_calls + other.model_calls,
        seconds=one.seconds + other.seconds,
    )
