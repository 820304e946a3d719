"""From the settings of `[model]` to a model in memory."""

from __future__ import annotations

from contextlib import ExitStack

from bot.domain.review import ModelInfo
from bot.llm.chat_formats import chat_template
from bot.llm.choice import ModelChoice
from bot.llm.context import Context, ContextSize
from bot.llm.files import describe, locate
from bot.llm.gguf import Header
from bot.llm.loaded import LoadedModel
from bot.llm.loading import load_weights
from bot.llm.machine import available_memory, processors
from bot.llm.memory_need import choose_context, memory_need
from bot.llm.native import library
from bot.llm.sampler import SamplerSettings
from bot.llm.stop_flag import StopFlag
from bot.llm.vocabulary import Vocabulary

BLOCK = 64
GPU_BLOCK = 512
"""Tokens read at once: a processor gains little from more than 64, and small blocks waste little of what is known."""


def open_model(choice: ModelChoice, stop: StopFlag) -> LoadedModel:
    """Check the file, check the memory, load, and learn how the model is spoken to.

    Raises:
        ModelUnusable: One of that failed.
        Stopped: The flag was set.
    """
    file = locate(choice.path)
    header = describe(file)
    api = library()
    offloaded = _offloaded(header, choice.n_gpu_layers) if api.llama_supports_gpu_offload() else 0.0
    n_ctx = choose_context(
        memory_need(header, file.size, offloaded=offloaded),
        name=file.name,
        wanted=choice.n_ctx,
        trained=header.number(".context_length"),
        available=available_memory(),
    )
    size = ContextSize(
        n_ctx=n_ctx,
        block=GPU_BLOCK if offloaded else BLOCK,
        threads=choice.n_threads or processors(),
        flash_attention=offloaded > 0.0,
    )
    with ExitStack() as stack:
        model = load_weights(api, file, header, n_gpu_layers=choice.n_gpu_layers, stop=stop)
        stack.callback(api.llama_model_free, model)
        vocabulary = Vocabulary(api, model)
        template = chat_template(header, vocabulary, name=file.name, chat_format=choice.chat_format)
        context = Context(api, model, size, stop)
        stack.callback(context.free)
        name = header.text("general.name") or file.name
        return LoadedModel(
            api,
            ModelInfo(backend="llama_cpp", name=name, n_ctx=n_ctx, starter=file.starter),
            vocabulary=vocabulary,
            template=template,
            context=context,
            settings=SamplerSettings(temperature=choice.temperature, seed=choice.seed),
            resources=stack.pop_all(),
        )


def _offloaded(header: Header, n_gpu_layers: int) -> float:
    """Return which part of the model goes to the GPU."""
    layers = header.number(".block_count", 1) + 1
    return 1.0 if n_gpu_layers < 0 else min(1.0, n_gpu_layers / layers)
