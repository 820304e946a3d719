"""What is open, fetched from many repositories with few requests, and what of it could not be."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.domain.change import CiState
from bot.domain.digest import Decision, Fate, OpenBoard
from bot.domain.errors import CodeHostUnavailable, RateLimited
from bot.github.changes import GitHubChanges
from bot.github.code_host import GitHubCodeHost
from tests.builders import a_pattern, a_ref
from tests.standins.github import StandInGitHub, StandInPull, faults, one_file

MAIN = "octo/hello.world"


@pytest.fixture
def github(tmp_path: Path) -> Iterator[StandInGitHub]:
    with StandInGitHub(one_file(tmp_path)) as standin:
        yield standin


def pulls(count: int, first: int = 1, **fields: Any) -> list[StandInPull]:
    return [StandInPull(number=number, **fields) for number in range(first, first + count)]


async def no_wait(_seconds: float) -> None:
    """Let no time pass between two tries."""


@pytest.fixture
async def code_host(github: StandInGitHub) -> AsyncIterator[GitHubCodeHost]:
    changes = GitHubChanges(api_url=github.api_url, token="good", max_rate_limit_wait=0, sleep=no_wait)
    yield GitHubCodeHost(changes.talks)
    await changes.close()


@pytest.fixture
async def nobody(github: StandInGitHub) -> AsyncIterator[GitHubCodeHost]:
    changes = GitHubChanges(api_url=github.api_url, max_rate_limit_wait=0, sleep=no_wait)
    yield GitHubCodeHost(changes.talks)
    await changes.close()


async def board(code_host: GitHubCodeHost, *names: str, paths: bool = False) -> OpenBoard:
    return await code_host.open_pull_requests([a_pattern(name) for name in names], paths=paths)


def numbers(found: OpenBoard) -> dict[str, list[int]]:
    return {str(one.ref): [entry.ref.number for entry in one.entries] for one in found.repositories}


async def test_everything_that_a_digest_tells_is_read(github: StandInGitHub, code_host: GitHubCodeHost) -> None:
    github.served.add(
        "octo/stats",
        StandInPull(
            number=5,
            title="Split",
            author="renovate",
            bot=True,
            draft=True,
            conflicts=True,
            decision="CHANGES_REQUESTED",
            teams=("backend",),
            opinions=(("eve", "APPROVED"),),
            labels=("bug", "later"),
            base="next",
            paths=("a.py", "docs/b.md"),
        ),
        private=True,
    )
    (found,) = (await board(code_host, "octo/stats", paths=True)).repositories

    assert (str(found.ref), found.private, found.total) == ("octo/stats", True, 1)
    (entry,) = found.entries
    assert (entry.title, entry.author, entry.bot, entry.draft, entry.conflicts) == (
        "Split",
        "renovate",
        True,
        True,
        True,
    )
    assert (entry.ci, entry.decision) == (CiState.PASSING, Decision.CHANGES_REQUESTED)
    assert (entry.requested, entry.teams, entry.reviewed) == (("hubot",), ("backend",), ("eve",))
    assert (entry.labels, entry.base, entry.paths) == (("bug", "later"), "next", ("a.py", "docs/b.md"))
    assert entry.created == datetime(2026, 1, 5, 10, tzinfo=UTC)
    assert entry.url.endswith("/octo/stats/pull/5")


@pytest.mark.parametrize(
    ("opinions", "decision"),
    [
        ((), Decision.NONE),
        ((("eve", "APPROVED"),), Decision.APPROVED),
        ((("eve", "APPROVED"), ("bob", "CHANGES_REQUESTED")), Decision.CHANGES_REQUESTED),
        ((("eve", "DISMISSED"),), Decision.NONE),
    ],
)
async def test_where_no_rule_wants_reviews_the_reviewers_decide(
    github: StandInGitHub, code_host: GitHubCodeHost, opinions: tuple[tuple[str, str], ...], decision: Decision
) -> None:
    github.served.add("octo/stats", StandInPull(number=5, decision=None, opinions=opinions))

    (found,) = (await board(code_host, "octo/stats")).repositories

    assert found.entries[0].decision is decision


async def test_paths_are_asked_for_only_where_they_are_needed(github: StandInGitHub, code_host: GitHubCodeHost) -> None:
    github.served.add("octo/stats", StandInPull(number=5, paths=("a.py",)))

    (found,) = (await board(code_host, "octo/stats")).repositories

    assert found.entries[0].paths == ()
    assert "files(" not in github.requests[-1].body["query"]


@pytest.mark.parametrize(
    ("counts", "requests"),
    [
        ([3], 1),
        ([100], 1),
        ([101], 2),
        ([0, 1, 2, 3], 1),
        ([100] * 10, 10),
        ([5] * 20, 1),
        ([5] * 30, 2),
        ([250, 1, 1], 4),
    ],
)
async def test_one_request_reads_a_hundred_whosever_they_are(
    github: StandInGitHub, code_host: GitHubCodeHost, counts: list[int], requests: int
) -> None:
    for place, count in enumerate(counts):
        github.served.add(f"octo/r{place}", *pulls(count))

    found = await board(code_host, *(f"octo/r{place}" for place in range(len(counts))))

    assert numbers(found) == {f"octo/r{place}": list(range(1, count + 1)) for place, count in enumerate(counts)}
    assert found.unread == ()
    assert github.kinds == ["graphql"] * requests


async def test_a_repository_with_very_many_is_read_in_part_and_says_so(
    github: StandInGitHub, code_host: GitHubCodeHost
) -> None:
    github.served.add("octo/big", *pulls(1200))

    found = await board(code_host, "octo/big")

    assert len(found.repositories[0].entries) == 1000
    assert found.repositories[0].total == 1200
    assert [str(why) for _, why in found.unread] == [
        "octo/big has 1200 open pull requests, of which the oldest 1000 were read."
    ]


async def test_one_bad_name_does_not_take_the_others_down(github: StandInGitHub, code_host: GitHubCodeHost) -> None:
    github.served.add("octo/stats", *pulls(2))
    github.served.add("octo/web", *pulls(1))

    found = await board(code_host, "octo/stats", "octo/nothing", "octo/web")

    assert numbers(found) == {"octo/stats": [1, 2], "octo/web": [1]}
    ((pattern, why),) = found.unread
    assert str(pattern) == "octo/nothing"
    assert "octo/nothing was not found" in str(why)


async def test_all_of_an_owner_is_what_is_not_archived(github: StandInGitHub, code_host: GitHubCodeHost) -> None:
    github.served.add("acme/web", *pulls(2))
    github.served.add("acme/api", *pulls(1), private=True)
    github.served.add("acme/empty")
    github.served.add("acme/old", *pulls(3), archived=True)

    found = await board(code_host, "acme/*", "acme/web")

    assert numbers(found) == {"acme/web": [1, 2], "acme/api": [1], "acme/empty": []}
    assert {str(one.ref): str(one.pattern) for one in found.repositories}["acme/web"] == "acme/web"
    assert {str(one.ref): one.private for one in found.repositories}["acme/api"] is True
    assert github.kinds == ["graphql", "graphql"]
    assert await code_host.repositories_of("nobody") == {}
    ((_, why),) = (await board(code_host, "nobody/*")).unread
    assert "nobody/* was not found" in str(why)


async def test_a_renamed_repository_is_known_by_the_name_it_has(
    github: StandInGitHub, code_host: GitHubCodeHost
) -> None:
    github.open_pull_request()
    github.served.moved_from = "octo/before"

    (found,) = (await board(code_host, "octo/before")).repositories

    assert (str(found.ref), str(found.pattern)) == (MAIN, "octo/before")


async def test_a_query_that_is_too_much_is_asked_in_smaller_pieces(
    github: StandInGitHub, code_host: GitHubCodeHost
) -> None:
    github.served.add("octo/stats", *pulls(60))
    github.faults.append(faults.bad_gateway(on="graphql", times=1))

    found = await board(code_host, "octo/stats")

    assert len(found.repositories[0].entries) == 60
    assert [request.body["query"].count("first: 25") for request in github.requests] == [0, 1, 1, 0]


async def test_where_graphql_is_not_to_be_had_lists_are_read(github: StandInGitHub, code_host: GitHubCodeHost) -> None:
    github.served.add("octo/stats", *pulls(130, labels=("bug",)), private=True)
    github.served.unknown_fields = None

    found = await board(code_host, "octo/stats")

    (known,) = found.repositories
    assert (len(known.entries), known.private) == (130, True)
    assert (known.entries[0].ci, known.entries[0].labels, known.entries[0].base) == (CiState.UNKNOWN, ("bug",), "main")
    assert known.entries[0].requested == ("hubot",)


async def test_without_a_token_lists_are_read_and_what_is_seen_is_public(
    github: StandInGitHub, nobody: GitHubCodeHost
) -> None:
    github.served.add("acme/web", *pulls(2, bot=True, author="renovate"))
    github.served.add("acme/secret", *pulls(2), private=True)

    found = await board(nobody, "acme/*")
    by_path = await board(nobody, "acme/web", paths=True)

    assert numbers(found) == {"acme/web": [1, 2]}
    assert (found.repositories[0].private, found.repositories[0].entries[0].bot) == (False, True)
    assert "Filters by path need a token" in str(by_path.unread[0][1])


async def test_a_used_up_limit_is_said(github: StandInGitHub, code_host: GitHubCodeHost) -> None:
    github.served.add("octo/stats", *pulls(2))
    github.faults.append(faults.graphql_error("RATE_LIMITED", "API rate limit exceeded"))

    with pytest.raises(RateLimited):
        await board(code_host, "octo/stats")


async def test_a_github_that_does_not_answer_is_said(github: StandInGitHub, code_host: GitHubCodeHost) -> None:
    github.faults.append(faults.bad_gateway())

    with pytest.raises(CodeHostUnavailable):
        await board(code_host, "octo/stats")


async def test_what_is_left_of_the_limits_is_known_after_the_first_answer(
    github: StandInGitHub, code_host: GitHubCodeHost
) -> None:
    github.served.add("octo/stats", *pulls(1))
    before = code_host.quotas()

    await board(code_host, "octo/stats")
    await code_host.is_private(a_pattern("octo/stats").repository)  # type: ignore[arg-type]  # it has one

    assert before == ()
    assert {quota.name: (quota.left, quota.limit) for quota in code_host.quotas()} == {
        "graphql": (4998, 5000),
        "core": (4997, 5000),
    }


async def test_the_end_of_a_pull_request_is_looked_up_with_one_request(
    github: StandInGitHub, code_host: GitHubCodeHost
) -> None:
    github.served.add(
        "octo/stats",
        StandInPull(number=1, state="closed", merged=True),
        StandInPull(number=2, state="closed"),
        StandInPull(number=3),
    )
    refs = [a_ref(f"octo/stats#{number}") for number in (1, 2, 3, 9)] + [a_ref("octo/nothing#1")]

    fates = await code_host.fates(refs)

    assert [fates[ref] for ref in refs] == [Fate.MERGED, Fate.CLOSED, Fate.UNKNOWN, Fate.UNKNOWN, Fate.UNKNOWN]
    assert github.kinds == ["graphql"]


async def test_nobody_fails_over_the_past(github: StandInGitHub, nobody: GitHubCodeHost) -> None:
    ref = a_ref("octo/stats#1")

    assert await nobody.fates([ref]) == {ref: Fate.UNKNOWN}
