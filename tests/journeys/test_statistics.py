"""Statistics on the terminal, as people run it: a file to look at, and what it shows in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.program import parley
from tests.standins.github import StandInGitHub


@pytest.fixture
def places(github: StandInGitHub) -> dict[str, str]:
    return {"PARLEY_GITHUB__API_URL": github.api_url, "PARLEY_GITHUB__WEB_URL": github.web_url}


def test_a_pipe_gets_the_words_and_the_name_of_the_file(
    tmp_path: Path, github: StandInGitHub, places: dict[str, str]
) -> None:
    done = parley(
        "chat",
        folder=tmp_path,
        environment={**places, "PARLEY_GITHUB__TOKEN": "good"},
        said=b"stats octo/hello.world 52\nstats octo/hello.world 53\n",
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert "Pull requests of octo/hello.world, 52 weeks from " in done.stdout
    assert "Open: 1. By age: 90 days and more: 1." in done.stdout
    (file,) = (tmp_path / "data" / "parley" / "pictures").iterdir()
    assert f"The picture is in {file}" in done.stdout
    assert file.read_bytes().startswith(b"\x89PNG")
    assert "say it as in `stats octo/hello.world 52`" in done.stdout


def test_chinese_says_the_words_in_chinese(tmp_path: Path, github: StandInGitHub, places: dict[str, str]) -> None:
    settings = {"PARLEY_GITHUB__TOKEN": "good", "PARLEY_REVIEW__LANGUAGE": "zh"}

    done = parley("chat", folder=tmp_path, environment={**places, **settings}, said=b"stats octo/hello.world\n")

    assert "octo/hello.world 的拉取请求，自 " in done.stdout
    assert "打开：1。按天数：90 天及以上：1。" in done.stdout


def test_without_a_token_it_is_said_that_one_is_needed(
    tmp_path: Path, github: StandInGitHub, places: dict[str, str]
) -> None:
    done = parley("chat", folder=tmp_path, environment=places, said=b"stats octo/hello.world\n")

    assert done.returncode == 0
    assert "Statistics need a token" in done.stdout
    assert "set token of [github]" in done.stdout
    assert github.requests == []
