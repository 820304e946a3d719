"""Wrong input from the outside: one sentence on standard error, the right exit code, and never a traceback."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.llm.files import locate
from tests.builders import diff_text
from tests.journeys.program import parley
from tests.standins.github import StandInGitHub, faults, one_file

GOOD = diff_text({"a.py": ("old = 1\n", "new = 1\n")})


def complaint(process: subprocess.CompletedProcess[str]) -> str:
    """Return the one line of complaint; progress may stand before it."""
    assert "Traceback" not in process.stderr
    lines = [line for line in process.stderr.splitlines() if line.startswith("parley: ")]
    assert len(lines) == 1, process.stderr
    assert process.stderr.splitlines()[-1] == lines[0]
    return lines[0]


def as_file(content: bytes) -> Callable[[Path], str]:
    """Write *content* to a diff file and return its name."""

    def write(folder: Path) -> str:
        (folder / "x.diff").write_bytes(content)
        return "x.diff"

    return write


def named(target: str) -> Callable[[Path], str]:
    """Use *target* as it is."""
    return lambda _folder: target


@pytest.mark.parametrize(
    ("target", "code", "words"),
    [
        (as_file(b""), 2, "empty"),
        (as_file(b"Dear reviewer,\nplease have a look.\n"), 2, "no diff"),
        (as_file(GOOD.encode()[:-9]), 2, "damaged"),
        (as_file(b"+" * (6 * 2**20)), 2, "max_diff_mib"),
        (as_file(b"<<<<<<< HEAD\na\n=======\nb\n>>>>>>> main\n"), 2, "diff"),
        (named("missing.diff"), 2, "missing.diff"),
        (named("main...HEAD"), 2, "repository"),
        (named("https://github.com/octo/stats/issues/3"), 2, "is an issue, not a pull request"),
        (named("https://gitlab.com/octo/stats/pull/3"), 2, "github.com"),
        (named("https://github.com@evil.example/o/r/pull/3"), 2, "I understand"),
        (named("what is this"), 2, "I understand"),
    ],
)
def test_a_target_that_cannot_be_reviewed(tmp_path: Path, target: Callable[[Path], str], code: int, words: str) -> None:
    process = parley("review", target(tmp_path), folder=tmp_path)

    assert words in complaint(process)
    assert process.returncode == code
    assert process.stdout == ""


def test_fifty_mebibytes_on_standard_input_are_refused_before_they_are_read(tmp_path: Path) -> None:
    process = parley("review", "-", folder=tmp_path, said=b"+x\n" * (50 * 2**20 // 3))

    assert "max_diff_mib" in complaint(process)
    assert process.returncode == 2


def test_a_change_of_binaries_alone_is_incomplete_not_clean(tmp_path: Path) -> None:
    text = "diff --git a/x.png b/x.png\nindex 1..2 100644\nBinary files a/x.png and b/x.png differ\n"
    (tmp_path / "x.diff").write_text(text, encoding="utf-8")

    process = parley("review", "x.diff", folder=tmp_path)

    assert process.returncode == 4
    assert "binary" in process.stdout


@pytest.mark.parametrize(
    ("environment", "code", "words"),
    [
        ({"PARLEY_MODEL__PATH": "/nowhere/model.gguf"}, 3, "/nowhere/model.gguf"),
        ({"PARLEY_MODEL__PATH": __file__}, 3, "GGUF"),
        ({"PARLEY_MODEL__N_CTX": "700"}, 2, "n_ctx"),
        ({"PARLEY_MODEL__N_CTX": "9999999"}, 3, "memory"),
        ({"PARLEY_MODEL__N_CTXX": "700"}, 2, "PARLEY_MODEL__N_CTX."),
        ({"PARLEY_MODLE__PATH": "x"}, 2, "PARLEY_MODLE__PATH"),
        ({"PARLEY_CONFIG": "/nowhere.toml"}, 2, "/nowhere.toml"),
        ({"PARLEY_REVIEW__LANGUAGE": "klingonish"}, 2, "klingonish"),
        ({"PARLEY_PROMPTS__FOLDER": "/nowhere"}, 2, "/nowhere"),
    ],
)
def test_a_configuration_that_cannot_be_used(
    tmp_path: Path, environment: dict[str, str], code: int, words: str
) -> None:
    process = parley("review", as_file(GOOD.encode())(tmp_path), folder=tmp_path, environment=environment)

    assert words in complaint(process)
    assert process.returncode == code
    assert process.stdout == ""


def test_a_model_file_that_was_cut_off(tmp_path: Path) -> None:
    whole = locate("starter").path.read_bytes()
    (tmp_path / "cut.gguf").write_bytes(whole[: len(whole) // 2])

    process = parley(
        "review",
        as_file(GOOD.encode())(tmp_path),
        folder=tmp_path,
        environment={"PARLEY_MODEL__PATH": str(tmp_path / "cut.gguf")},
    )

    assert "cut.gguf" in complaint(process)
    assert process.returncode == 3


@pytest.mark.parametrize(
    ("database", "words"), [("file/in/a/file.sqlite3", "database"), ("corrupt.sqlite3", "damaged"), (".", "database")]
)
def test_a_database_that_cannot_be_used_is_said_before_anything_is_reviewed(
    tmp_path: Path, database: str, words: str
) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    (tmp_path / "corrupt.sqlite3").write_bytes(b"SQLite format 3\0" + b"\xff" * 4096)

    process = parley(
        "chat",
        folder=tmp_path,
        environment={"PARLEY_MEMORY__DATABASE": str(tmp_path / database)},
        said=b"sample\n",
    )

    assert words in complaint(process)
    assert process.returncode == 3
    assert (tmp_path / "corrupt.sqlite3").read_bytes().startswith(b"SQLite format 3\0\xff")


def pointing_at(github: StandInGitHub, **more: str) -> dict[str, str]:
    return {
        "PARLEY_GITHUB__API_URL": github.api_url,
        "PARLEY_GITHUB__WEB_URL": github.web_url,
        "PARLEY_GITHUB__MAX_RATE_LIMIT_WAIT": "0",
        **more,
    }


@pytest.mark.parametrize(
    ("token", "fault", "words"),
    [
        ("", None, "private"),
        ("wrong", faults.bad_credentials(), "token"),
        ("good", faults.not_found(), "was not found"),
        ("good", faults.primary_limit(3000), "limit"),
        ("good", faults.too_many_requests(), "limit"),
        ("good", faults.bad_gateway(), "GitHub"),
    ],
)
def test_a_github_that_refuses_or_fails(tmp_path: Path, token: str, fault: faults.Fault | None, words: str) -> None:
    with StandInGitHub(one_file(tmp_path / "upstream"), private=True) as github:
        github.open_pull_request()
        github.faults.extend([fault] if fault else [])
        environment = pointing_at(github, PARLEY_GITHUB__TOKEN=token)

        process = parley("review", "octo/hello.world#12", folder=tmp_path, environment=environment)

    assert words in complaint(process)
    assert "good" not in process.stderr
    assert process.returncode == 3


def test_a_github_that_is_down(tmp_path: Path) -> None:
    with StandInGitHub(one_file(tmp_path / "upstream")) as github:
        environment = pointing_at(github)

    process = parley("review", "octo/hello.world#12", folder=tmp_path, environment=environment)

    assert "cannot be reached" in complaint(process)
    assert process.returncode == 3
