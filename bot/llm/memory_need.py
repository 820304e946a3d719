"""How much memory a model takes, and which context size fits."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.errors import ModelUnusable
from bot.domain.sentence import say
from bot.llm.gguf import Header

LARGEST = 16_384
"""Most tokens of a context that nobody asked for by number."""

SMALLEST = 2_048
"""A context under this holds no useful prompt."""

OVERHEAD = 150 * 2**20
_BYTES_PER_VALUE = 2  # the cache holds 16-bit floats


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryNeed:
    """What a model takes, in bytes.

    Attributes:
        weights: The whole file, or what of it stays off the GPU.
        per_token: Cache for one token of context.
    """

    weights: int
    per_token: int

    def of(self, n_ctx: int) -> int:
        """Return the need with a context of that many tokens."""
        return self.weights + self.per_token * n_ctx + OVERHEAD


def memory_need(header: Header, size: int, *, offloaded: float = 0.0) -> MemoryNeed:
    """Estimate what the model in a file of *size* bytes takes.

    Args:
        offloaded: The part of the model that goes to a GPU, 0 to 1, cache included.
    """
    layers = header.number(".block_count")
    heads = max((1, *header.numbers(".attention.head_count", layers)))
    width = header.number(".embedding_length") // heads
    key = header.number(".attention.key_length", width)
    value = header.number(".attention.value_length", width)
    kv_heads = header.numbers(".attention.head_count_kv", layers)
    cache = sum(kv_heads) or layers * heads
    here = 1.0 - offloaded
    return MemoryNeed(weights=int(size * here), per_token=int(cache * (key + value) * _BYTES_PER_VALUE * here))


def choose_context(need: MemoryNeed, *, name: str, wanted: int, trained: int, available: int) -> int:
    """Return the context size: the *wanted* one, or for 0 the largest sensible one that fits.

    That is what the model was trained for, at most `LARGEST`, halved until it fits.

    Raises:
        ModelUnusable: The model does not fit.
    """
    n_ctx = wanted or min(trained or LARGEST, LARGEST)
    while not wanted and need.of(n_ctx) > available and n_ctx // 2 >= SMALLEST:
        n_ctx //= 2
    if need.of(n_ctx) <= available:
        return n_ctx
    raise ModelUnusable(
        say(
            "{model} needs about {need} MiB of memory with a context of {n_ctx} tokens and {available} MiB are free;"
            " close other programs, take a smaller model as path in [model], or a smaller n_ctx.",
            model=name,
            need=need.of(n_ctx) // 2**20,
            n_ctx=n_ctx,
            available=available // 2**20,
        )
    )
