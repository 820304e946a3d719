"""What people and operators are told when GitHub does not give what was asked for."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable

import pytest

from bot.domain.change import CiState, PullRequestRef
from bot.domain.errors import (
    AccessRefused,
    BotError,
    CodeHostUnavailable,
    ConfigInvalid,
    NotUnderstood,
    PullRequestNotFound,
    RateLimited,
)
from bot.github.changes import GitHubChanges
from tests.github.conftest import REF, MakeChanges, Sleeps
from tests.standins.github import StandInGitHub, faults

NOT_THERE = PullRequestRef(owner="octo", repository="hello.world", number=99)
NO_SUCH_REPOSITORY = PullRequestRef(owner="octo", repository="elsewhere", number=1)


@pytest.mark.parametrize("ref", [NOT_THERE, NO_SUCH_REPOSITORY])
async def test_what_is_not_there_may_be_hidden_from_the_token(ref: PullRequestRef, changes: GitHubChanges) -> None:
    with pytest.raises(PullRequestNotFound) as caught:
        await changes.fetch(ref)

    assert str(caught.value) == f"{ref} was not found, or the token of [github] may not see it."


@pytest.mark.parametrize("ref", [NOT_THERE, NO_SUCH_REPOSITORY])
async def test_what_is_not_there_may_be_private_without_a_token(ref: PullRequestRef, nobody: GitHubChanges) -> None:
    with pytest.raises(PullRequestNotFound) as caught:
        await nobody.fetch(ref)

    assert str(caught.value) == f"{ref} was not found, or it is private: then set token of [github]."


async def test_a_private_repository_is_not_found_without_a_token(
    github: StandInGitHub, changes: GitHubChanges, nobody: GitHubChanges
) -> None:
    github.served.private = True

    with pytest.raises(PullRequestNotFound, match="or it is private"):
        await nobody.fetch(REF)
    assert (await changes.fetch(REF)).pull_request.ref == REF


@pytest.mark.parametrize("token", ["good", ""])
async def test_an_issue_is_called_an_issue(token: str, github: StandInGitHub, make_changes: MakeChanges) -> None:
    github.open_issue(7)

    with pytest.raises(NotUnderstood, match=r"octo/hello\.world#7 is an issue, not a pull request"):
        await make_changes(github, token=token).fetch(PullRequestRef(owner="octo", repository="hello.world", number=7))


async def test_a_wrong_token_is_refused_at_once(
    github: StandInGitHub, make_changes: MakeChanges, sleeps: Sleeps
) -> None:
    with pytest.raises(AccessRefused, match=r"GitHub refused the token: check token of \[github\]"):
        await make_changes(github, token="wrong").fetch(REF)

    assert (len(github.requests), sleeps) == (1, [])


@pytest.mark.parametrize(
    ("token", "fault", "error", "said"),
    [
        ("good", faults.not_found(), PullRequestNotFound, "may not see it"),
        ("", faults.not_found(), PullRequestNotFound, "set token of [github]"),
        ("", faults.bad_credentials(), AccessRefused, "GitHub answers nobody without a token here"),
        ("good", faults.forbidden(), AccessRefused, "give it read access (Resource not accessible by personal"),
        ("", faults.forbidden(), AccessRefused, "set token of [github] (Resource not accessible"),
        ("good", faults.single_sign_on(), AccessRefused, "authorise the token of [github]"),
        ("good", faults.bad_gateway(), CodeHostUnavailable, "a failure of its own (status 502)"),
        ("", faults.bad_gateway("diff"), CodeHostUnavailable, "a failure of its own (status 502)"),
        ("good", faults.login_page(), CodeHostUnavailable, "does not speak as GitHub does: check api_url"),
        ("", faults.login_page("pull"), CodeHostUnavailable, "does not speak as GitHub does: check api_url"),
        ("", faults.cut_off("pull"), CodeHostUnavailable, "GitHub cannot be reached"),
        ("good", faults.cut_off("diff"), CodeHostUnavailable, "GitHub cannot be reached"),
        ("good", faults.moved("http://elsewhere.example/x"), ConfigInvalid, "sent us on to another address"),
        ("", faults.moved("https://127.0.0.1/x"), ConfigInvalid, "sent us on to another address"),
        ("good", faults.moved("http://elsewhere.example/x", "diff"), ConfigInvalid, "to another address"),
        ("", faults.moved("http://elsewhere.example/x", "diff", status=302), CodeHostUnavailable, "check api_url"),
    ],
)
async def test_each_failure_is_a_sentence(
    token: str, fault: faults.Fault, error: type[BotError], said: str, github: StandInGitHub, make_changes: MakeChanges
) -> None:
    github.faults.append(fault)

    with pytest.raises(error, match=re.escape(said)):
        await make_changes(github, token=token).fetch(REF)


async def test_a_port_where_nobody_listens_is_unreachable(github: StandInGitHub, make_changes: MakeChanges) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"

    with pytest.raises(
        CodeHostUnavailable, match=r"check the network and api_url of \[github\] \(Connection refused\)"
    ):
        await make_changes(github, api_url=address).fetch(REF)


async def test_a_host_without_a_name_is_unreachable(github: StandInGitHub, make_changes: MakeChanges) -> None:
    with pytest.raises(CodeHostUnavailable, match="GitHub cannot be reached"):
        await make_changes(github, api_url="http://nowhere.invalid").fetch(REF)


Make = Callable[[], faults.Fault]


@pytest.mark.parametrize("token", ["good", ""])
@pytest.mark.parametrize(
    ("fault", "seconds"),
    [
        (lambda: faults.primary_limit(30, times=1), 31),
        (lambda: faults.primary_limit(30, times=1, status=429), 31),
        (lambda: faults.secondary_limit(20, times=1), 20),
        (lambda: faults.secondary_limit(20, times=1, status=429), 20),
        (lambda: faults.secondary_limit(times=1), 60),
        (lambda: faults.too_many_requests(times=1), 60),
        (lambda: faults.primary_limit(30, on="diff", times=1), 31),
    ],
)
async def test_a_short_rate_limit_is_waited_for(
    token: str, fault: Make, seconds: float, github: StandInGitHub, make_changes: MakeChanges, sleeps: Sleeps
) -> None:
    github.faults.append(fault())

    change = await make_changes(github, token=token).fetch(REF)

    assert change.pull_request.ref == REF
    assert len(sleeps) == 1
    assert sleeps[0] == pytest.approx(seconds, abs=2)


@pytest.mark.parametrize("status", [403, 429])
async def test_a_long_rate_limit_is_told_and_not_waited_for(
    status: int, github: StandInGitHub, nobody: GitHubChanges, changes: GitHubChanges, sleeps: Sleeps
) -> None:
    github.faults.append(faults.primary_limit(1800, status=status))

    with pytest.raises(RateLimited) as without_token:
        await nobody.fetch(REF)
    with pytest.raises(RateLimited) as with_token:
        await changes.fetch(REF)

    assert re.fullmatch(
        r"GitHub's rate limit is used up. Try again in (30|31) minutes, or set token of \[github\]:"
        r" it raises the limit from 60 to 5,000 calls an hour\.",
        str(without_token.value),
    )
    assert re.fullmatch(r"GitHub's rate limit is used up. Try again in (30|31) minutes\.", str(with_token.value))
    assert without_token.value.retry_after == pytest.approx(1801, abs=5)
    assert sleeps == []


async def test_all_waiting_of_one_review_is_bounded(
    github: StandInGitHub, make_changes: MakeChanges, sleeps: Sleeps
) -> None:
    github.faults.append(faults.secondary_limit(20, times=5))

    with pytest.raises(RateLimited, match="Try again in 20 seconds"):
        await make_changes(github, max_rate_limit_wait=50).fetch(REF)

    assert sleeps == [20, 20]


async def test_each_review_has_patience_of_its_own(
    github: StandInGitHub, make_changes: MakeChanges, sleeps: Sleeps
) -> None:
    changes = make_changes(github, max_rate_limit_wait=20)

    for _ in range(2):
        github.faults.append(faults.secondary_limit(20, times=1))
        await changes.fetch(REF)

    assert sleeps == [20, 20]


async def test_a_rate_limit_of_graphql_comes_with_status_200(
    github: StandInGitHub, changes: GitHubChanges, sleeps: Sleeps
) -> None:
    limit = faults.graphql_error("RATE_LIMITED", "API rate limit exceeded", times=1, Retry_After="5")
    github.faults.append(limit)

    await changes.fetch(REF)

    assert sleeps == [5]
    assert github.kinds == ["graphql", "graphql", "diff"]


async def test_a_failure_that_passes_is_not_noticed(github: StandInGitHub, nobody: GitHubChanges) -> None:
    github.faults.append(faults.bad_gateway(times=2))

    change = await nobody.fetch(REF)

    assert change.pull_request.ref == REF
    assert github.kinds[:3] == ["pull", "pull", "pull"]


@pytest.mark.parametrize(
    "fault",
    [
        faults.bad_gateway("graphql"),
        faults.not_found("graphql"),
        faults.login_page("graphql"),
        faults.cut_off("graphql"),
        faults.graphql_error("INTERNAL", "Something went wrong while executing your query"),
        faults.Fault(body={"data": {"repository": {"surprise": 1}}}, on="graphql"),
        faults.Fault(body=[], on="graphql"),
    ],
)
async def test_rest_is_asked_where_graphql_fails(
    fault: faults.Fault, github: StandInGitHub, changes: GitHubChanges
) -> None:
    github.faults.append(fault)

    change = await changes.fetch(REF)

    assert change.pull_request.title == "Compute the total first"
    assert github.kinds == ["graphql", "pull", "commits", "check-runs", "diff"]


@pytest.mark.parametrize("lacking", [{"closingIssuesReferences"}, {"isDraft"}, None])
async def test_rest_is_asked_where_an_old_server_lacks_a_member_or_graphql(
    lacking: set[str] | None, github: StandInGitHub, changes: GitHubChanges
) -> None:
    github.served.unknown_fields = lacking

    change = await changes.fetch(REF)

    assert change.pull_request.title == "Compute the total first"
    assert github.kinds == ["graphql", "pull", "commits", "check-runs", "diff"]


async def test_checks_that_may_not_be_seen_are_unknown(github: StandInGitHub, nobody: GitHubChanges) -> None:
    github.faults.append(faults.forbidden("check-runs"))

    change = await nobody.fetch(REF)

    assert change.pull_request.ci is CiState.UNKNOWN
