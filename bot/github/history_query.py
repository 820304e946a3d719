"""The GraphQL query for what happened to the pull requests of a repository. What is answered is in `history_nodes`.

The tests validate it against https://docs.github.com/public/fpt/schema.docs.graphql.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.change import RepositoryRef

# The first reviews and turns of a pull request are the ones that count.
_FIELDS = """
          number isDraft createdAt updatedAt closedAt mergedAt
          author { __typename login }
          reviews(first: 20) { nodes { submittedAt author { __typename login } } }
          timelineItems(first: 20, itemTypes: [CONVERT_TO_DRAFT_EVENT, READY_FOR_REVIEW_EVENT]) {
            nodes { __typename ... on ConvertToDraftEvent { createdAt } ... on ReadyForReviewEvent { createdAt } }
          }"""

_LISTS = {
    "open": "states: OPEN, orderBy: {field: CREATED_AT, direction: DESC}",
    "closed": "states: [MERGED, CLOSED], orderBy: {field: UPDATED_AT, direction: DESC}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The next part of a list.

    Attributes:
        first: How many, at most 100; 0 asks for nothing of it.
        after: Where the part before ended; None for the first.
    """

    first: int
    after: str | None = None


def history_query(repository: RepositoryRef, *, opened: Wanted, closed: Wanted) -> tuple[str, Mapping[str, Any]]:
    """Write the query for a part of what is open, newest first, and of what was closed, last touched first."""
    parts = {name: wanted for name, wanted in (("open", opened), ("closed", closed)) if wanted.first}
    declared = "".join(f", ${name}: String" for name in parts)
    lists = "".join(_list(name, wanted.first) for name, wanted in parts.items())
    query = f"""
query History($owner: String!, $name: String!{declared}) {{
  repository(owner: $owner, name: $name) {{
    nameWithOwner
    isPrivate{lists}
  }}
}}
"""
    after = {name: wanted.after for name, wanted in parts.items()}
    return query, {"owner": repository.owner, "name": repository.name, **after}


def _list(name: str, first: int) -> str:
    return f"""
    {name}: pullRequests(first: {first}, after: ${name}, {_LISTS[name]}) {{
      totalCount
      pageInfo {{ hasNextPage endCursor }}
      nodes {{{_FIELDS}
      }}
    }}"""
