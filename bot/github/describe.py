"""Everything about a pull request but its lines: in one request where a token allows GraphQL, or else in three."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import structlog

from bot.domain.change import CiState, PullRequestRef
from bot.domain.errors import AccessRefused, BotError, CodeHostUnavailable, PullRequestNotFound
from bot.github.facts import MOST_COMMITS, Facts, is_an_issue
from bot.github.graphql import Page, read
from bot.github.query import QUERY, variables
from bot.github.rest import (
    CHECK_RUNS,
    COMMITS,
    ISSUE,
    PULL,
    CommitBody,
    ci_of,
    facts,
    pull_path,
    repository_path,
)
from bot.github.talk import Talk

PER_PAGE = 100

log = structlog.get_logger()


async def describe(talk: Talk, ref: PullRequestRef) -> Facts:
    """Find out what there is to know about *ref*.

    Raises:
        PullRequestNotFound: It is not there for us.
        NotUnderstood: The number belongs to an issue.
    """
    if talk.auth is not None and (found := await _by_graphql(talk, ref)) is not None:
        return found
    return await _by_rest(talk, ref)


async def _by_graphql(talk: Talk, ref: PullRequestRef) -> Facts | None:
    found: Facts | None = None
    after: str | None = None
    while found is None or (after and len(found.pull_request.commits) < MOST_COMMITS):
        page = await _page(talk, ref, after)
        if page is None:
            return None
        found, after = page.facts if found is None else _joined(found, page.facts), page.after
    return found


async def _page(talk: Talk, ref: PullRequestRef, after: str | None) -> Page | None:
    try:
        return await talk.query(QUERY, variables(ref, after), partial(read, ref, talk.asked))
    except CodeHostUnavailable:
        log.info("github.graphql_unavailable")
        return None


def _joined(first: Facts, next_page: Facts) -> Facts:
    commits = (first.pull_request.commits + next_page.pull_request.commits)[:MOST_COMMITS]
    pull_request = replace(first.pull_request, commits=commits)
    return replace(first, pull_request=pull_request, merges=first.merges | next_page.merges)


async def _by_rest(talk: Talk, ref: PullRequestRef) -> Facts:
    try:
        pull = await talk.get(pull_path(ref), PULL)
    except PullRequestNotFound:
        if await _is_issue(talk, ref):
            raise is_an_issue(ref) from None
        raise
    found = facts(ref, pull, (), CiState.UNKNOWN)
    here = found.pull_request.ref or ref
    return facts(ref, pull, await _commits(talk, here), await _ci(talk, here, pull.head.sha))


async def _is_issue(talk: Talk, ref: PullRequestRef) -> bool:
    try:
        return (await talk.get(f"{repository_path(ref)}/issues/{ref.number}", ISSUE)).pull_request is None
    except BotError:
        # The pull request was not found: that is what the person gets to hear, not why we know no more.
        return False


async def _commits(talk: Talk, ref: PullRequestRef) -> list[CommitBody]:
    commits: list[CommitBody] = []
    for page in range(1, MOST_COMMITS // PER_PAGE + 2):
        parameters = {"per_page": PER_PAGE, "page": page}
        bodies = await talk.get(f"{pull_path(ref)}/commits", COMMITS, parameters)
        commits += bodies
        if len(bodies) < PER_PAGE:
            break
    return commits


async def _ci(talk: Talk, ref: PullRequestRef, sha: str) -> CiState:
    path = f"{repository_path(ref)}/commits/{sha}/check-runs"
    try:
        return ci_of(await talk.get(path, CHECK_RUNS, {"per_page": PER_PAGE}))
    except (AccessRefused, PullRequestNotFound):
        return CiState.UNKNOWN
