"""Text to tokens and back, by the model's own vocabulary."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

from bot.llm.template import Part
from bot.llm.thinking import TAGS


class Vocabulary:
    """The vocabulary of a loaded model; it lives as long as the model.

    Attributes:
        size: How many tokens there are.
    """

    def __init__(self, api: Any, model: Any) -> None:
        self._api = api
        self._vocab = api.llama_model_get_vocab(model)
        self.size: int = api.llama_vocab_n_tokens(self._vocab)
        self._buffer = ctypes.create_string_buffer(256)

    @property
    def handle(self) -> Any:
        """Return the native vocabulary."""
        return self._vocab

    @property
    def bos(self) -> str:
        """Return the text of the token that begins a sequence, empty where there is none."""
        return self._text_of(self._api.llama_vocab_bos(self._vocab))

    @property
    def eos(self) -> str:
        """Return the text of the token that ends a sequence, empty where there is none."""
        return self._text_of(self._api.llama_vocab_eos(self._vocab))

    def encode(self, parts: Iterable[Part]) -> list[int]:
        """Turn a rendered prompt into tokens.

        What people wrote never becomes a control token: `<|im_end|>` inside a diff stays text. Everything else is
        tokenised in one piece, so that the tokens are those the model was trained on.
        """
        runs = self._runs(parts)
        begin = [self._api.llama_vocab_bos(self._vocab)] if self._needs_bos(runs) else []
        return begin + [token for text, special in runs for token in self._tokens(text, special=special)]

    def length(self, text: str) -> int:
        """Count the tokens of a text that holds no control tokens."""
        data = _bytes(text)
        return -int(self._api.llama_tokenize(self._vocab, data, len(data), None, 0, False, False))

    def piece(self, token: int) -> bytes:
        """Return the bytes of a token; control tokens have none, except those that mark reasoning."""
        special = token in self._reasoning
        size = self._api.llama_token_to_piece(self._vocab, token, self._buffer, len(self._buffer), 0, special)
        if size < 0:
            self._buffer = ctypes.create_string_buffer(-size)
            return self.piece(token)
        return self._buffer.raw[:size]

    def ends(self, token: int) -> bool:
        """Tell whether the model says with *token* that it has finished."""
        return bool(self._api.llama_vocab_is_eog(self._vocab, token))

    def _runs(self, parts: Iterable[Part]) -> list[tuple[str, bool]]:
        """Join what may be tokenised together; the flag tells whether control tokens count in it."""
        runs: list[tuple[str, bool]] = []
        for part in parts:
            pieces = [part.text] if part.ours else self._control_words.split(part.text)
            for at, text in enumerate(pieces):
                special = at % 2 == 0
                if special and runs and runs[-1][1]:
                    runs[-1] = runs[-1][0] + text, True
                elif text:
                    runs.append((text, special))
        return runs

    def _needs_bos(self, runs: Sequence[tuple[str, bool]]) -> bool:
        written = bool(runs and self.bos and runs[0][0].startswith(self.bos))
        return bool(self._api.llama_vocab_get_add_bos(self._vocab)) and not written

    def _tokens(self, text: str, *, special: bool) -> list[int]:
        data = _bytes(text)
        room = len(data) + 8
        tokens = (self._api.llama_token * room)()
        count = self._api.llama_tokenize(self._vocab, data, len(data), tokens, room, False, special)
        return list(tokens[:count])

    @cached_property
    def _control_words(self) -> re.Pattern[str]:
        """Match what would become a control token, as the only group."""
        kinds = self._api.LLAMA_TOKEN_ATTR_CONTROL | self._api.LLAMA_TOKEN_ATTR_UNKNOWN
        control = [t for t in range(self.size) if self._api.llama_vocab_get_attr(self._vocab, t) & kinds]
        words = sorted({self._text_of(token) for token in control} - {""}, key=len, reverse=True)
        return re.compile("(" + "|".join(re.escape(word) for word in words or ["\0\0"]) + ")")

    @cached_property
    def _reasoning(self) -> frozenset[int]:
        """Find the tags of reasoning that are a token of their own."""
        tags = {tag: self._tokens(tag, special=True) for pair in TAGS for tag in pair}
        return frozenset(tokens[0] for tokens in tags.values() if len(tokens) == 1)

    def _text_of(self, token: int) -> str:
        return str(self._api.llama_vocab_get_text(self._vocab, token).decode("utf-8", "replace")) if token >= 0 else ""


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")
