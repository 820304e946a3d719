"""The open pull requests of some repositories, grouped by who must act: `Digest` > `DigestEntry`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.change import CiState, PullRequestRef, RepositoryRef
from bot.domain.sentence import Sentence


class Decision(StrEnum):
    """What the reviewers of a pull request say, all together."""

    APPROVED = "approved"
    CHANGES_REQUESTED = "changes_requested"
    REVIEW_REQUIRED = "review_required"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestEntry:
    """One open pull request.

    Attributes:
        bot: The author is a program.
        requested: Logins and teams that were asked to review.
    """

    ref: PullRequestRef
    title: str
    url: str
    author: str
    bot: bool
    draft: bool
    created: datetime
    updated: datetime
    additions: int
    deletions: int
    ci: CiState
    decision: Decision
    requested: tuple[str, ...] = ()


class Group(StrEnum):
    """Who must act on an entry, in the order in which a digest shows them."""

    APPROVED = "approved"
    CHANGES_REQUESTED = "changes_requested"
    FAILING = "failing"
    NEEDS_REVIEW = "needs_review"
    DRAFT = "draft"


def group_of(entry: DigestEntry) -> Group:
    """Say who must act: the author of a draft, of red checks and of requested changes, a merger, or a reviewer."""
    if entry.draft:
        return Group.DRAFT
    if entry.ci is CiState.FAILING:
        return Group.FAILING
    match entry.decision:
        case Decision.CHANGES_REQUESTED:
            return Group.CHANGES_REQUESTED
        case Decision.APPROVED:
            return Group.APPROVED
    return Group.NEEDS_REVIEW


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What is open at one moment.

    Attributes:
        at: When it was fetched, in UTC.
        entries: Oldest first.
        unread: Repositories that could not be read, and why.
    """

    at: datetime
    repositories: tuple[RepositoryRef, ...]
    entries: tuple[DigestEntry, ...]
    unread: tuple[tuple[RepositoryRef, Sentence], ...] = ()
