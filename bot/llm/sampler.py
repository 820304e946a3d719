"""The choice of the next token."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.llm.vocabulary import Vocabulary

PENALTY = 1.1
"""For what was written in the last 64 tokens.

Tried on a handful of prompts with the starter model and one seed, so a hint rather than a proof: of 8 long answers 3
went round in circles without it and none with it (temperature 0.2), and of 4 long JSON answers 3 were finished
instead of 1. It is not free: at temperature 0, 3 of 4 short JSON answers were finished with it and all 4 without.
"""

_CANDIDATE = np.dtype([("id", np.int32), ("logit", np.float32), ("p", np.float32)], align=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplerSettings:
    """How bold the choice is.

    Attributes:
        temperature: 0 takes the likeliest token, always.
        seed: The same seed makes the same choices.
    """

    temperature: float
    seed: int


class Sampler:
    """Chooses the tokens of one answer.

    With a grammar, the chosen token is looked at first and the whole vocabulary is checked only when that one is
    refused: masking 50,000 tokens each time takes as long as the model does.

    Raises:
        ValueError: llama.cpp refuses the grammar.
    """

    def __init__(self, api: Any, vocabulary: Vocabulary, settings: SamplerSettings, grammar: str = "") -> None:
        self._api = api
        self._ids = np.arange(vocabulary.size, dtype=np.int32)
        self._candidates = np.zeros(vocabulary.size, dtype=_CANDIDATE)
        self._chain = self._make_chain(vocabulary, settings)
        self._grammar = self._make_grammar(vocabulary, grammar) if grammar else None

    def choose(self, logits: npt.NDArray[np.float32]) -> int:
        """Choose the next token and remember it."""
        token = self._pick(logits, self._chain)
        if self._grammar and not self._allows(token):
            token = self._pick(logits, self._grammar, self._chain)
        self._api.llama_sampler_accept(self._chain, token)
        if self._grammar:
            self._api.llama_sampler_accept(self._grammar, token)
        return token

    def free(self) -> None:
        """Give the memory back."""
        self._api.llama_sampler_free(self._chain)
        if self._grammar:
            self._api.llama_sampler_free(self._grammar)

    def _pick(self, logits: npt.NDArray[np.float32], *samplers: Any) -> int:
        self._candidates["id"] = self._ids
        self._candidates["logit"] = logits
        array = self._array(self._candidates)
        for sampler in samplers:
            self._api.llama_sampler_apply(sampler, ctypes.byref(array))
        return int(array.data[array.selected].id)

    def _allows(self, token: int) -> bool:
        single = np.array([(token, 1.0, 0.0)], dtype=_CANDIDATE)
        self._api.llama_sampler_apply(self._grammar, ctypes.byref(self._array(single)))
        return bool(np.isfinite(single["logit"][0]))

    def _array(self, candidates: npt.NDArray[Any]) -> Any:
        return self._api.llama_token_data_array(
            data=candidates.ctypes.data_as(self._api.llama_token_data_p),
            size=len(candidates),
            selected=-1,
            sorted=False,
        )

    def _make_chain(self, vocabulary: Vocabulary, settings: SamplerSettings) -> Any:
        api = self._api
        chain = api.llama_sampler_chain_init(api.llama_sampler_chain_default_params())
        api.llama_sampler_chain_add(chain, api.llama_sampler_init_penalties(vocabulary.size, 64, PENALTY, 0.0, 0.0))
        if settings.temperature <= 0.0:
            api.llama_sampler_chain_add(chain, api.llama_sampler_init_greedy())
            return chain
        for sampler in (
            api.llama_sampler_init_top_k(40),
            api.llama_sampler_init_top_p(0.95, 1),
            api.llama_sampler_init_min_p(0.05, 1),
            api.llama_sampler_init_temp(settings.temperature),
            api.llama_sampler_init_dist(settings.seed),
        ):
            api.llama_sampler_chain_add(chain, sampler)
        return chain

    def _make_grammar(self, vocabulary: Vocabulary, grammar: str) -> Any:
        sampler = self._api.llama_sampler_init_grammar(vocabulary.handle, grammar.encode(), b"root")
        if not sampler:
            self._api.llama_sampler_free(self._chain)
            message = "llama.cpp refuses the grammar"
            raise ValueError(message)
        return sampler
