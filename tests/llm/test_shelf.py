from __future__ import annotations

from bot.llm.shelf import Offer, choose


def an_offer(name: str) -> Offer:
    return Offer(name=name, size=1, sha256="")


def test_a_model_that_is_there_whole_and_in_parts_is_taken_whole() -> None:
    names = ["m-q4_k_m.gguf", "m-q4_k_m-00001-of-00002.gguf", "m-q4_k_m-00002-of-00002.gguf", "m-q8_0.gguf"]

    chosen = choose([an_offer(name) for name in names], "Q4_K_M", repository="owner/m-GGUF")

    assert [offer.name for offer in chosen] == ["m-q4_k_m.gguf"]
