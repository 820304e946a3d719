"""A model file into memory, in steps that can be stopped."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from typing import Any

from bot.domain.errors import ModelUnusable
from bot.domain.sentence import say
from bot.llm.files import ModelFile, cut_off
from bot.llm.gguf import Header
from bot.llm.native import listening
from bot.llm.stop_flag import StopFlag
from bot.llm.worker import Stopped

_SLICE = 16 * 2**20


def load_weights(api: Any, file: ModelFile, header: Header, *, n_gpu_layers: int, stop: StopFlag) -> Any:
    """Load the weights and the vocabulary; return the native model.

    Raises:
        Stopped: The flag was set.
        ModelUnusable: llama.cpp refuses the file.
    """
    _warm_up(file, stop)
    go_on = api.llama_progress_callback(lambda _progress, _data: not stop.is_set())
    parameters = api.llama_model_default_params()
    parameters.n_gpu_layers = n_gpu_layers
    parameters.progress_callback = go_on
    with listening() as lines:
        model = api.llama_model_load_from_file(str(file.path).encode(), parameters)
        if model:
            return model
        if stop.is_set():
            raise Stopped
        raise _refusal(file, header, lines)


def _warm_up(file: ModelFile, stop: StopFlag) -> None:
    """Read the file once: llama.cpp maps it in one system call that nothing can stop while a disk is slow."""
    buffer = bytearray(_SLICE)
    with contextlib.suppress(OSError), file.path.open("rb", buffering=0) as source:
        while source.readinto(buffer):
            if stop.is_set():
                raise Stopped


def _refusal(file: ModelFile, header: Header, lines: Iterable[str]) -> ModelUnusable:
    """Say in a sentence what llama.cpp said in its log."""
    said = [line.strip() for line in lines]
    if any("not within the file bounds" in line or "corrupted or incomplete" in line for line in said):
        return cut_off(file)
    if any("unknown model architecture" in line for line in said):
        return ModelUnusable(
            say(
                "{file} holds a model of the kind {kind}, which this llama.cpp does not know;"
                " set another path in [model], or install a newer llama-cpp-python.",
                file=str(file.path),
                kind=header.architecture or "?",
            )
        )
    reason = next((line.partition(": ")[2] for line in said if "error" in line), "") or "no reason given"
    return ModelUnusable(
        say("llama.cpp cannot load {file} ({reason}); set another path in [model].", file=str(file.path), reason=reason)
    )
