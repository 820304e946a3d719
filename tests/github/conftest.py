"""A stand-in GitHub with one pull request, and sources of changes that ask it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.domain.change import PullRequestRef
from bot.github.changes import GitHubChanges
from tests.standins.github import StandInGitHub, one_file

MakeChanges = Callable[..., GitHubChanges]

REF = PullRequestRef(owner="octo", repository="hello.world", number=12)


class Sleeps(list[float]):
    """Waits no time at all, and remembers how long it should have been."""

    async def __call__(self, seconds: float) -> None:
        self.append(seconds)


@pytest.fixture
def github(tmp_path: Path) -> Iterator[StandInGitHub]:
    with StandInGitHub(one_file(tmp_path / "repository")) as standin:
        standin.open_pull_request()
        yield standin


@pytest.fixture
def sleeps() -> Sleeps:
    return Sleeps()


@pytest.fixture
async def make_changes(sleeps: Sleeps) -> AsyncIterator[MakeChanges]:
    """Make sources that are closed when the test ends."""
    made: list[GitHubChanges] = []

    def make(github: StandInGitHub, **settings: Any) -> GitHubChanges:
        made.append(GitHubChanges(**{"api_url": github.api_url, "token": "good", "sleep": sleeps, **settings}))
        return made[-1]

    yield make
    for changes in made:
        await changes.close()


@pytest.fixture
def changes(github: StandInGitHub, make_changes: MakeChanges) -> GitHubChanges:
    """Ask with a token."""
    return make_changes(github)


@pytest.fixture
def nobody(github: StandInGitHub, make_changes: MakeChanges) -> GitHubChanges:
    """Ask without a token."""
    return make_changes(github, token="")
