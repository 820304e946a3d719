"""A `LanguageModel` that says what a script tells it, and remembers what it was asked."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain.completion import Completion, Prompt
from bot.domain.errors import BotError, PromptTooLong
from bot.domain.review import ModelInfo
from bot.domain.sentence import say

Script = Callable[[Prompt], str]


@dataclass(kw_only=True)
class Asked:
    """One call, as it arrived."""

    prompt: Prompt
    max_tokens: int
    schema: Mapping[str, object] | None

    @property
    def text(self) -> str:
        """Return all messages in one piece, for searching."""
        return "\n".join(message.text for message in self.prompt)


@dataclass(kw_only=True)
class ScriptedModel:
    """Answers from a script: a function of the prompt, or texts one after another, the last one for ever.

    A token is four characters. An answer longer than `max_tokens` comes back cut, as a real model's does.
    An exception in the script is raised instead of an answer.
    """

    script: Script | Iterable[str | BotError] = ("{}",)
    n_ctx: int = 8192
    asked: list[Asked] = field(default_factory=list)
    closed: bool = False

    def __post_init__(self) -> None:
        self._texts = [] if callable(self.script) else list(self.script)
        self._turn = asyncio.Lock()

    async def open(self) -> ModelInfo:
        return ModelInfo(backend="scripted", name="scripted", n_ctx=self.n_ctx)

    async def count(self, prompt: Prompt) -> int:
        return sum(4 + self._tokens(message.text) for message in prompt)

    async def count_texts(self, texts: Sequence[str]) -> list[int]:
        return [self._tokens(text) for text in texts]

    async def complete(
        self,
        prompt: Prompt,
        *,
        max_tokens: int,
        schema: Mapping[str, object] | None = None,
        on_text: Callable[[str], None] | None = None,
    ) -> Completion:
        prompt_tokens = await self.count(prompt)
        if prompt_tokens + max_tokens > self.n_ctx:
            raise PromptTooLong(
                say("The prompt needs {need} tokens and the context has {n_ctx}.", need=prompt_tokens, n_ctx=self.n_ctx)
            )
        async with self._turn:
            self.asked.append(Asked(prompt=prompt, max_tokens=max_tokens, schema=schema))
            whole = self._next(prompt)
            text = whole[: max_tokens * 4]
            if on_text is not None:
                for start in range(0, len(text), 8):
                    await asyncio.sleep(0)
                    on_text(text[start : start + 8])
        return Completion(
            text=text,
            cut=len(text) < len(whole),
            prompt_tokens=prompt_tokens,
            cached_tokens=0,
            completion_tokens=self._tokens(text),
        )

    async def close(self) -> None:
        self.closed = True

    def _next(self, prompt: Prompt) -> str:
        if callable(self.script):
            return self.script(prompt)
        answer = self._texts.pop(0) if len(self._texts) > 1 else self._texts[0]
        if isinstance(answer, BotError):
            raise answer
        return answer

    @staticmethod
    def _tokens(text: str) -> int:
        return math.ceil(len(text) / 4)
