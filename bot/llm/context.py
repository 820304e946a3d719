"""The memory of what the model has read, and the reading itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.domain.errors import ModelFailed, ModelUnusable
from bot.domain.sentence import say
from bot.llm.stop_flag import StopFlag
from bot.llm.worker import Stopped

_ABORTED = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextSize:
    """How a context is made.

    Attributes:
        n_ctx: Tokens it holds.
        block: Tokens read at once. Prompts are always read in whole blocks counted from their beginning, and only
            whole blocks are kept for the next prompt. So the same prompt gives the same numbers to the last bit
            whatever was read before: the kernels for few tokens and for many round differently (seen with Q4_K).
    """

    n_ctx: int
    block: int
    threads: int
    flash_attention: bool


class Context:
    """One sequence of tokens that the model has read."""

    def __init__(self, api: Any, model: Any, size: ContextSize, stop: StopFlag) -> None:
        self._api = api
        self._size = size
        self._stop = stop
        self._kept: list[int] = []
        self._read = 0
        self._native = api.llama_init_from_model(model, self._parameters())
        if not self._native:
            raise ModelUnusable(
                say(
                    "llama.cpp cannot make a context of {n_ctx} tokens; set a smaller n_ctx in [model].",
                    n_ctx=size.n_ctx,
                )
            )
        self._memory = api.llama_get_memory(self._native)
        self._abort = api.ggml_abort_callback(StopFlag.reader())
        api.llama_set_abort_callback(self._native, self._abort, stop.address)

    def read_prompt(self, tokens: Sequence[int]) -> int:
        """Read *tokens* in place of everything before; return how many were still known.

        Raises:
            Stopped: The flag was set; what was read until then is kept.
        """
        cached = self._keep(self._common_blocks(tokens))
        self._kept = list(tokens[:cached])
        while self._read < len(tokens):
            block = tokens[self._read : self._read + self._size.block]
            self._decode(block)
            self._kept.extend(block)
        return cached

    def read_token(self, token: int) -> None:
        """Read one more token.

        Raises:
            Stopped: The flag was set.
        """
        self._decode((token,))

    def logits(self, vocabulary: int) -> npt.NDArray[np.float32]:
        """Return how likely each token of the vocabulary comes next; valid until more is read."""
        scores: npt.NDArray[np.float32] = np.ctypeslib.as_array(
            self._api.llama_get_logits_ith(self._native, -1), shape=(vocabulary,)
        )
        return scores

    def free(self) -> None:
        """Give the memory back."""
        self._api.llama_free(self._native)

    def _common_blocks(self, tokens: Sequence[int]) -> int:
        """Count the tokens of whole blocks that prompt and memory share; one token is always left to be read."""
        pairs = zip(self._kept, tokens[:-1], strict=False)
        common = next((at for at, (old, new) in enumerate(pairs) if old != new), min(len(self._kept), len(tokens) - 1))
        return common - common % self._size.block

    def _keep(self, count: int) -> int:
        """Forget all but the first *count* tokens; models that cannot forget in part forget everything."""
        if not self._api.llama_memory_seq_rm(self._memory, 0, count, -1):
            self._api.llama_memory_clear(self._memory, True)
            count = 0
        self._read = count
        return count

    def _decode(self, tokens: Sequence[int]) -> None:
        batch = (self._api.llama_token * len(tokens))(*tokens)
        code = self._api.llama_decode(self._native, self._api.llama_batch_get_one(batch, len(tokens)))
        if code == _ABORTED or (code == 0 and self._stop.is_set()):
            raise Stopped
        if code != 0:
            raise ModelFailed(
                say("llama.cpp failed while it read a prompt (code {code}); try a smaller n_ctx in [model].", code=code)
            )
        self._read += len(tokens)

    def _parameters(self) -> Any:
        size, parameters = self._size, self._api.llama_context_default_params()
        parameters.n_ctx = size.n_ctx
        parameters.n_batch = parameters.n_ubatch = size.block
        parameters.n_outputs_max = 1  # only the last token of a block is asked for; saves a vocabulary for each other
        parameters.n_threads = parameters.n_threads_batch = size.threads
        parameters.flash_attn_type = (
            self._api.LLAMA_FLASH_ATTN_TYPE_AUTO if size.flash_attention else self._api.LLAMA_FLASH_ATTN_TYPE_DISABLED
        )
        return parameters
