"""Silence costs nothing, and what happens is seen."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.domain.change import CiState, RepositoryRef
from bot.domain.digest import Fate
from bot.domain.errors import CodeHostUnavailable, RateLimited, RepositoryNotFound
from bot.github.changes import GitHubChanges
from bot.github.pulse import GitHubPulse
from tests.builders import a_ref
from tests.standins.github import Check, StandInComment, StandInGitHub, StandInPull, faults, one_file

REPOSITORY = RepositoryRef(owner="octo", name="hello.world")


@pytest.fixture
def github(tmp_path: Path) -> Iterator[StandInGitHub]:
    with StandInGitHub(one_file(tmp_path)) as standin:
        standin.open_pull_request()
        yield standin


@pytest.fixture
async def pulse(github: StandInGitHub) -> AsyncIterator[GitHubPulse]:
    async def no_wait(_seconds: float) -> None:
        """Let no time pass between two tries."""

    changes = GitHubChanges(api_url=github.api_url, token="good", max_rate_limit_wait=0, sleep=no_wait)
    yield GitHubPulse(changes.talks)
    await changes.close()


async def test_where_nothing_happened_the_mark_is_the_same_and_nothing_is_spent(
    github: StandInGitHub, pulse: GitHubPulse
) -> None:
    mark = await pulse.mark(REPOSITORY, "")
    left = github.remaining

    again = [await pulse.mark(REPOSITORY, mark) for _ in range(5)]

    assert mark != ""
    assert again == [mark] * 5
    assert github.remaining == left


@pytest.mark.parametrize("change", ["updated", "title", "state"])
async def test_whatever_happens_makes_another_mark(github: StandInGitHub, pulse: GitHubPulse, change: str) -> None:
    mark = await pulse.mark(REPOSITORY, "")
    values = {"updated": "2026-01-07T10:00:00Z", "title": "Another", "state": "closed"}
    setattr(github.served.pulls[12], change, values[change])

    assert await pulse.mark(REPOSITORY, mark) not in ("", mark)


async def test_a_repository_that_is_not_there_is_said(pulse: GitHubPulse) -> None:
    with pytest.raises(RepositoryNotFound, match="octo/nothing was not found"):
        await pulse.mark(RepositoryRef(owner="octo", name="nothing"), "")


async def test_a_github_that_fails_is_said(github: StandInGitHub, pulse: GitHubPulse) -> None:
    github.faults.append(faults.bad_gateway())

    with pytest.raises(CodeHostUnavailable):
        await pulse.mark(REPOSITORY, "")


async def test_comments_of_people_below_pull_requests_are_read_in_their_order(
    github: StandInGitHub, pulse: GitHubPulse
) -> None:
    github.served.comments += [
        StandInComment(id=1, number=12, body="old", at="2026-01-01T00:00:00Z"),
        StandInComment(id=3, number=12, body="second", at="2026-01-06T11:00:00Z", author="eve", association="NONE"),
        StandInComment(id=2, number=12, body="first", at="2026-01-06T10:00:00Z"),
        StandInComment(id=4, number=7, body="of an issue", on_pull=False),
        StandInComment(id=5, number=12, body="of a program", bot=True),
    ]

    found = await pulse.comments(REPOSITORY, datetime(2026, 1, 6, tzinfo=UTC))

    assert [(one.id, one.author, one.trusted, one.text) for one in found] == [
        (2, "ada", True, "first"),
        (3, "eve", False, "second"),
    ]
    assert found[0].ref == a_ref("octo/hello.world#12")
    assert found[0].at == datetime(2026, 1, 6, 10, tzinfo=UTC)


async def test_how_pull_requests_stand_is_read_with_one_request(github: StandInGitHub, pulse: GitHubPulse) -> None:
    github.served.add(
        "octo/stats",
        StandInPull(number=1, state="closed", merged=True),
        StandInPull(number=2, state="closed"),
        StandInPull(number=3, checks=[Check(conclusion=None)]),
        private=True,
    )
    refs = [a_ref(f"octo/stats#{number}") for number in (1, 2, 3, 9)]

    stands = await pulse.stands(refs)

    assert [stands[ref].fate for ref in refs[:3]] == [Fate.MERGED, Fate.CLOSED, None]
    assert refs[3] not in stands
    assert stands[refs[2]].entry.ci is CiState.PENDING
    assert stands[refs[2]].entry.head_sha == "1f" * 20
    assert stands[refs[2]].private
    assert github.kinds == ["graphql"]


async def test_a_used_up_limit_is_said(github: StandInGitHub, pulse: GitHubPulse) -> None:
    github.faults.append(faults.graphql_error("RATE_LIMITED", "API rate limit exceeded"))

    with pytest.raises(RateLimited):
        await pulse.stands([a_ref("octo/hello.world#12")])


async def test_no_answer_at_all_is_said(github: StandInGitHub, pulse: GitHubPulse) -> None:
    github.served.unknown_fields = {"repository"}

    with pytest.raises(CodeHostUnavailable):
        await pulse.stands([a_ref("octo/hello.world#12")])
