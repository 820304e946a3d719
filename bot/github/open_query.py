"""The GraphQL queries for what is open, many repositories at a time. What is answered is in `open_nodes`.

The tests validate every query against https://docs.github.com/public/fpt/schema.docs.graphql.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.change import PullRequestRef, RepositoryRef

_FIELDS = """
          number title url isDraft createdAt updatedAt additions deletions mergeable reviewDecision
          baseRefName headRefOid
          author { __typename login }
          labels(first: 20) { nodes { name } }
          reviewRequests(first: 10) {
            nodes { requestedReviewer { __typename ... on User { login } ... on Team { slug } ... on Bot { login } } }
          }
          latestOpinionatedReviews(first: 10, writersOnly: true) { nodes { state author { login } } }
          commits(last: 1) { nodes { commit { statusCheckRollup { state } } } }"""
_PATHS = """
          files(first: 100) { nodes { path } }"""

REPOSITORIES = """
query Repositories($owner: String!, $after: String) {
  repositoryOwner(login: $owner) {
    repositories(
      first: 100, after: $after, ownerAffiliations: [OWNER], isArchived: false,
      orderBy: {field: PUSHED_AT, direction: DESC}
    ) {
      pageInfo { hasNextPage endCursor }
      nodes { nameWithOwner isPrivate pullRequests(states: OPEN) { totalCount } }
    }
  }
}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A part of a repository's open pull requests.

    Attributes:
        after: Where the part before ended; None for the first.
    """

    repository: RepositoryRef
    first: int
    after: str | None = None


def query_for(pieces: Sequence[Piece], *, paths: bool) -> tuple[str, Mapping[str, Any]]:
    """Write one query for all of *pieces*, which are called `r0`, `r1`, ... in the answer, and its variables."""
    declared = "".join(f"$o{n}: String!, $n{n}: String!, $a{n}: String, " for n in range(len(pieces)))
    parts = "".join(_part(n, piece, paths=paths) for n, piece in enumerate(pieces))
    variables: dict[str, Any] = {}
    for n, piece in enumerate(pieces):
        variables |= {f"o{n}": piece.repository.owner, f"n{n}": piece.repository.name, f"a{n}": piece.after}
    return f"query OpenPullRequests({declared.rstrip(', ')}) {{{parts}}}\n", variables


def fates_query(refs: Sequence[PullRequestRef]) -> tuple[str, Mapping[str, Any]]:
    """Write one query for what became of *refs*, called `p0`, `p1`, ... in the answer, and its variables."""
    return _numbered("Fates", refs, "state")


def stand_query(refs: Sequence[PullRequestRef]) -> tuple[str, Mapping[str, Any]]:
    """Write one query for how *refs* stand, called `p0`, `p1`, ... in the answer, and its variables."""
    return _numbered("Stands", refs, f"state{_FIELDS}")


def _numbered(name: str, refs: Sequence[PullRequestRef], fields: str) -> tuple[str, Mapping[str, Any]]:
    declared = "".join(f"$o{n}: String!, $n{n}: String!, $i{n}: Int!, " for n in range(len(refs)))
    parts = "".join(
        f"  p{n}: repository(owner: $o{n}, name: $n{n}) {{ isPrivate pullRequest(number: $i{n}) {{ {fields} }} }}\n"
        for n in range(len(refs))
    )
    variables: dict[str, Any] = {}
    for n, ref in enumerate(refs):
        variables |= {f"o{n}": ref.owner, f"n{n}": ref.repository, f"i{n}": ref.number}
    return f"query {name}({declared.rstrip(', ')}) {{\n{parts}}}\n", variables


def _part(n: int, piece: Piece, *, paths: bool) -> str:
    return f"""
  r{n}: repository(owner: $o{n}, name: $n{n}) {{
    nameWithOwner
    isPrivate
    pullRequests(states: OPEN, first: {piece.first}, after: $a{n}, orderBy: {{field: CREATED_AT, direction: ASC}}) {{
      totalCount
      pageInfo {{ hasNextPage endCursor }}
      nodes {{{_FIELDS}{_PATHS if paths else ""}
      }}
    }}
  }}"""
