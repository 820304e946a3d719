"""The open pull requests of some repositories, grouped by who must act: `Digest` > `DigestEntry`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.change import CiState, PullRequestRef, RepositoryPattern, RepositoryRef
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
        conflicts: It cannot be merged as it is.
        requested: Logins of those who were asked to review.
        teams: The teams that were, without their organisation.
        reviewed: Logins of those who gave their opinion.
        base: The branch it asks to change.
        paths: The changed files; empty unless asked for.
        head_sha: The newest commit.
        stale: Nothing happened to it for long, as whoever asked for the digest understands that.
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
    conflicts: bool = False
    requested: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    reviewed: tuple[str, ...] = ()
    base: str = ""
    labels: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    head_sha: str = ""
    stale: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRepository:
    """What is open in one repository.

    Attributes:
        ref: As the code host writes it.
        pattern: What was asked about.
        private: Not open to everybody; None where nobody said.
        entries: Oldest first.
        total: How many there are, which may be more than were read.
    """

    ref: RepositoryRef
    pattern: RepositoryPattern
    private: bool | None
    entries: tuple[DigestEntry, ...]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenBoard:
    """What is open now in everything that was asked about.

    Attributes:
        unread: What could not be read, and why.
    """

    repositories: tuple[OpenRepository, ...]
    unread: tuple[tuple[RepositoryPattern, Sentence], ...] = ()


class Group(StrEnum):
    """Who must act on an entry, in the order in which a digest shows them."""

    NEEDS_REVIEW = "needs_review"
    CHANGES_REQUESTED = "changes_requested"
    APPROVED = "approved"
    FAILING = "failing"
    DRAFT = "draft"
    STALE = "stale"


def group_of(entry: DigestEntry) -> Group:
    """Say who must act: the author of a draft, of red checks and of requested changes, a merger, or a reviewer.

    What is ready to merge is never stale: it is not its author who waits.
    """
    if entry.draft:
        return Group.DRAFT
    if entry.decision is Decision.APPROVED and entry.ci is not CiState.FAILING:
        return Group.APPROVED
    if entry.stale:
        return Group.STALE
    if entry.ci is CiState.FAILING:
        return Group.FAILING
    return Group.CHANGES_REQUESTED if entry.decision is Decision.CHANGES_REQUESTED else Group.NEEDS_REVIEW


@dataclass(frozen=True, slots=True, kw_only=True)
class LastDigest:
    """What the last digest of a subscription said.

    Attributes:
        subscription: `Subscription.id`.
        at: When it was made, in UTC.
        groups: Who had to act on what.
    """

    subscription: str
    at: datetime
    groups: Mapping[PullRequestRef, Group]


class Fate(StrEnum):
    """What became of a pull request that is open no more."""

    MERGED = "merged"
    CLOSED = "closed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What is different from the digest before.

    Attributes:
        since: When that one was made, in UTC.
        opened: What was not in it.
        moved: What others must act on now.
        gone: What is open no more, and why.
    """

    since: datetime
    opened: frozenset[PullRequestRef] = frozenset()
    moved: frozenset[PullRequestRef] = frozenset()
    gone: Mapping[PullRequestRef, Fate] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """How many open pull requests a digest leaves out."""

    bots: int = 0
    snoozed: int = 0
    filtered: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What is open at one moment.

    Attributes:
        at: When it was fetched, in UTC.
        patterns: What was asked about.
        entries: Oldest first.
        unread: What could not be read or may not be seen, and why.
        news: None where there was no digest before, and where nobody subscribed to this one.
        due: When it should have come, in the zone of who subscribed; None where it is not late.
        people: Whom to mention, by login in lower case: their name as `Audience.person`.
    """

    at: datetime
    patterns: tuple[RepositoryPattern, ...]
    entries: tuple[DigestEntry, ...]
    unread: tuple[tuple[RepositoryPattern, Sentence], ...] = ()
    left: Left = Left()
    news: News | None = None
    due: datetime | None = None
    people: Mapping[str, str] = field(default_factory=dict)
