"""A GitHub to talk to, and settings that point at it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.config import GitHubSettings, MemorySettings, Settings
from tests.standins.github import StandInGitHub, one_file


@pytest.fixture
def github(tmp_path: Path) -> Iterator[StandInGitHub]:
    """Serve octo/hello.world with one open pull request, #12."""
    with StandInGitHub(one_file(tmp_path / "upstream")) as standin:
        standin.open_pull_request()
        yield standin


@pytest.fixture
def settings(tmp_path: Path, github: StandInGitHub) -> Settings:
    """Point at the stand-in, with a good token and a database of our own."""
    return Settings(
        github=GitHubSettings(api_url=github.api_url, web_url=github.web_url, token="good", max_rate_limit_wait=0),  # type: ignore[arg-type]  # pydantic makes it a secret
        memory=MemorySettings(database=str(tmp_path / "data" / "parley.sqlite3")),
    )
