"""The answer to the GraphQL query, in our words.

An Enterprise server that lacks a member refuses the whole query, and a slow one may answer nothing: then the answer is
None and REST is asked instead. Where only members we can do without are missing, the rest is used.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import structlog
from pydantic import ValidationError

from bot.domain.change import CiState, Commit, Issue, PullRequest, PullRequestRef
from bot.domain.errors import PullRequestNotFound
from bot.github.errors import Asked, one_line, rate_limited, refused
from bot.github.facts import Facts, ci_state, is_an_issue, renamed
from bot.github.query import Answer, CommitNode, OtherIssueNode, Problem, PullRequestNode, RepositoryNode

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One answer to the query.

    Attributes:
        after: Where the next page of commits begins, None on the last.
    """

    facts: Facts
    after: str | None


def read(ref: PullRequestRef, asked: Asked, headers: Mapping[str, str], body: object) -> Page | None:
    """Return what the answer tells, None where REST has to be asked instead.

    Raises:
        RateLimited: GitHub says so with status 200.
        PullRequestNotFound: Neither the repository nor the number is visible.
        NotUnderstood: The number belongs to an issue.
        AccessRefused: The token is not allowed to look.
    """
    answer = _validated(body)
    kinds = {error.type or "" for error in answer.errors}
    if kinds & {"RATE_LIMITED", "RATE_LIMIT"}:
        raise rate_limited(headers, asked)
    repository = answer.data.repository if answer.data else None
    match repository.issue_or_pull_request if repository else None:
        case PullRequestNode() as pull if repository is not None:
            return Page(facts=_facts(ref, repository, pull, answer.errors), after=_next(pull))
        case OtherIssueNode():
            raise is_an_issue(ref)
    if kinds & {"FORBIDDEN", "INSUFFICIENT_SCOPES"}:
        raise refused(asked, one_line(answer.errors[0].message))
    if "NOT_FOUND" in kinds or (answer.data and not kinds):
        raise PullRequestNotFound(asked.missing)
    log.info("github.graphql_declined", kinds=sorted(kinds))
    return None


def _validated(body: object) -> Answer:
    """Read an answer; what is not one of ours counts as one without data, which leads to REST."""
    try:
        return Answer.model_validate(body)
    except ValidationError as error:
        log.info("github.graphql_unexpected", problems=error.error_count())
        return Answer()


def _next(pull: PullRequestNode) -> str | None:
    return pull.commits.page_info.end_cursor if pull.commits.page_info.has_next_page else None


def _facts(ref: PullRequestRef, repository: RepositoryNode, pull: PullRequestNode, errors: Iterable[Problem]) -> Facts:
    commits = [node.commit for node in pull.commits.seen()]
    known = PullRequest(
        title=pull.title,
        ref=renamed(ref, repository.name_with_owner),
        body=pull.body,
        author=pull.author.login if pull.author else "",
        head_sha=pull.head_ref_oid,
        base_sha=pull.base_ref_oid,
        head_branch=pull.head_ref_name,
        base_branch=pull.base_ref_name,
        url=pull.url,
        state=pull.state.lower(),
        draft=pull.is_draft,
        private=repository.is_private,
        labels=tuple(label.name for label in pull.labels.seen()) if pull.labels else (),
        ci=_ci(pull, errors),
        commits=tuple(_commit(commit) for commit in commits),
        issues=_issues(pull),
    )
    merges = frozenset(commit.oid for commit in commits if commit.parents.total_count > 1)
    return Facts(pull_request=known, files=pull.changed_files, merges=merges, attributes=_attributes(pull))


def _ci(pull: PullRequestNode, errors: Iterable[Problem]) -> CiState:
    """Return the rolled-up state; none at all means no checks, unless an error says that we may not see them."""
    if any("head" in (error.path or ()) for error in errors):
        return CiState.UNKNOWN
    heads = pull.head.seen() if pull.head else ()
    rollup = heads[-1].commit.status_check_rollup if heads and heads[-1].commit else None
    return ci_state(rollup.state) if rollup else CiState.NONE


def _commit(commit: CommitNode) -> Commit:
    author = commit.author
    login = author.user.login if author and author.user else ""
    return Commit(sha=commit.oid, message=commit.message, author=login or (author.name if author else None) or "")


def _issues(pull: PullRequestNode) -> tuple[Issue, ...]:
    closing = pull.closing_issues_references
    seen = closing.seen() if closing else ()
    return tuple(Issue(number=issue.number, title=issue.title, body=issue.body) for issue in seen)


def _attributes(pull: PullRequestNode) -> str:
    target = pull.base_ref.target if pull.base_ref else None
    blob = target.file.object if target and target.file else None
    return (blob.text if blob else None) or ""
