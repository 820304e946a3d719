"""What GraphQL answers about open pull requests, and what it means."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pydantic import Field

from bot.domain.change import CiState, PullRequestRef, RepositoryRef
from bot.domain.digest import Decision, DigestEntry
from bot.github.facts import ci_state
from bot.github.query import CheckedEdge, LabelNode, Node, Nodes, PageInfo, Problem, UserNode


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


class OpinionNode(Node):
    """The last word of one reviewer who approved or asked for changes."""

    state: str
    author: UserNode | None = None


class FileNode(Node):
    """A changed file."""

    path: str


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
    mergeable: str = ""
    review_decision: str | None = None
    base_ref_name: str = ""
    head_ref_oid: str = ""
    author: AuthorNode | None = None
    labels: Nodes[LabelNode] | None = None
    review_requests: Nodes[RequestNode] | None = None
    latest_opinionated_reviews: Nodes[OpinionNode] | None = None
    commits: Nodes[CheckedEdge] | None = None
    files: Nodes[FileNode] | None = None


class OpenPage(Nodes[OpenNode]):
    """One page of them."""

    total_count: int
    page_info: PageInfo


class OpenRepositoryNode(Node):
    """The repository they are in."""

    name_with_owner: str
    is_private: bool
    pull_requests: OpenPage


class OpenAnswer(Node):
    """The whole body; null in it is what could not be read, and why is in the errors."""

    data: dict[str, OpenRepositoryNode | None] | None = None
    errors: tuple[Problem, ...] = ()


class Count(Node):
    """How many there are."""

    total_count: int


class OwnedNode(Node):
    """A repository in the list of its owner's."""

    name_with_owner: str
    is_private: bool
    pull_requests: Count


class OwnedPage(Nodes[OwnedNode]):
    """One page of them."""

    page_info: PageInfo


class OwnerNode(Node):
    """A person or an organisation."""

    repositories: OwnedPage


class OwnerData(Node):
    """The answer proper."""

    repository_owner: OwnerNode | None = None


class OwnerAnswer(Node):
    """The whole body."""

    data: OwnerData | None = None
    errors: tuple[Problem, ...] = ()


class StateNode(Node):
    """How a pull request stands."""

    state: str


class FateNode(Node):
    """A repository with one pull request."""

    pull_request: StateNode | None = None


class StandNode(OpenNode):
    """A pull request in whatever state."""

    state: str


class StandRepositoryNode(Node):
    """The repository it is in."""

    is_private: bool
    pull_request: StandNode | None = None


class StandsAnswer(Node):
    """The whole body."""

    data: dict[str, StandRepositoryNode | None] | None = None
    errors: tuple[Problem, ...] = ()


class FatesAnswer(Node):
    """The whole body."""

    data: dict[str, FateNode | None] | None = None
    errors: tuple[Problem, ...] = ()


def entry(repository: RepositoryRef, node: OpenNode) -> DigestEntry:
    """Return an open pull request in our words."""
    edges = node.commits.seen() if node.commits else ()
    rollup = edges[-1].commit.status_check_rollup if edges and edges[-1].commit else None
    reviewers = [one.requested_reviewer for one in node.review_requests.seen()] if node.review_requests else []
    opinions = node.latest_opinionated_reviews.seen() if node.latest_opinionated_reviews else ()
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
        decision=_decision(node.review_decision, [opinion.state for opinion in opinions]),
        conflicts=node.mergeable == "CONFLICTING",
        requested=tuple(one.login for one in reviewers if one and one.login),
        teams=tuple(one.slug for one in reviewers if one and one.slug),
        reviewed=tuple(dict.fromkeys(opinion.author.login for opinion in opinions if opinion.author)),
        base=node.base_ref_name,
        head_sha=node.head_ref_oid,
        labels=tuple(label.name for label in node.labels.seen()) if node.labels else (),
        paths=tuple(file.path for file in node.files.seen()) if node.files else (),
    )


def _decision(decided: str | None, opinions: Sequence[str]) -> Decision:
    """Return GitHub's decision, which it makes only where a rule wants reviews; else what the reviewers say."""
    if decided and decided.lower() in set(Decision):
        return Decision(decided.lower())
    if "CHANGES_REQUESTED" in opinions:
        return Decision.CHANGES_REQUESTED
    return Decision.APPROVED if "APPROVED" in opinions else Decision.NONE
