"""What happens in repositories of GitHub, by conditional requests and GraphQL, which REST's limit does not count.

https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#use-conditional-requests-if-appropriate
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from pydantic import ValidationError

from bot.domain.change import PullRequestRef, RepositoryRef
from bot.domain.digest import Fate
from bot.domain.errors import CodeHostUnavailable, PullRequestNotFound, RepositoryNotFound
from bot.domain.watch import Comment, Stand
from bot.github.errors import Asked, rate_limited
from bot.github.fates import FATES
from bot.github.open_nodes import StandRepositoryNode, StandsAnswer, entry
from bot.github.open_query import stand_query
from bot.github.rest import COMMENTS, OPEN_PULLS, CommentBody
from bot.github.talks import Talks

MOST_STANDS = 50
"""Pull requests of one query."""

MARKED = 30
"""Pull requests whose last change a mark is made of: whatever changes comes to the front."""

TRUSTED = frozenset({"OWNER", "MEMBER", "COLLABORATOR", "CONTRIBUTOR"})
"""https://docs.github.com/en/graphql/reference/enums#commentauthorassociation"""


class GitHubPulse:
    """Feels the pulse of repositories.

    Args:
        talks: Shared with `GitHubChanges`, which closes them.
    """

    def __init__(self, talks: Talks) -> None:
        self._talks = talks

    async def mark(self, repository: RepositoryRef, before: str) -> str:
        """Return a mark of all pull requests, which is the etag of their list."""
        talk = await self._talks.about(repository, str(repository))
        parameters = {"state": "all", "sort": "updated", "direction": "desc", "per_page": MARKED}
        try:
            answer = await talk.get_if_changed(f"/repos/{repository}/pulls", OPEN_PULLS, parameters, before)
        except PullRequestNotFound as error:  # how a talk calls what is missing
            raise RepositoryNotFound(error.sentence) from error
        etag, changed = answer
        return before if changed is None else etag

    async def comments(self, repository: RepositoryRef, since: datetime) -> Sequence[Comment]:
        """Fetch what was said below pull requests, with one request."""
        talk = await self._talks.about(repository, str(repository))
        moment = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        parameters = {"since": moment, "sort": "updated", "direction": "desc", "per_page": 100}
        bodies = await talk.get(f"/repos/{repository}/issues/comments", COMMENTS, parameters)
        return list(_comments(repository, reversed(bodies)))

    async def stands(self, refs: Sequence[PullRequestRef]) -> Mapping[PullRequestRef, Stand]:
        """Fetch how pull requests of one owner stand, fifty with one request."""
        found: dict[PullRequestRef, Stand] = {}
        for start in range(0, len(refs), MOST_STANDS):
            part = refs[start : start + MOST_STANDS]
            talk = await self._talks.about(part[0].repository_ref, str(part[0]))
            query, variables = stand_query(part)
            nodes = await talk.query(query, variables, partial(_read, talk.asked))
            for number, ref in enumerate(part):
                stand = _stand(ref, nodes.get(f"p{number}"))
                if stand is not None:
                    found[ref] = stand
        return found


def _read(asked: Asked, headers: Mapping[str, str], body: Any) -> dict[str, StandRepositoryNode | None]:
    try:
        answer = StandsAnswer.model_validate(body)
    except ValidationError:
        answer = StandsAnswer()
    if {error.type or "" for error in answer.errors} & {"RATE_LIMITED", "RATE_LIMIT"}:
        raise rate_limited(headers, asked)
    if answer.data is None:
        raise CodeHostUnavailable(asked.missing)
    return answer.data


def _stand(ref: PullRequestRef, node: StandRepositoryNode | None) -> Stand | None:
    if node is None or node.pull_request is None:
        return None
    state = node.pull_request.state
    fate = None if state == "OPEN" else FATES.get(state, Fate.UNKNOWN)
    return Stand(entry=entry(ref.repository_ref, node.pull_request), fate=fate, private=node.is_private)


def _comments(repository: RepositoryRef, bodies: Iterator[CommentBody]) -> Iterator[Comment]:
    for body in bodies:
        number = body.issue_url.rpartition("/")[2]
        if "/pull/" not in body.html_url or not number.isdecimal() or body.user is None or body.user.type == "Bot":
            continue
        yield Comment(
            id=body.id,
            ref=PullRequestRef(owner=repository.owner, repository=repository.name, number=int(number)),
            author=body.user.login,
            trusted=body.author_association in TRUSTED,
            text=body.body or "",
            at=body.updated_at,
        )
