"""What every source of changes does, shown on each of them and on their double.

A source joins by a function that prepares a `Case` in an empty folder and an entry in `CASES`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.checkout.local_changes import LocalChanges
from bot.domain.change import Change, Commit, DiffFile, GitRange, PullRequest, PullRequestRef, Target
from bot.domain.diff import Diff, FileStatus
from bot.domain.errors import BotError, NothingToReview, PullRequestNotFound, UserError
from bot.domain.sentence import say
from bot.github.changes import GitHubChanges
from bot.ports.changes import Changes
from tests.builders import a_diff
from tests.doubles.changes import FixedChanges
from tests.standins.github import GitRepository, StandInGitHub, changed

OLD = "one\ntwo\n"
NEW = "one\nzwei\nthree\n"


@dataclass(frozen=True, kw_only=True)
class Case:
    """A source, and what it can be asked for.

    Attributes:
        good: Changes `numbers.txt` from `OLD` to `NEW`, in one commit where the source knows commits.
        empty: Is there and changes nothing.
        missing: Is not there.
        foreign: Is of a kind that another source knows.
    """

    changes: Changes
    good: Target
    empty: Target
    missing: Target
    foreign: Target
    knows_commits: bool


def pull(number: int) -> PullRequestRef:
    return PullRequestRef(owner="octo", repository="hello.world", number=number)


def repository_in(folder: Path) -> GitRepository:
    repository = changed(folder / "repository", {"numbers.txt": OLD}, {"numbers.txt": NEW})
    repository.git("branch", "still", "main")
    return repository


@asynccontextmanager
async def on_github(folder: Path) -> AsyncIterator[Case]:
    with StandInGitHub(repository_in(folder)) as github:
        github.open_pull_request(number=1)
        github.open_pull_request(number=2, head="still")
        changes = GitHubChanges(api_url=github.api_url, token="good")
        try:
            yield Case(
                changes=changes,
                good=pull(1),
                empty=pull(2),
                missing=pull(3),
                foreign=DiffFile(path=folder / "a.diff"),
                knows_commits=True,
            )
        finally:
            await changes.close()


@asynccontextmanager
async def in_a_repository(folder: Path) -> AsyncIterator[Case]:
    here = repository_in(folder).folder
    yield Case(
        changes=LocalChanges(max_diff_bytes=2**20),
        good=GitRange(folder=here, range="main...topic"),
        empty=GitRange(folder=here, range="main...still"),
        missing=GitRange(folder=here, range="main...nowhere"),
        foreign=pull(1),
        knows_commits=True,
    )


@asynccontextmanager
async def in_a_file(folder: Path) -> AsyncIterator[Case]:
    (folder / "good.diff").write_bytes(repository_in(folder).git("diff", "main...topic"))
    (folder / "empty.diff").write_bytes(b"")
    yield Case(
        changes=LocalChanges(max_diff_bytes=2**20),
        good=DiffFile(path=folder / "good.diff"),
        empty=DiffFile(path=folder / "empty.diff"),
        missing=DiffFile(path=folder / "missing.diff"),
        foreign=pull(1),
        knows_commits=False,
    )


@asynccontextmanager
async def in_the_double(_folder: Path) -> AsyncIterator[Case]:
    diff = a_diff({"numbers.txt": (OLD, NEW)})
    known = PullRequest(title="Change", commits=(Commit(sha="1f", message="Change", author="Ada"),))
    outcomes: dict[Target, Change | BotError] = {
        pull(1): Change(pull_request=known, diff=diff, per_commit=(diff,)),
        pull(2): NothingToReview(say("It is empty.")),
        pull(3): PullRequestNotFound(say("It is not there.")),
    }
    yield Case(
        changes=FixedChanges(outcomes),
        good=pull(1),
        empty=pull(2),
        missing=pull(3),
        foreign=DiffFile(path=None),
        knows_commits=True,
    )


CASES: dict[str, Callable[[Path], AbstractAsyncContextManager[Case]]] = {
    "github": on_github,
    "repository": in_a_repository,
    "file": in_a_file,
    "double": in_the_double,
}


@pytest.fixture(params=CASES)
async def case(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Case]:
    async with CASES[request.param](tmp_path) as prepared:
        yield prepared


def texts(diff: Diff) -> list[str]:
    return [line.text for file in diff.files for line in file.lines if line.changed]


async def test_the_lines_arrive_with_their_numbers(case: Case) -> None:
    change = await case.changes.fetch(case.good)

    (file,) = change.diff.files
    assert (file.path, file.old_path, file.status) == ("numbers.txt", "numbers.txt", FileStatus.MODIFIED)
    assert [(line.old, line.new, line.text) for line in file.lines] == [
        (1, 1, "one"),
        (2, None, "two"),
        (None, 2, "zwei"),
        (None, 3, "three"),
    ]
    assert change.pull_request.title


async def test_commits_have_lines_only_when_they_are_asked_for(case: Case) -> None:
    without = await case.changes.fetch(case.good)
    with_commits = await case.changes.fetch(case.good, by_commit=True)

    assert without.per_commit == ()
    assert len(with_commits.per_commit) == len(with_commits.pull_request.commits) == int(case.knows_commits)
    assert all(texts(diff) == ["two", "zwei", "three"] for diff in with_commits.per_commit)
    assert without.diff == with_commits.diff


async def test_fetching_again_gives_the_same(case: Case) -> None:
    assert await case.changes.fetch(case.good) == await case.changes.fetch(case.good)


async def test_several_may_be_fetched_at_the_same_time(case: Case) -> None:
    first, *others = await asyncio.gather(*(case.changes.fetch(case.good) for _ in range(6)))

    assert others == [first] * 5


async def test_what_is_empty_is_nothing_to_review(case: Case) -> None:
    with pytest.raises(NothingToReview):
        await case.changes.fetch(case.empty)


@pytest.mark.parametrize("which", ["missing", "foreign"])
async def test_what_is_not_there_is_a_sentence_for_the_person(which: str, case: Case) -> None:
    with pytest.raises(UserError) as caught:
        await case.changes.fetch(getattr(case, which))

    assert str(caught.value.sentence).endswith(".")


async def test_a_failure_leaves_the_source_usable(case: Case) -> None:
    with pytest.raises(UserError):
        await case.changes.fetch(case.missing)

    assert texts((await case.changes.fetch(case.good)).diff) == ["two", "zwei", "three"]
