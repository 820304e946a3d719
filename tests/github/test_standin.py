"""The stand-in answers as GitHub says that it does: its bodies fit GitHub's published description."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from githubkit_schemas.latest.models import (
    BasicError,
    CheckRun,
    Commit,
    DiffEntry,
    Installation,
    Integration,
    Issue,
    PrivateUser,
    PullRequest,
)
from pydantic import TypeAdapter

from bot.github.query import QUERY, variables
from tests.github.conftest import REF
from tests.standins.github import StandInGitHub, every_kind, faults
from tests.standins.github.graphql import answer, parse

REPOSITORY = "/repos/octo/hello.world"


@pytest.fixture
def github(tmp_path: Path) -> Iterator[StandInGitHub]:
    with StandInGitHub(every_kind(tmp_path)) as standin:
        standin.open_pull_request()
        yield standin


def get(github: StandInGitHub, path: str) -> Any:
    """Ask without any client library."""
    request = urllib.request.Request(f"{github.api_url}{path}", headers={"Authorization": "token good"})
    with urllib.request.urlopen(request) as response:
        return json.load(response)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        (f"{REPOSITORY}/pulls/12", PullRequest),
        (f"{REPOSITORY}/pulls/12/commits", list[Commit]),
        (f"{REPOSITORY}/pulls/12/files", list[DiffEntry]),
        (f"{REPOSITORY}/commits/{{head}}", Commit),
        (f"{REPOSITORY}/issues/12", Issue),
        ("/user", PrivateUser),
    ],
)
def test_a_body_fits_the_description(path: str, kind: Any, github: StandInGitHub) -> None:
    body = get(github, path.format(head=github.served.history.sha("topic")))

    assert TypeAdapter(kind).validate_python(body)


def test_check_runs_fit_the_description(github: StandInGitHub) -> None:
    body = get(github, f"{REPOSITORY}/commits/{github.served.history.sha('topic')}/check-runs")

    assert body["total_count"] == 1
    assert TypeAdapter(list[CheckRun]).validate_python(body["check_runs"])


def test_an_app_and_its_installation_fit_the_description(github: StandInGitHub) -> None:
    bodies = github.served.bodies

    assert TypeAdapter(Installation).validate_python(bodies.installation(77, 1))
    assert TypeAdapter(Integration).validate_python(bodies.app(1))


@pytest.mark.parametrize("fault", [faults.not_found(), faults.bad_credentials(), faults.primary_limit(1)])
def test_errors_fit_the_description(fault: faults.Fault) -> None:
    assert BasicError.model_validate(fault.body).message


def test_files_are_listed_in_pages(github: StandInGitHub) -> None:
    pages = [get(github, f"{REPOSITORY}/pulls/12/files?per_page=12&page={page}") for page in (1, 2, 3)]

    assert [len(page) for page in pages] == [12, 8, 0]
    assert len({file["filename"] for page in pages for file in page}) == 20


def test_the_query_is_read_to_its_last_member() -> None:
    (repository,) = parse(QUERY, variables(REF, None))

    assert repository.arguments == {"owner": "octo", "name": "hello.world"}
    assert [field.alias for field in repository.inside] == ["nameWithOwner", "isPrivate", "issueOrPullRequest"]
    (pull_request,) = [field for field in repository.inside[2].inside if field.only_on]
    assert [(field.alias, field.name) for field in pull_request.inside][-2:] == [
        ("head", "commits"),
        ("baseRef", "baseRef"),
    ]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("query { thing { colour } }", "Field 'colour' doesn't exist on type 'thing'"),
        ("query { thing }", "must have selections"),
        ("query { thing { name(first: 1) } }", "Field 'name' takes no arguments"),
    ],
)
def test_a_query_that_does_not_fit_is_refused(query: str, said: str) -> None:
    refused = answer({"query": query}, {"thing": {"name": "x"}})

    assert "data" not in refused
    assert said in refused["errors"][0]["message"]
