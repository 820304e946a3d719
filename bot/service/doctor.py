"""Looks at every neighbour by using it as a review would, so that what it says is true of the next review."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import TypeAlias

from bot.domain.errors import BotError
from bot.domain.health import Check, Health
from bot.domain.sentence import Sentence, say
from bot.ports.adapter import Adapter
from bot.ports.language_model import LanguageModel
from bot.ports.memory import Memory

SMALL_CONTEXT = 4096
"""Tokens of context below which a change is cut into very many pieces."""

BEFORE_EVERYTHING = datetime(1970, 1, 1, tzinfo=UTC)

Seen: TypeAlias = tuple[Health, Sentence]


class Doctor:
    """Examines the neighbours of a review.

    Args:
        database: Where the memory is, as a person would look for it.
        ask_code_host: Says who we are to the code host and how many calls are left, or raises.
        anonymous: Nobody told us who to be.
        prompts: Says which templates are used; they were read already.
        adapters: The chat platforms that are configured.
    """

    def __init__(
        self,
        *,
        model: LanguageModel,
        memory: Memory,
        database: str,
        ask_code_host: Callable[[], Awaitable[Sentence]],
        anonymous: bool,
        prompts: Sentence,
        adapters: Sequence[Adapter] = (),
    ) -> None:
        self._model = model
        self._memory = memory
        self._database = database
        self._ask_code_host = ask_code_host
        self._anonymous = anonymous
        self._prompts = prompts
        self._adapters = adapters

    async def examine(self) -> AsyncIterator[Check]:
        """Look at one neighbour after another, and tell of each as soon as it is known."""
        yield Check(health=Health.OK, part="prompts", sentence=self._prompts)
        yield await _checked("model", self._look_at_model())
        yield await _checked("database", self._look_at_database())
        yield await _checked("github", self._look_at_code_host())
        for adapter in self._adapters:
            async for check in adapter.check():
                yield check

    async def _look_at_model(self) -> Seen:
        model = await self._model.open()
        if model.starter:
            return Health.WARN, say(
                "{name} with {n_ctx} tokens of context is for trying things out, it judges poorly: the README names "
                "better ones and `parley model pull` fetches them.",
                name=model.name,
                n_ctx=model.n_ctx,
            )
        if model.n_ctx < SMALL_CONTEXT:
            return Health.WARN, say(
                "{name} with {n_ctx} tokens of context reads little at once: raise n_ctx of [model].",
                name=model.name,
                n_ctx=model.n_ctx,
            )
        return Health.OK, say("{name} is loaded, with {n_ctx} tokens of context.", name=model.name, n_ctx=model.n_ctx)

    async def _look_at_database(self) -> Seen:
        await self._memory.forget_before(BEFORE_EVERYTHING)  # removes nothing, and needs the right to write
        return Health.OK, say("{database} can be read and written.", database=self._database)

    async def _look_at_code_host(self) -> Seen:
        answer = await self._ask_code_host()
        if self._anonymous:
            return Health.WARN, say("{answer} For private ones, and more calls, set token of [github].", answer=answer)
        return Health.OK, answer


async def _checked(part: str, seen: Awaitable[Seen]) -> Check:
    try:
        health, sentence = await seen
    except BotError as error:
        health, sentence = Health.FAIL, error.sentence
    return Check(health=health, part=part, sentence=sentence)
