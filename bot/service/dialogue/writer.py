"""Writer: let the model write an answer into the chat, and end it well whatever the model does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog

from bot.domain.completion import Completion, Prompt
from bot.domain.errors import BotError
from bot.domain.review import ModelInfo
from bot.domain.sentence import Sentence, Speak, say
from bot.ports.chat import Chat
from bot.ports.language_model import LanguageModel
from bot.service.dialogue.repetition import before_loop

log = structlog.get_logger()

Sources = Callable[[str], Sequence[str]]
"""Names the places that an answer with this text rests on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """How the tokens of a context are shared out.

    Attributes:
        total: All of a prompt.
        answer: The longest answer.
        imitates: The model is so small that it repeats an earlier answer, word for word, whatever it is asked (seen
            with SmolLM2 135M in five of six follow-ups): better not to show it any.
        overview: What is known about the whole review.
        turns: What was said earlier.
        material: The pieces chosen for one question. Small models lose their way in more, and a processor reads
            a few hundred tokens a second.
    """

    total: int
    answer: int
    imitates: bool = False

    @property
    def overview(self) -> int:
        """Return at most a quarter of the prompt."""
        return min(1500, self.total // 4)

    @property
    def turns(self) -> int:
        """Return at most a quarter of the prompt."""
        return min(1500, self.total // 4)

    @property
    def material(self) -> int:
        """Return at most a half of the prompt."""
        return min(3000, self.total // 2)


class AnswerWriter:
    """The one who writes answers.

    Attributes:
        info: The model, once it was needed.
    """

    def __init__(self, *, model: LanguageModel, max_output_tokens: int, speak: Speak = str) -> None:
        self._model = model
        self._most = max_output_tokens
        self._speak = speak
        self.info: ModelInfo | None = None

    async def open(self) -> Room:
        """Load the model unless it is loaded and tell how much it can read."""
        self.info = await self._model.open()
        answer = min(self._most, self.info.n_ctx // 4)
        return Room(total=self.info.n_ctx - answer, answer=answer, imitates=self.info.starter)

    async def write(self, prompt: Prompt, chat: Chat, *, max_tokens: int, sources: Sources) -> str:
        """Stream the model's answer to *prompt* into *chat* and return it; an empty text is nothing to remember.

        A failure ends the answer with its cause, below what was written so far.
        """
        answer = await chat.answer()
        pieces: list[str] = []

        def show(piece: str) -> None:
            pieces.append(piece)
            answer.push(piece)

        async def end_with(sentence: Sentence) -> None:
            await answer.finish("\n\n".join(filter(None, ("".join(pieces).strip(), self._speak(sentence)))))

        try:
            completion = await self._complete(prompt, max_tokens, pieces, show)
        except BotError as error:
            log.warning("question.failed", error=type(error).__name__)
            await end_with(error.sentence)
            return ""
        except asyncio.CancelledError:
            await end_with(say("(stopped)"))
            raise
        text = ("".join(pieces) if completion is None else completion.text).strip()
        text, looped = before_loop(text)
        if not text:
            await answer.finish(
                self._speak(say("The model gave no answer. Ask in other words, or a narrower question."))
            )
            return ""
        await answer.finish(text, sources=sources(text))
        if looped:
            await chat.say(say("The model began to repeat itself, so I stopped it there."))
        elif completion is not None and completion.cut:
            await chat.say(
                say("The answer is cut: it reached the limit of {tokens} tokens. Ask for the rest.", tokens=max_tokens)
            )
        _log(completion)
        return text

    async def _complete(
        self, prompt: Prompt, max_tokens: int, pieces: list[str], show: Callable[[str], None]
    ) -> Completion | None:
        """Return None when the model was stopped because it went round in circles."""

        def watch(piece: str) -> None:
            show(piece)
            if before_loop("".join(pieces))[1]:
                asking.cancel()

        asking = asyncio.ensure_future(self._model.complete(prompt, max_tokens=max_tokens, on_text=watch))
        try:
            return await asking
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if not before_loop("".join(pieces))[1] or (task is not None and task.cancelling()):
                raise
            return None


def _log(completion: Completion | None) -> None:
    if completion is None:
        log.info("question.answered", stopped=True)
        return
    log.info(
        "question.answered",
        cut=completion.cut,
        prompt_tokens=completion.prompt_tokens,
        cached_tokens=completion.cached_tokens,
        completion_tokens=completion.completion_tokens,
    )
