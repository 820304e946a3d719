"""What happened to the pull requests of a repository, read with few requests, and what could not be."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.domain.change import RepositoryRef
from bot.domain.errors import (
    AccessRefused,
    CodeHostUnavailable,
    ConfigInvalid,
    RateLimited,
    RepositoryNotFound,
)
from bot.domain.history import History, ReviewGiven
from bot.github import histories
from bot.github.changes import GitHubChanges
from bot.github.code_host import GitHubCodeHost
from tests.standins.github import StandInGitHub, StandInPull, faults, one_file

SINCE = datetime(2026, 1, 1, tzinfo=UTC)
STATS = RepositoryRef(owner="octo", name="stats")


@pytest.fixture
def github(tmp_path: Path) -> Iterator[StandInGitHub]:
    with StandInGitHub(one_file(tmp_path)) as standin:
        yield standin


async def no_wait(_seconds: float) -> None:
    """Let no time pass between two tries."""


@pytest.fixture
async def code_host(github: StandInGitHub) -> AsyncIterator[GitHubCodeHost]:
    changes = GitHubChanges(api_url=github.api_url, token="good", max_rate_limit_wait=0, sleep=no_wait)
    yield GitHubCodeHost(changes.talks)
    await changes.close()


def closed(number: int, **fields: Any) -> StandInPull:
    known = {"state": "closed", "closed": "2026-01-06T10:00:00Z", "updated": "2026-01-06T10:00:00Z"}
    return StandInPull(**{**known, "number": number, **fields})


def numbers(history: History) -> list[int]:
    return sorted(course.number for course in history.courses)


async def test_everything_that_statistics_need_is_read(github: StandInGitHub, code_host: GitHubCodeHost) -> None:
    github.served.add(
        "octo/stats",
        closed(
            5,
            merged=True,
            author="renovate",
            bot=True,
            turns=(("2026-01-05T12:00:00Z", False), ("2026-01-05T14:00:00Z", True), ("2026-01-05T15:00:00Z", False)),
            reviews=(("coderabbit[bot]", "2026-01-05T10:01:00Z"), ("eve", "2026-01-05T16:00:00Z")),
        ),
        private=True,
    )

    history = await code_host.history(RepositoryRef(owner="Octo", name="Stats"), SINCE)

    assert (str(history.repository), history.private, history.since, history.unread) == ("octo/stats", True, SINCE, 0)
    (course,) = history.courses
    assert (course.number, course.author, course.bot, course.merged) == (5, "renovate", True, True)
    assert (course.opened, course.closed) == (at("2026-01-05T10:00"), at("2026-01-06T10:00"))
    assert course.drafts == (
        (at("2026-01-05T10:00"), at("2026-01-05T12:00")),
        (at("2026-01-05T14:00"), at("2026-01-05T15:00")),
    )
    assert course.reviews == (
        ReviewGiven(by="coderabbit", bot=True, at=at("2026-01-05T10:01")),
        ReviewGiven(by="eve", bot=False, at=at("2026-01-05T16:00")),
    )


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


async def test_what_is_open_counts_however_long_it_was_quiet_and_what_was_closed_before_does_not(
    github: StandInGitHub, code_host: GitHubCodeHost
) -> None:
    old = {"created": "2024-01-01T00:00:00Z", "updated": "2024-01-02T00:00:00Z"}
    github.served.add(
        "octo/stats",
        StandInPull(number=1, **old),  # type: ignore[arg-type]  # strings where strings belong
        closed(2, created="2024-01-01T00:00:00Z"),
        closed(3, closed="2025-12-31T23:59:59Z"),  # and talked about since
        closed(4, closed="2024-02-01T00:00:00Z", updated="2024-02-01T00:00:00Z"),
    )

    history = await code_host.history(STATS, SINCE)

    assert numbers(history) == [1, 2]
    assert [course.merged for course in history.courses] == [False, False]


@pytest.mark.parametrize(
    ("opened", "ended", "old", "requests"),
    [(0, 0, 0, 1), (50, 50, 0, 1), (51, 0, 0, 2), (0, 151, 0, 3), (150, 151, 0, 4), (10, 120, 900, 2), (0, 0, 900, 1)],
)
async def test_a_request_reads_a_hundred_and_stops_at_what_is_older(
    github: StandInGitHub, code_host: GitHubCodeHost, opened: int, ended: int, old: int, requests: int
) -> None:
    before = {"closed": "2025-06-01T00:00:00Z", "updated": "2025-06-01T00:00:00Z"}
    github.served.add(
        "octo/stats",
        *(StandInPull(number=number) for number in range(1, opened + 1)),
        *(closed(1000 + number) for number in range(ended)),
        *(closed(5000 + number, **before) for number in range(old)),
    )

    history = await code_host.history(STATS, SINCE)

    assert len(history.courses) == opened + ended
    assert history.since == SINCE
    assert github.kinds == ["graphql"] * requests


async def test_where_there_is_too_much_it_is_known_from_when_on_it_is_whole(
    github: StandInGitHub, code_host: GitHubCodeHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(histories, "MOST_OPEN", 120)
    monkeypatch.setattr(histories, "MOST_CLOSED", 70)
    moments = [f"2026-01-10T{minute // 60:02}:{minute % 60:02}:00Z" for minute in range(100)]
    github.served.add(
        "octo/stats",
        *(StandInPull(number=number, created=f"2026-01-{1 + number % 9:02}T00:00:00Z") for number in range(1, 201)),
        *(closed(1000 + number, closed=moment, updated=moment) for number, moment in enumerate(moments)),
    )

    history = await code_host.history(STATS, SINCE)

    assert history.unread == 80
    assert history.since == at("2026-01-10T00:30")
    assert min(numbers(history)[120:]) == 1030
    assert min(course.opened for course in history.courses if course.closed is None) == at("2026-01-04T00:00")


async def test_a_query_that_is_too_much_is_asked_in_smaller_pieces(
    github: StandInGitHub, code_host: GitHubCodeHost
) -> None:
    github.served.add("octo/stats", *(closed(number) for number in range(1, 31)))
    github.faults.append(faults.bad_gateway(on="graphql", times=1))

    history = await code_host.history(STATS, SINCE)

    assert len(history.courses) == 30
    assert [request.body["query"].count("first: 50,") for request in github.requests] == [2, 0, 0]


async def test_a_github_that_does_not_answer_is_said(github: StandInGitHub, code_host: GitHubCodeHost) -> None:
    github.served.add("octo/stats", closed(1))
    github.faults.append(faults.bad_gateway(on="graphql"))

    with pytest.raises(CodeHostUnavailable):
        await code_host.history(STATS, SINCE)


async def test_a_used_up_limit_is_said(github: StandInGitHub, code_host: GitHubCodeHost) -> None:
    github.faults.append(faults.graphql_error("RATE_LIMITED", "API rate limit exceeded"))

    with pytest.raises(RateLimited):
        await code_host.history(STATS, SINCE)


async def test_a_repository_that_is_not_there_is_said(code_host: GitHubCodeHost) -> None:
    with pytest.raises(RepositoryNotFound, match="octo/stats was not found"):
        await code_host.history(STATS, SINCE)


async def test_a_token_that_may_not_look_is_said(github: StandInGitHub, code_host: GitHubCodeHost) -> None:
    github.faults.append(faults.graphql_error("FORBIDDEN", "Resource not accessible"))

    with pytest.raises(AccessRefused, match="Resource not accessible"):
        await code_host.history(STATS, SINCE)


@pytest.mark.parametrize("broken", ["null", "strange", "half", "thin"])
async def test_an_answer_that_lacks_what_was_asked_for_is_not_asked_for_ever(
    github: StandInGitHub, code_host: GitHubCodeHost, broken: str
) -> None:
    repository = {"nameWithOwner": "octo/stats", "isPrivate": False, "open": None, "closed": None}
    empty = {"totalCount": 0, "pageInfo": {"hasNextPage": False, "endCursor": None}, "nodes": []}
    errors = [{"type": "SERVICE_UNAVAILABLE", "message": "Timed out"}]
    bodies: dict[str, Any] = {
        "null": {"data": None, "errors": errors},
        "strange": {"data": {"repository": {"open": "?"}}},
        "half": {"data": {"repository": {**repository, "open": empty}}, "errors": errors},
        "thin": {"data": {"repository": {**repository, "open": empty, "closed": empty}}, "errors": errors},
    }
    github.faults.append(faults.Fault(body=bodies[broken], on="graphql"))

    with pytest.raises(CodeHostUnavailable):
        await code_host.history(STATS, SINCE)
    assert len(github.requests) == 2


async def test_single_things_that_the_token_may_not_see_are_left_out(
    github: StandInGitHub, code_host: GitHubCodeHost
) -> None:
    node = {"number": 1, "isDraft": False, "createdAt": "2026-01-05T10:00:00Z", "updatedAt": "2026-01-05T10:00:00Z"}
    page = {"totalCount": 2, "pageInfo": {"hasNextPage": False, "endCursor": None}, "nodes": [node, None]}
    empty = {**page, "totalCount": 0, "nodes": []}
    repository = {"nameWithOwner": "octo/stats", "isPrivate": False, "open": page, "closed": empty}
    errors = [{"type": "FORBIDDEN", "message": "SAML", "path": ["repository", "open", "nodes", 1]}]
    github.faults.append(faults.Fault(body={"data": {"repository": repository}, "errors": errors}, on="graphql"))

    assert numbers(await code_host.history(STATS, SINCE)) == [1]


async def test_without_a_token_it_is_said_that_one_is_needed(github: StandInGitHub) -> None:
    changes = GitHubChanges(api_url=github.api_url, max_rate_limit_wait=0, sleep=no_wait)
    try:
        with pytest.raises(ConfigInvalid, match="Statistics need a token"):
            await GitHubCodeHost(changes.talks).history(STATS, SINCE)
    finally:
        await changes.close()

    assert github.requests == []
