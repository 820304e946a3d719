from __future__ import annotations

import os
import pty
import socket
import subprocess
import sys
import termios
from collections import namedtuple
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.domain.errors import BotError, ConfigInvalid, PermanentError, TransientError
from bot.llm.files import installed
from bot.llm.hub import Wanted, parse_wanted, pull
from tests.llm.standin_hub import StandInHub, serving

SMALL = os.urandom(300_000)
PARTS = {
    "big/big-Q8_0-00001-of-00002.gguf": b"GGUF" + b"a" * 999,
    "big/big-Q8_0-00002-of-00002.gguf": b"GGUF" + b"b" * 9,
}


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[StandInHub]:
    hub = StandInHub(
        {
            "owner/One-GGUF": {"README.md": b"#", "one-Q4_K_M.gguf": SMALL, "mmproj-one.gguf": b"eyes"},
            "owner/Many-GGUF": {
                "m.Q4_K_M.gguf": b"GGUFa",
                "m.Q4_K_S.gguf": b"GGUFb",
                "m.IQ4_XS.gguf": b"GGUFc",
                **PARTS,
            },
            "owner/Weights": {"model.safetensors": b"x"},
        }
    )
    with serving(hub) as address:
        monkeypatch.setenv("HF_ENDPOINT", address)
        monkeypatch.setenv("HF_HUB_DISABLE_IMPLICIT_TOKEN", "1")
        yield hub


def refusal(kind: type[BotError], wanted: Wanted, folder: Path) -> str:
    with pytest.raises(kind) as caught:
        pull(wanted, folder)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("owner/One-GGUF", Wanted(repository="owner/One-GGUF")),
        ("owner/Many-GGUF:Q4_K_M", Wanted(repository="owner/Many-GGUF", choice="Q4_K_M")),
        ("https://huggingface.co/owner/One-GGUF", Wanted(repository="owner/One-GGUF")),
    ],
)
def test_a_name_may_carry_a_quantisation(text: str, wanted: Wanted) -> None:
    assert parse_wanted(text) == wanted


@pytest.mark.parametrize("text", ["", "model", "a/b/c", ":Q4"])
def test_other_names_are_refused(text: str) -> None:
    with pytest.raises(ConfigInvalid, match="owner/repository:Q4_K_M"):
        parse_wanted(text)


def test_a_model_is_fetched_once_and_then_listed(hub: StandInHub, tmp_path: Path) -> None:
    file = pull(Wanted(repository="owner/One-GGUF"), tmp_path)
    again = pull(Wanted(repository="owner/One-GGUF"), tmp_path)

    assert file == again == tmp_path / "owner/One-GGUF/one-Q4_K_M.gguf"
    assert file.read_bytes() == SMALL
    assert hub.ranges == [""]
    assert [model.path for model in installed(tmp_path)[1:]] == [file]
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_a_terminal_gets_a_bar_and_a_pipe_nothing(hub: StandInHub, tmp_path: Path) -> None:
    program = "import sys; from pathlib import Path; from bot.llm.hub import *"
    call = "pull(parse_wanted('owner/One-GGUF'), Path(sys.argv[1]))"
    terminal, end = pty.openpty()
    termios.tcsetwinsize(end, (24, 80))

    for folder, errors in (("a", end), ("b", subprocess.PIPE)):
        command = [sys.executable, "-c", f"{program}; {call}", str(tmp_path / folder)]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=errors, check=True)
        assert done.stdout == b""
        assert not done.stderr
    os.close(end)

    shown = os.read(terminal, 10_000)
    os.close(terminal)
    assert b"one-Q4_K_M.gguf" in shown
    assert b"100%" in shown


def test_an_interrupted_download_goes_on_where_it_stopped(hub: StandInHub, tmp_path: Path) -> None:
    folder = tmp_path / "owner/One-GGUF"
    folder.mkdir(parents=True)
    (folder / "one-Q4_K_M.gguf.part").write_bytes(SMALL[:100_000])

    file = pull(Wanted(repository="owner/One-GGUF"), tmp_path)

    assert hub.ranges == ["bytes=100000-"]
    assert file.read_bytes() == SMALL


def test_a_wrong_checksum_is_told_and_nothing_damaged_is_kept(hub: StandInHub, tmp_path: Path) -> None:
    hub.wrong_checksums = True

    said = refusal(PermanentError, Wanted(repository="owner/One-GGUF"), tmp_path)

    assert "one-Q4_K_M.gguf arrived damaged" in said
    assert list((tmp_path / "owner/One-GGUF").iterdir()) == []


@pytest.mark.parametrize(
    ("choice", "content"),
    [("q4_k_m", b"GGUFa"), ("m.Q4_K_S.gguf", b"GGUFb"), ("Q8_0", PARTS["big/big-Q8_0-00001-of-00002.gguf"])],
)
def test_a_quantisation_or_a_file_name_chooses(hub: StandInHub, tmp_path: Path, choice: str, content: bytes) -> None:
    assert pull(Wanted(repository="owner/Many-GGUF", choice=choice), tmp_path).read_bytes() == content


def test_all_parts_of_a_model_are_fetched(hub: StandInHub, tmp_path: Path) -> None:
    first = pull(Wanted(repository="owner/Many-GGUF", choice="Q8_0"), tmp_path)

    assert first.name == "big-Q8_0-00001-of-00002.gguf"
    assert sorted(path.name for path in first.parent.iterdir()) == [Path(name).name for name in PARTS]


@pytest.mark.parametrize("choice", ["", "Q2_K"])
def test_several_models_are_listed(hub: StandInHub, tmp_path: Path, choice: str) -> None:
    said = refusal(ConfigInvalid, Wanted(repository="owner/Many-GGUF", choice=choice), tmp_path)

    assert "m.IQ4_XS.gguf, m.Q4_K_M.gguf, m.Q4_K_S.gguf" in said
    assert "owner/Many-GGUF:NAME" in said


def test_what_the_hub_refuses_is_a_sentence(hub: StandInHub, tmp_path: Path) -> None:
    hub.gated.add("owner/Gated")

    assert "accept its terms" in refusal(PermanentError, Wanted(repository="owner/Gated"), tmp_path)
    assert "no repository owner/None" in refusal(ConfigInvalid, Wanted(repository="owner/None"), tmp_path)
    assert "holds no GGUF file" in refusal(ConfigInvalid, Wanted(repository="owner/Weights"), tmp_path)
    assert "no name of a repository" in refusal(ConfigInvalid, Wanted(repository="owner/a b"), tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_hub_that_fails_or_cannot_be_reached_is_worth_another_try(
    hub: StandInHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.failing = True
    assert "error (503)" in refusal(TransientError, Wanted(repository="owner/One-GGUF"), tmp_path)

    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{unused.getsockname()[1]}")
        said = refusal(TransientError, Wanted(repository="owner/One-GGUF"), tmp_path)
    assert "cannot be reached" in said
    assert "goes on where it stopped" in said


def test_a_full_disk_is_told_before_the_download(
    hub: StandInHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr("bot.llm.hub.shutil.disk_usage", lambda _path: usage(0, 0, 1000))

    said = refusal(PermanentError, Wanted(repository="owner/One-GGUF"), tmp_path)

    assert "no room" in said
    assert hub.ranges == []


def test_a_folder_that_cannot_be_written_is_a_sentence(hub: StandInHub, tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    assert "cannot be stored" in refusal(PermanentError, Wanted(repository="owner/One-GGUF"), tmp_path / "file")
