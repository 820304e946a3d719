"""Answers of GraphQL that hold less than was asked for."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from bot.domain.change import CiState
from bot.domain.errors import AccessRefused, PullRequestNotFound
from bot.domain.sentence import say
from bot.github.errors import Asked
from bot.github.graphql import Page, read
from tests.github.conftest import REF

ASKED = Asked(missing=say("It is not there."), anonymous=False)

WHOLE: dict[str, Any] = {
    "data": {
        "repository": {
            "nameWithOwner": "octo/hello.world",
            "isPrivate": True,
            "issueOrPullRequest": {
                "__typename": "PullRequest",
                "title": "A title",
                "body": "",
                "url": "https://github.com/octo/hello.world/pull/12",
                "state": "OPEN",
                "isDraft": False,
                "changedFiles": 1,
                "author": {"login": "ada"},
                "baseRefName": "main",
                "baseRefOid": "0b",
                "headRefName": "topic",
                "headRefOid": "1f",
                "labels": {"nodes": [{"name": "bug"}, None]},
                "closingIssuesReferences": {"nodes": [None, {"number": 7, "title": "T", "body": "B"}]},
                "commits": {
                    "pageInfo": {"hasNextPage": False, "endCursor": "1"},
                    "nodes": [
                        {
                            "commit": {
                                "oid": "1f",
                                "message": "Change",
                                "parents": {"totalCount": 2},
                                "author": {"name": "Ada L.", "user": {"login": "ada"}},
                            }
                        }
                    ],
                },
                "head": {"nodes": [{"commit": {"statusCheckRollup": {"state": "EXPECTED"}}}]},
                "baseRef": {"target": {"file": {"object": {"text": "*.lock linguist-generated"}}}},
            },
        }
    }
}


def answer(change: dict[str, Any], *errors: dict[str, Any]) -> dict[str, Any]:
    """Change members of the pull request and add errors."""
    body = copy.deepcopy(WHOLE)
    body["data"]["repository"]["issueOrPullRequest"].update(change)
    return {**body, "errors": list(errors)} if errors else body


def page(body: dict[str, Any]) -> Page:
    found = read(REF, ASKED, {}, body)
    assert found is not None
    return found


def test_a_whole_answer_is_understood() -> None:
    facts = page(WHOLE).facts

    assert facts.pull_request.labels == ("bug",)
    assert [issue.number for issue in facts.pull_request.issues] == [7]
    assert facts.pull_request.ci is CiState.PENDING
    assert facts.pull_request.commits[0].author == "ada"
    assert facts.merges == {"1f"}
    assert facts.attributes == "*.lock linguist-generated"
    assert page(WHOLE).after is None


@pytest.mark.parametrize(
    "change",
    [
        {"author": None},
        {"labels": None},
        {"closingIssuesReferences": None},
        {"baseRef": None},
        {"baseRef": {"target": None}},
        {"baseRef": {"target": {}}},
        {"baseRef": {"target": {"file": None}}},
        {"baseRef": {"target": {"file": {"object": None}}}},
        {"baseRef": {"target": {"file": {"object": {}}}}},
        {"baseRef": {"target": {"file": {"object": {"text": None}}}}},
        {"head": None},
        {"head": {"nodes": None}},
        {"head": {"nodes": [None]}},
        {"head": {"nodes": [{"commit": None}]}},
    ],
)
def test_what_may_be_missing_is_not_missed(change: dict[str, Any]) -> None:
    assert page(answer(change)).facts.pull_request.title == "A title"


def test_checks_that_may_not_be_seen_are_unknown_and_not_absent() -> None:
    path = ["repository", "issueOrPullRequest", "head", "nodes", 0, "commit", "statusCheckRollup"]
    nothing = {"head": {"nodes": [{"commit": {"statusCheckRollup": None}}]}}
    hidden = answer(nothing, {"type": "FORBIDDEN", "path": path, "message": "Resource not accessible"})

    assert page(hidden).facts.pull_request.ci is CiState.UNKNOWN
    assert page(answer(nothing)).facts.pull_request.ci is CiState.NONE


@pytest.mark.parametrize("change", [{"title": None}, {"commits": None}, {"headRefOid": None}])
def test_rest_is_asked_when_something_needed_is_missing(change: dict[str, Any]) -> None:
    failed = {"type": None, "path": None, "message": "Something went wrong"}

    assert read(REF, ASKED, {}, answer(change, failed)) is None


def test_a_repository_behind_single_sign_on_is_refused_with_githubs_reason() -> None:
    body = {
        "data": {"repository": None},
        "errors": [
            {"type": "FORBIDDEN", "path": ["repository"], "message": "Resource protected by SAML\nenforcement."}
        ],
    }

    with pytest.raises(AccessRefused, match=r"\(Resource protected by SAML enforcement\.\)"):
        read(REF, ASKED, {}, body)


@pytest.mark.parametrize(
    "body",
    [
        {"data": {"repository": None}},
        {"data": {"repository": None}, "errors": [{"type": "NOT_FOUND", "message": "Could not resolve"}]},
    ],
)
def test_a_repository_that_is_not_there_is_not_found(body: dict[str, Any]) -> None:
    with pytest.raises(PullRequestNotFound, match="It is not there"):
        read(REF, ASKED, {}, body)
