"""What an owner has: every repository of a person or an organisation that is not archived."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from pydantic import ValidationError

from bot.domain.change import RepositoryRef
from bot.domain.errors import CodeHostUnavailable, PullRequestNotFound
from bot.github.errors import Asked, rate_limited
from bot.github.open_nodes import OwnedPage, OwnerAnswer
from bot.github.open_query import REPOSITORIES
from bot.github.rest import OWNED
from bot.github.talk import Talk

MOST_PAGES = 3
"""Of a hundred; those where something happened last come first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Owned:
    """One repository of an owner.

    Attributes:
        open: How many open pull requests it has; None where nobody said.
    """

    ref: RepositoryRef
    private: bool
    open: int | None


async def repositories_of(talk: Talk, owner: str) -> list[Owned]:
    """List what *owner* has; nothing where nobody has that name.

    Raises:
        TransientError: GitHub does not answer, or wants to be asked later.
    """
    try:
        if talk.auth is None:
            return await _by_rest(talk, owner)
        return await _by_graphql(talk, owner)
    except PullRequestNotFound:  # how a talk calls what is missing
        return []


async def _by_graphql(talk: Talk, owner: str) -> list[Owned]:
    found: list[Owned] = []
    after: str | None = None
    for _ in range(MOST_PAGES):
        page = await talk.query(REPOSITORIES, {"owner": owner, "after": after}, partial(_read, talk.asked))
        found += [
            Owned(ref=_ref(node.name_with_owner), private=node.is_private, open=node.pull_requests.total_count)
            for node in page.seen()
        ]
        if not page.page_info.has_next_page:
            break
        after = page.page_info.end_cursor
    return found


def _read(asked: Asked, headers: Mapping[str, str], body: Any) -> OwnedPage:
    try:
        answer = OwnerAnswer.model_validate(body)
    except ValidationError:
        answer = OwnerAnswer()
    if {error.type or "" for error in answer.errors} & {"RATE_LIMITED", "RATE_LIMIT"}:
        raise rate_limited(headers, asked)
    if answer.data is None:
        raise CodeHostUnavailable(asked.missing)
    if answer.data.repository_owner is None:
        raise PullRequestNotFound(asked.missing)
    return answer.data.repository_owner.repositories


async def _by_rest(talk: Talk, owner: str) -> list[Owned]:
    found: list[Owned] = []
    for page in range(1, MOST_PAGES + 1):
        parameters = {"sort": "pushed", "per_page": 100, "page": page}
        bodies = await talk.get(f"/users/{owner}/repos", OWNED, parameters)
        found += [
            Owned(ref=_ref(body.full_name), private=body.private, open=None) for body in bodies if not body.archived
        ]
        if len(bodies) < 100:
            break
    return found


def _ref(full_name: str) -> RepositoryRef:
    owner, _, name = full_name.partition("/")
    return RepositoryRef(owner=owner, name=name)
