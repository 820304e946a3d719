"""A model in memory. Everything here waits, and only one thread may touch it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from typing import Any

from bot.domain.completion import Completion, Prompt
from bot.domain.errors import ModelUnusable, PromptTooLong
from bot.domain.review import ModelInfo
from bot.domain.sentence import say
from bot.llm.chat_formats import EXAMPLES
from bot.llm.context import Context
from bot.llm.grammar import grammar_of
from bot.llm.sampler import Sampler, SamplerSettings
from bot.llm.template import ChatTemplate, TemplateUnusable
from bot.llm.thinking import VisibleText
from bot.llm.vocabulary import Vocabulary


class LoadedModel:
    """Counts and completes.

    Args:
        resources: What to free at the end.
    """

    def __init__(
        self,
        api: Any,
        info: ModelInfo,
        *,
        vocabulary: Vocabulary,
        template: ChatTemplate,
        context: Context,
        settings: SamplerSettings,
        resources: ExitStack,
    ) -> None:
        self.info = info
        self._api = api
        self._vocabulary = vocabulary
        self._template = template
        self._context = context
        self._settings = settings
        self._resources = resources

    def free(self) -> None:
        """Give the memory back; nothing else may be called afterwards."""
        self._resources.close()

    def count(self, prompt: Prompt) -> int:
        """Count the tokens of a prompt, template included."""
        return len(self._tokens(prompt))

    def count_texts(self, texts: Sequence[str]) -> list[int]:
        """Count the tokens of each text."""
        return [self._vocabulary.length(text) for text in texts]

    def complete(
        self, prompt: Prompt, *, max_tokens: int, schema: Mapping[str, object] | None, show: Callable[[str], None]
    ) -> Completion:
        """Let the model continue *prompt*; see the port.

        Raises:
            Stopped: The flag was set.
        """
        tokens = self._tokens(prompt)
        self._check_room(len(tokens), max_tokens)
        sampler = Sampler(self._api, self._vocabulary, self._settings, grammar_of(schema) if schema else "")
        with ExitStack() as stack:
            stack.callback(sampler.free)
            cached = self._context.read_prompt(tokens)
            answer = _Answer(VisibleText(hide_reasoning=schema is None), show)
            self._write(answer, sampler, max_tokens)
        return Completion(
            text=answer.text,
            cut=answer.cut,
            prompt_tokens=len(tokens),
            cached_tokens=cached,
            completion_tokens=answer.tokens,
        )

    def _write(self, answer: _Answer, sampler: Sampler, max_tokens: int) -> None:
        while True:
            token = sampler.choose(self._context.logits(self._vocabulary.size))
            if self._vocabulary.ends(token):
                return answer.end(cut=False)
            answer.add(self._vocabulary.piece(token))
            if answer.tokens >= max_tokens:
                return answer.end(cut=True)
            self._context.read_token(token)

    def _tokens(self, prompt: Prompt) -> list[int]:
        try:
            return self._vocabulary.encode(self._template.fill(prompt))
        except TemplateUnusable as error:
            raise ModelUnusable(
                say(
                    "The chat template of {model} refuses this conversation; set chat_format in [model] to another,"
                    " such as {examples}.",
                    model=self.info.name,
                    examples=EXAMPLES,
                )
            ) from error

    def _check_room(self, need: int, max_tokens: int) -> None:
        if need + max_tokens > self.info.n_ctx:
            raise PromptTooLong(
                say(
                    "The prompt takes {need} tokens and the answer up to {answer}, and the model's context has only"
                    " {n_ctx}; set a larger n_ctx or a smaller max_output_tokens in [model].",
                    need=need,
                    answer=max_tokens,
                    n_ctx=self.info.n_ctx,
                )
            )


class _Answer:
    """The answer so far."""

    def __init__(self, visible: VisibleText, show: Callable[[str], None]) -> None:
        self.text = ""
        self.tokens = 0
        self.cut = False
        self._visible = visible
        self._show = show

    def add(self, piece: bytes) -> None:
        """Take a token's bytes."""
        self.tokens += 1
        self._put(self._visible.push(piece))

    def end(self, *, cut: bool) -> None:
        """Take the end; an answer that ends while the model still reasons is cut."""
        self._put(self._visible.finish())
        self.cut = cut or self._visible.thinking

    def _put(self, text: str) -> None:
        if text:
            self.text += text
            self._show(text)
