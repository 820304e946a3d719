"""The open pull requests of a repository: by GraphQL, a hundred a request, or by REST where there is no token for it.

REST lists know neither checks nor decisions nor sizes; those stay unknown rather than cost a request each.
Members as in https://docs.github.com/public/fpt/schema.docs.graphql and https://docs.github.com/en/rest/pulls/pulls.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

import structlog
from pydantic import Field, ValidationError

from bot.domain.change import CiState, PullRequestRef, RepositoryRef
from bot.domain.digest import Decision, DigestEntry
from bot.domain.errors import CodeHostUnavailable, PullRequestNotFound
from bot.github.errors import Asked, one_line, rate_limited, refused
from bot.github.facts import ci_state
from bot.github.query import CheckedEdge, Node, Nodes, PageInfo, Problem
from bot.github.rest import OPEN_PULLS, OpenPullBody
from bot.github.talk import Talk

PER_PAGE = 100
MOST = 1000
"""Open pull requests of one repository in a digest; nobody reads more."""

QUERY = """
query OpenPullRequests($owner: String!, $name: String!, $after: String) {
  repository(owner: $owner, name: $name) {
    pullRequests(states: OPEN, first: 100, after: $after, orderBy: {field: CREATED_AT, direction: ASC}) {
      pageInfo { hasNextPage endCursor }
      nodes {
        number title url isDraft createdAt updatedAt additions deletions reviewDecision
        author { __typename login }
        reviewRequests(first: 10) {
          nodes { requestedReviewer { __typename ... on User { login } ... on Team { slug } ... on Bot { login } } }
        }
        commits(last: 1) { nodes { commit { statusCheckRollup { state } } } }
      }
    }
  }
}
"""

log = structlog.get_logger()


class AuthorNode(Node):
    """An account, and what kind it is."""

    typename: str = Field(default="", alias="__typename")
    login: str = ""


class ReviewerNode(Node):
    """Who was asked to review: a person or program by login, a team by slug."""

    login: str = ""
    slug: str = ""


class RequestNode(Node):
    """One request for a review; its reviewer is null when we may not see them."""

    requested_reviewer: ReviewerNode | None = None


class OpenNode(Node):
    """An open pull request."""

    number: int
    title: str
    url: str
    is_draft: bool
    created_at: datetime
    updated_at: datetime
    additions: int = 0
    deletions: int = 0
    review_decision: str | None = None
    author: AuthorNode | None = None
    review_requests: Nodes[RequestNode] | None = None
    commits: Nodes[CheckedEdge] | None = None


class OpenPage(Nodes[OpenNode]):
    """One page of them."""

    page_info: PageInfo


class OpenRepository(Node):
    """The repository they are in."""

    pull_requests: OpenPage


class OpenData(Node):
    """The answer proper."""

    repository: OpenRepository | None = None


class OpenAnswer(Node):
    """The whole body."""

    data: OpenData | None = None
    errors: tuple[Problem, ...] = ()


async def open_pulls(talk: Talk, repository: RepositoryRef) -> list[DigestEntry]:
    """Fetch the open pull requests of *repository*, oldest first.

    Raises:
        PullRequestNotFound: The repository is not there for us.
    """
    if talk.auth is not None:
        try:
            return await _by_graphql(talk, repository)
        except CodeHostUnavailable:
            log.info("github.graphql_unavailable")
    return await _by_rest(talk, repository)


async def _by_graphql(talk: Talk, repository: RepositoryRef) -> list[DigestEntry]:
    entries: list[DigestEntry] = []
    after: str | None = None
    while True:
        variables = {"owner": repository.owner, "name": repository.name, "after": after}
        page = await talk.query(QUERY, variables, partial(_read, talk.asked))
        entries += [_entry(repository, node) for node in page.seen()]
        if not page.page_info.has_next_page or len(entries) >= MOST:
            return entries
        after = page.page_info.end_cursor


def _read(asked: Asked, headers: Mapping[str, str], body: Any) -> OpenPage:
    try:
        answer = OpenAnswer.model_validate(body)
    except ValidationError:
        answer = OpenAnswer()
    kinds = {error.type or "" for error in answer.errors}
    if kinds & {"RATE_LIMITED", "RATE_LIMIT"}:
        raise rate_limited(headers, asked)
    if answer.data and answer.data.repository:
        return answer.data.repository.pull_requests
    if kinds & {"FORBIDDEN", "INSUFFICIENT_SCOPES"}:
        raise refused(asked, one_line(answer.errors[0].message))
    if "NOT_FOUND" in kinds or (answer.data and not kinds):
        raise PullRequestNotFound(asked.missing)
    raise CodeHostUnavailable(asked.missing)  # REST is asked next


def _entry(repository: RepositoryRef, node: OpenNode) -> DigestEntry:
    edges = node.commits.seen() if node.commits else ()
    rollup = edges[-1].commit.status_check_rollup if edges and edges[-1].commit else None
    reviewers = [one.requested_reviewer for one in node.review_requests.seen()] if node.review_requests else []
    decision = (node.review_decision or "").lower()
    return DigestEntry(
        ref=PullRequestRef(owner=repository.owner, repository=repository.name, number=node.number),
        title=node.title,
        url=node.url,
        author=node.author.login if node.author else "",
        bot=node.author is not None and node.author.typename == "Bot",
        draft=node.is_draft,
        created=node.created_at,
        updated=node.updated_at,
        additions=node.additions,
        deletions=node.deletions,
        ci=ci_state(rollup.state) if rollup else CiState.NONE,
        decision=Decision(decision) if decision in set(Decision) else Decision.NONE,
        requested=tuple(one.login or one.slug for one in reviewers if one and (one.login or one.slug)),
    )


async def _by_rest(talk: Talk, repository: RepositoryRef) -> list[DigestEntry]:
    entries: list[DigestEntry] = []
    for page in range(1, MOST // PER_PAGE + 1):
        parameters = {"state": "open", "sort": "created", "direction": "asc", "per_page": PER_PAGE, "page": page}
        bodies = await talk.get(f"/repos/{repository}/pulls", OPEN_PULLS, parameters)
        entries += [_listed(repository, body) for body in bodies]
        if len(bodies) < PER_PAGE:
            break
    return entries


def _listed(repository: RepositoryRef, body: OpenPullBody) -> DigestEntry:
    return DigestEntry(
        ref=PullRequestRef(owner=repository.owner, repository=repository.name, number=body.number),
        title=body.title,
        url=body.html_url,
        author=body.user.login if body.user else "",
        bot=body.user is not None and body.user.type == "Bot",
        draft=body.draft,
        created=body.created_at,
        updated=body.updated_at,
        additions=0,
        deletions=0,
        ci=CiState.UNKNOWN,
        decision=Decision.NONE,
        requested=(
            *(user.login for user in body.requested_reviewers),
            *(team.slug for team in body.requested_teams),
        ),
    )
