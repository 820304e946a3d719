from __future__ import annotations

import pytest

from bot.domain.errors import ModelUnusable
from bot.llm.gguf import Header, Value
from bot.llm.memory_need import OVERHEAD, MemoryNeed, choose_context, memory_need

MIB = 2**20


def header(**sizes: Value) -> Header:
    return Header(values={"general.architecture": "qwen2", **{f"qwen2.{key}": value for key, value in sizes.items()}})


def choose(need: MemoryNeed, available: int, *, wanted: int = 0, trained: int = 32_768) -> int:
    return choose_context(need, name="m", wanted=wanted, trained=trained, available=available)


def test_the_cache_holds_a_key_and_a_value_of_16_bit_for_each_head_of_each_layer() -> None:
    sizes: dict[str, Value] = {"block_count": 28, "embedding_length": 1536, "attention.head_count": 12}

    need = memory_need(header(**sizes, **{"attention.head_count_kv": 2}), 1000)

    assert need == MemoryNeed(weights=1000, per_token=28 * 2 * (128 + 128) * 2)


def test_layers_may_differ_and_heads_may_be_wider_than_their_share() -> None:
    sizes: dict[str, Value] = {"block_count": 3, "embedding_length": 640, "attention.head_count": 4}
    more: dict[str, Value] = {"attention.head_count_kv": (1, 0, 2), "attention.key_length": 256}

    need = memory_need(header(**sizes, **more, **{"attention.value_length": 128}), 0)

    assert need.per_token == 3 * (256 + 128) * 2


def test_what_is_on_the_gpu_takes_no_memory_here() -> None:
    sizes: dict[str, Value] = {"block_count": 28, "embedding_length": 1536, "attention.head_count": 12}

    assert memory_need(header(**sizes), 1000, offloaded=1.0) == MemoryNeed(weights=0, per_token=0)


@pytest.mark.parametrize(("trained", "chosen"), [(0, 16_384), (8192, 8192), (131_072, 16_384)])
def test_the_context_is_the_trained_one_up_to_a_limit(trained: int, chosen: int) -> None:
    assert choose(MemoryNeed(weights=0, per_token=1), 2**40, trained=trained) == chosen


def test_the_context_is_halved_until_it_fits() -> None:
    need = MemoryNeed(weights=100 * MIB, per_token=MIB)

    assert choose(need, 100 * MIB + OVERHEAD + 5000 * MIB) == 4096


def test_a_context_that_was_asked_for_is_never_changed() -> None:
    need = MemoryNeed(weights=100 * MIB, per_token=MIB)

    assert choose(need, 2**40, wanted=512) == 512
    with pytest.raises(ModelUnusable):
        choose(need, 100 * MIB + OVERHEAD + 5000 * MIB, wanted=8192)


def test_a_model_that_does_not_fit_names_need_room_and_remedies() -> None:
    with pytest.raises(ModelUnusable) as caught:
        choose(MemoryNeed(weights=7000 * MIB, per_token=MIB), 4000 * MIB)

    said = str(caught.value)
    assert "needs about 9198 MiB" in said
    assert "2048 tokens" in said
    assert "4000 MiB are free" in said
    assert "path in [model]" in said
    assert "n_ctx" in said
