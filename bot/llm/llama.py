"""The `LanguageModel` port over llama.cpp."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

import structlog

from bot.domain.completion import Completion, Prompt
from bot.domain.errors import ModelUnusable
from bot.domain.review import ModelInfo
from bot.domain.sentence import say
from bot.llm.choice import ModelChoice
from bot.llm.worker import Stopped, Worker

if TYPE_CHECKING:
    from bot.llm.loaded import LoadedModel

T = TypeVar("T")

log = structlog.get_logger()


class LlamaCppModel:
    """One model on a thread of its own; nothing is loaded, nor llama.cpp imported, before the first call."""

    def __init__(self, choice: ModelChoice) -> None:
        self._choice = choice
        self._worker = Worker("llama.cpp")
        self._loaded: LoadedModel | None = None

    async def open(self) -> ModelInfo:
        """Load the model unless it is loaded; see the port."""
        return await self._run(lambda model: model.info)

    async def count(self, prompt: Prompt) -> int:
        """Count the tokens of a prompt; see the port."""
        return await self._run(lambda model: model.count(prompt))

    async def count_texts(self, texts: Sequence[str]) -> list[int]:
        """Count the tokens of texts; see the port."""
        return await self._run(lambda model: model.count_texts(texts))

    async def complete(
        self,
        prompt: Prompt,
        *,
        max_tokens: int,
        schema: Mapping[str, object] | None = None,
        on_text: Callable[[str], None] | None = None,
    ) -> Completion:
        """Let the model continue a prompt; see the port."""
        listener = _Listener(on_text)
        try:
            return await self._run(
                lambda model: model.complete(prompt, max_tokens=max_tokens, schema=schema, show=listener.show)
            )
        finally:
            listener.leave()

    async def close(self) -> None:
        """Stop what runs and free the model; see the port. Returns within a second and a half."""
        if not await self._worker.close(self._free):
            log.warning("model.left_behind")

    async def _run(self, work: Callable[[LoadedModel], T]) -> T:
        try:
            return await self._worker.run(lambda: work(self._model()))
        except Stopped as error:
            raise ModelUnusable(say("The model was closed before it answered.")) from error

    def _model(self) -> LoadedModel:
        if self._loaded is None:
            from bot.llm.opening import (
                open_model,  # brings numpy, which a program that loads no model need not wait for
            )

            self._loaded = open_model(self._choice, self._worker.stop)
            info = self._loaded.info
            log.info("model.loaded", name=info.name, n_ctx=info.n_ctx)
        return self._loaded

    def _free(self) -> None:
        if self._loaded is not None:
            self._loaded.free()
            self._loaded = None


class _Listener:
    """Carries pieces of text from the model's thread to the event loop."""

    def __init__(self, on_text: Callable[[str], None] | None) -> None:
        self._on_text = on_text
        self._loop = asyncio.get_running_loop()

    def show(self, text: str) -> None:
        """Hand a piece over; called on the model's thread."""
        if self._on_text is not None:
            self._loop.call_soon_threadsafe(self._tell, text)

    def leave(self) -> None:
        """Hear no more: nobody waits for the answer."""
        self._on_text = None

    def _tell(self, text: str) -> None:
        if self._on_text is not None:
            self._on_text(text)
