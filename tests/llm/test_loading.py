"""What llama.cpp refuses becomes a sentence."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bot.domain.errors import ModelUnusable
from bot.llm import loading, native
from bot.llm.choice import ModelChoice
from bot.llm.files import ModelFile, describe, locate
from bot.llm.loading import load_weights
from bot.llm.native import library
from bot.llm.opening import open_model
from bot.llm.stop_flag import StopFlag
from bot.llm.worker import Stopped
from tests.llm.gguf_files import write_header


def refusal(path: Path, chat_format: str = "") -> str:
    with pytest.raises(ModelUnusable) as caught:
        open_model(ModelChoice(path=str(path), chat_format=chat_format), StopFlag())
    return str(caught.value)


def test_a_download_that_stopped_half_way_is_damaged(tmp_path: Path) -> None:
    starter = locate("starter").path.read_bytes()
    (tmp_path / "half.gguf").write_bytes(starter[: len(starter) // 2])

    assert "damaged or was not downloaded completely" in refusal(tmp_path / "half.gguf")


def test_an_unknown_kind_of_model_is_named(tmp_path: Path) -> None:
    path = write_header(tmp_path / "new.gguf", {"general.architecture": "transcendental"})

    said = refusal(path)

    assert "a model of the kind transcendental" in said
    assert str(path) in said


def test_what_else_llama_cpp_says_is_passed_on(tmp_path: Path) -> None:
    path = write_header(tmp_path / "bare.gguf", {"general.architecture": "llama", "llama.block_count": 1})

    said = refusal(path)

    assert said.startswith(f"llama.cpp cannot load {path} (")
    assert "context_length" in said


def test_nothing_of_llama_cpp_is_printed(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    refusal(write_header(tmp_path / "new.gguf", {"general.architecture": "transcendental"}))

    assert capfd.readouterr() == ("", "")


def test_loading_stops_when_it_is_told_to(monkeypatch: pytest.MonkeyPatch) -> None:
    file, stop = locate("starter"), StopFlag()
    stop.set()
    with pytest.raises(Stopped):  # while the file is read
        load_weights(library(), file, describe(file), n_gpu_layers=0, stop=stop)

    def read_all(_file: ModelFile, stop: StopFlag) -> None:
        stop.set()

    stop.clear()
    monkeypatch.setattr(loading, "_warm_up", read_all)
    with pytest.raises(Stopped):  # while llama.cpp loads
        load_weights(library(), file, describe(file), n_gpu_layers=0, stop=stop)


def test_a_library_that_cannot_be_loaded_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "llama_cpp.llama_cpp", None)

    with pytest.raises(ModelUnusable, match="llama-cpp-python cannot be loaded"):
        native.library.__wrapped__()


@pytest.mark.real
def test_an_unknown_chat_format_is_refused() -> None:
    said = refusal(Path("starter"), chat_format="chatlm")

    assert "There is no chat template chatlm" in said


def test_a_context_that_needs_more_memory_than_there_is_is_refused_before_loading() -> None:
    with pytest.raises(ModelUnusable, match=r"starter needs about \d+ MiB .* n_ctx"):
        open_model(ModelChoice(path="starter", n_ctx=2**30), StopFlag())
