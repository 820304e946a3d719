"""The beginning that all prompts of one review share, so that the model evaluates it once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.domain.change import Change
from bot.domain.completion import Message, Prompt, Speaker
from bot.domain.diff import FileDiff
from bot.domain.errors import PromptTooLong
from bot.domain.sentence import say
from bot.ports.language_model import LanguageModel
from bot.ports.prompts import Prompts

LEAST_ROOM = 200
"""Tokens for lines of the change below which a prompt is not worth sending."""

LEAST_PARTS = 3
"""Of the context the longest answer takes one part at most: a long answer must not crowd out the lines."""

SIZES = ((1200, 60), (400, 25), (0, 0))
"""Characters of the description and files in the overview: as many as the context bears, the most first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Briefing:
    """What the model is told before it is shown a part of the change.

    Attributes:
        language: English name of the language to answer in; tasks repeat it, since small models mind what stands last.
        room: Tokens left for that part, next to the task and the longest answer.
        answer: Tokens of the longest answer.
    """

    system: str
    change: str
    language: str
    room: int
    answer: int

    def prompt(self, task: str) -> Prompt:
        """Put *task* behind the shared beginning."""
        return (
            Message(speaker=Speaker.SYSTEM, text=self.system),
            Message(speaker=Speaker.USER, text=f"{self.change}\n{task}"),
        )


async def brief(
    change: Change,
    files: Sequence[FileDiff],
    *,
    model: LanguageModel,
    prompts: Prompts,
    answer: int,
    language: str,
    instructions: str = "",
    focus: str = "",
) -> Briefing:
    """Write the beginning as fully as the model's context allows.

    Args:
        files: The selected ones, which the overview names.
        answer: Tokens of the longest answer.
        language: English name of the language to answer in.
        instructions: What the team asks of every review.
        focus: What the person asks of this one.

    Raises:
        PromptTooLong: Not even the shortest beginning leaves room for lines of the change.
    """
    info = await model.open()
    bounded = min(answer, info.n_ctx // LEAST_PARTS)
    system = prompts.render("review/system", language=language, instructions=instructions, focus=focus)
    empty = 0
    for description, named in SIZES:
        overview = prompts.render(
            "review/change",
            pull_request=change.pull_request,
            description=change.pull_request.body[:description],
            description_cut=len(change.pull_request.body) > description,
            files=files[:named],
            more_files=len(files) - len(files[:named]),
        )
        briefing = Briefing(system=system, change=overview, language=language, room=0, answer=bounded)
        empty = await model.count(briefing.prompt(_longest_task(prompts, language)))
        room = info.n_ctx - empty - bounded
        if room >= LEAST_ROOM:
            return replace(briefing, room=room)
    raise PromptTooLong(
        say(
            "The model's context of {n_ctx} tokens is too small for a review: "
            "set n_ctx of [model] to at least {least}.",
            n_ctx=info.n_ctx,
            least=_least_context(empty + LEAST_ROOM, answer),
        )
    )


def _least_context(prompt: int, answer: int) -> int:
    """Return the context in which *prompt* tokens fit beside the longest answer, which may be bounded by it."""
    beside_a_bounded_answer = -(-prompt * LEAST_PARTS // (LEAST_PARTS - 1))
    return min(prompt + answer, beside_a_bounded_answer)


def _longest_task(prompts: Prompts, language: str) -> str:
    tasks = (
        prompts.render("review/task", lines="", language=language),
        prompts.render("review/summarise", notes=(), problems=(), language=language),
        prompts.render("review/commit", commit="", lines="", language=language),
    )
    return max(tasks, key=len)
