"""What `[model]` says, as values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelChoice:
    """Which model, and how it is run: the keys of `[model]` of the same names."""

    path: str
    n_ctx: int = 0
    n_threads: int = 0
    n_gpu_layers: int = 0
    chat_format: str = ""
    temperature: float = 0.2
    seed: int = 7
