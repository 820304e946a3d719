"""What both ways of asking, GraphQL and REST, find out about a pull request."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.change import CiState, PullRequest, PullRequestRef
from bot.domain.errors import NotUnderstood
from bot.domain.sentence import say
from bot.github.errors import unreadable

MOST_COMMITS = 250
"""As many as GitHub lists of a pull request by REST."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """A pull request before its lines.

    Attributes:
        pull_request: Its `ref` has the repository's present name, which a link may not have.
        files: How many files the whole change has.
        merges: Commits with more than one parent.
        attributes: The `.gitattributes` of the base branch; empty where there is none or it was not asked for.
    """

    pull_request: PullRequest
    files: int
    merges: frozenset[str] = frozenset()
    attributes: str = ""


_CI_STATES = {
    "success": CiState.PASSING,
    "pending": CiState.PENDING,
    "expected": CiState.PENDING,
    "failure": CiState.FAILING,
    "error": CiState.FAILING,
}
_HARMLESS = frozenset({"success", "neutral", "skipped"})


def ci_state(rollup: str) -> CiState:
    """Return our word for a status GitHub has rolled up itself, in either letter case."""
    return _CI_STATES.get(rollup.lower(), CiState.UNKNOWN)


def rolled_up(conclusions: Iterable[str | None]) -> CiState:
    """Sum up check runs; one without a conclusion still runs. One that fails decides, one that runs comes next."""
    all_of_them = set(conclusions)
    if all_of_them - _HARMLESS - {None}:
        return CiState.FAILING
    return CiState.PENDING if None in all_of_them else CiState.PASSING


def renamed(ref: PullRequestRef, full_name: str) -> PullRequestRef:
    """Return *ref* with the name its repository has now."""
    owner, slash, repository = full_name.partition("/")
    if not (owner and slash and repository):
        raise unreadable()
    return PullRequestRef(owner=owner, repository=repository, number=ref.number)


def is_an_issue(ref: PullRequestRef) -> NotUnderstood:
    """Return the error for a number that belongs to an issue."""
    return NotUnderstood(say("{name} is an issue, not a pull request. I review pull requests.", name=str(ref)))
