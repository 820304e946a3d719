from __future__ import annotations

from pathlib import Path

import pytest

from bot.llm.gguf import CutOff, NotGguf, read_header
from tests.llm.gguf_files import write_header


def test_a_header_gives_texts_numbers_and_numbers_per_layer(tmp_path: Path) -> None:
    values = {
        "general.architecture": "llama",
        "llama.block_count": 2,
        "llama.attention.head_count_kv": [3, 1],
        "llama.rope.freq_base": 100000.0,
        "tokenizer.ggml.tokens": ["a", "b"],
        "tokenizer.chat_template": "{{ messages }}",
    }

    header = read_header(write_header(tmp_path / "m.gguf", values))

    assert header.architecture == "llama"
    assert header.number(".block_count") == 2
    assert header.numbers(".attention.head_count_kv", 2) == (3, 1)
    assert header.numbers(".block_count", 3) == (2, 2, 2)
    assert header.number(".rope.freq_base") == 100000
    assert header.text("tokenizer.chat_template") == "{{ messages }}"
    assert header.text("general.name") == ""


def test_a_header_that_ends_anywhere_is_cut_off(tmp_path: Path) -> None:
    whole = write_header(tmp_path / "m.gguf", {"general.architecture": "llama", "llama.block_count": 2}).read_bytes()
    for size in range(4, len(whole)):
        (tmp_path / "cut.gguf").write_bytes(whole[:size])
        with pytest.raises(CutOff):
            read_header(tmp_path / "cut.gguf")


@pytest.mark.parametrize("content", [b"", b"PK\3\4 a zip archive", b"GGUF\0\0\0\3 big-endian"])
def test_other_files_are_not_gguf(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "other").write_bytes(content)

    with pytest.raises(NotGguf):
        read_header(tmp_path / "other")
