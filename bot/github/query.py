"""The one GraphQL query, everything about a pull request but its lines in one request, and the shape of its answer.

Checked against https://docs.github.com/public/fpt/schema.docs.graphql (July 2026).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from bot.domain.change import PullRequestRef

# The attributes are those of the base branch: those of the head could hide the author's own files from review.
QUERY = """
query PullRequest($owner: String!, $name: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $name) {
    nameWithOwner
    isPrivate
    issueOrPullRequest(number: $number) {
      __typename
      ... on PullRequest {
        title
        body
        url
        state
        isDraft
        changedFiles
        author { login }
        baseRefName
        baseRefOid
        headRefName
        headRefOid
        labels(first: 50) { nodes { name } }
        closingIssuesReferences(first: 10) { nodes { number title body } }
        commits(first: 100, after: $after) {
          pageInfo { hasNextPage endCursor }
          nodes { commit { oid message parents(first: 2) { totalCount } author { name user { login } } } }
        }
        head: commits(last: 1) { nodes { commit { statusCheckRollup { state } } } }
        baseRef { target { ... on Commit { file(path: ".gitattributes") { object { ... on Blob { text } } } } } }
      }
    }
  }
}
"""

T = TypeVar("T")


def variables(ref: PullRequestRef, after: str | None) -> Mapping[str, Any]:
    """Return what the query asks for; *after* is where the last page of commits ended."""
    return {"owner": ref.owner, "name": ref.repository, "number": ref.number, "after": after}


class Node(BaseModel):
    """An object of GraphQL; members in camel case."""

    model_config = ConfigDict(frozen=True, extra="ignore", alias_generator=to_camel)


class Nodes(Node, Generic[T]):
    """A list in which single entries are null when the token may not see them."""

    nodes: tuple[T | None, ...] | None = None

    def seen(self) -> tuple[T, ...]:
        """Return the entries that are there."""
        return tuple(node for node in self.nodes or () if node is not None)


class UserNode(Node):
    """An account."""

    login: str


class CommitAuthor(Node):
    """Who a commit says wrote it, and whose account that is."""

    name: str | None
    user: UserNode | None


class Parents(Node):
    """How many commits a commit builds on."""

    total_count: int


class CommitNode(Node):
    """A commit."""

    oid: str
    message: str
    parents: Parents
    author: CommitAuthor | None


class CommitEdge(Node):
    """A commit as part of the pull request."""

    commit: CommitNode


class PageInfo(Node):
    """Where the next page begins."""

    has_next_page: bool
    end_cursor: str | None


class CommitPage(Nodes[CommitEdge]):
    """One page of the commits."""

    page_info: PageInfo


class Rollup(Node):
    """What all checks say together."""

    state: str


class Checked(Node):
    """The head commit."""

    status_check_rollup: Rollup | None = None


class CheckedEdge(Node):
    """The head commit as part of the pull request."""

    commit: Checked | None = None


class LabelNode(Node):
    """A label."""

    name: str


class IssueNode(Node):
    """An issue that the pull request closes."""

    number: int
    title: str
    body: str


class Blob(Node):
    """A file's content; null when it is binary."""

    text: str | None = None


class TreeEntry(Node):
    """A file."""

    object: Blob | None = None


class Target(Node):
    """The commit a branch points to."""

    file: TreeEntry | None = None


class BaseRef(Node):
    """The base branch; null when it is gone."""

    target: Target | None = None


class PullRequestNode(Node):
    """A pull request."""

    typename: Literal["PullRequest"] = Field(alias="__typename")
    title: str
    body: str
    url: str
    state: str
    is_draft: bool
    changed_files: int
    author: UserNode | None
    base_ref_name: str
    base_ref_oid: str
    head_ref_name: str
    head_ref_oid: str
    labels: Nodes[LabelNode] | None = None
    closing_issues_references: Nodes[IssueNode] | None = None
    commits: CommitPage
    head: Nodes[CheckedEdge] | None = None
    base_ref: BaseRef | None = None


class OtherIssueNode(Node):
    """An issue where a pull request was expected."""

    typename: Literal["Issue"] = Field(alias="__typename")


class RepositoryNode(Node):
    """A repository by its present name."""

    name_with_owner: str
    is_private: bool
    issue_or_pull_request: Annotated[PullRequestNode | OtherIssueNode, Field(discriminator="typename")] | None


class AnswerData(Node):
    """The answer proper; null in it is what the token may not see, or what failed."""

    repository: RepositoryNode | None = None


class Problem(Node):
    """One thing that failed, and where in the data it is missing."""

    type: str | None = None
    message: str = ""
    path: tuple[str | int, ...] | None = None


class Answer(Node):
    """The whole body."""

    data: AnswerData | None = None
    errors: tuple[Problem, ...] = ()
