"""The model that reads and answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from bot.domain.completion import Completion, Prompt
from bot.domain.review import ModelInfo


class LanguageModel(Protocol):
    """One model, loaded on first need and kept; calls queue up behind each other.

    No method blocks the event loop. A cancelled call stops the work behind it and leaves the model usable.
    """

    async def open(self) -> ModelInfo:
        """Load the model unless it is loaded, and tell what it is.

        Raises:
            ModelUnusable: The file is missing, damaged, does not fit in memory, or has no usable chat template.
        """
        ...

    async def count(self, prompt: Prompt) -> int:
        """Count the tokens of *prompt* as it is sent, chat template included."""
        ...

    async def count_texts(self, texts: Sequence[str]) -> list[int]:
        """Count the tokens of each text by itself, without a template.

        The sum is at least what the texts take when joined, so that packing by it never overflows.
        """
        ...

    async def complete(
        self,
        prompt: Prompt,
        *,
        max_tokens: int,
        schema: Mapping[str, object] | None = None,
        on_text: Callable[[str], None] | None = None,
    ) -> Completion:
        """Let the model continue *prompt* by at most *max_tokens* tokens.

        Args:
            schema: A JSON schema that the text follows as far as it goes; a cut text is a beginning of it.
            on_text: Called on the event loop with each piece of visible text, in order; it must not block.

        Raises:
            PromptTooLong: Prompt and *max_tokens* together exceed the context.
        """
        ...

    async def close(self) -> None:
        """Stop what runs and free the model. May be called at any time, also twice."""
        ...
