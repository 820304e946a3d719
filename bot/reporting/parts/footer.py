"""What it took: model, time and tokens, and how far the model can be trusted."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.review import ModelInfo, Review, Usage
from bot.domain.sentence import Sentence, Speak, say, say_many
from bot.reporting.markup import code


def footer(review: Review, speak: Speak) -> Iterator[str]:
    """Name the model and what the review cost; warn of the starter model."""
    yield "---"
    yield " · ".join(map(speak, (_model(review.model), *_usage(review.usage))))
    if review.model.starter:
        yield f"**{speak(starter_warning())}**"


def starter_warning() -> Sentence:
    """Say what the starter model is worth."""
    return say(
        "This is the starter model: it is for trying things out and its judgement is poor. "
        "Name a better one as `path` under `[model]` in the configuration."
    )


def _model(model: ModelInfo) -> Sentence:
    return say("{name}, context of {n_ctx:,} tokens", name=code(model.name), n_ctx=model.n_ctx)


def _usage(usage: Usage) -> Iterator[Sentence]:
    yield say_many("{count} second", "{count} seconds", round(usage.seconds))
    yield say_many("{count} model call", "{count} model calls", usage.model_calls)
    yield say(
        "{prompt:,} tokens read, {cached:,} of them from the cache, {completion:,} written",
        prompt=usage.prompt_tokens,
        cached=usage.cached_tokens,
        completion=usage.completion_tokens,
    )
