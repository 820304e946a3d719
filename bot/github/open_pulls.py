"""The open pull requests of many repositories: by GraphQL, a hundred a request whosever they are, or by REST.

REST is asked where there is no token for GraphQL. Its lists know neither checks nor decisions nor sizes; those stay
unknown rather than cost a request each.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import structlog
from pydantic import ValidationError

from bot.domain.change import CiState, PullRequestRef, RepositoryPattern, RepositoryRef
from bot.domain.digest import Decision, DigestEntry, OpenRepository
from bot.domain.errors import AccessRefused, BotError, CodeHostUnavailable, PullRequestNotFound
from bot.domain.sentence import Sentence, say
from bot.github.errors import Asked, one_line, rate_limited, refused
from bot.github.open_nodes import OpenAnswer, OpenRepositoryNode, entry
from bot.github.open_query import Piece, query_for
from bot.github.query import Problem
from bot.github.rest import OPEN_PULLS, REPOSITORY, OpenPullBody
from bot.github.talk import Talk

PER_QUERY, SMALLEST_QUERY = 100, 25
"""Pull requests of one query; fewer where GitHub cannot answer so many in its ten seconds."""

MOST_ALIASES = 50
"""Repositories of one query."""

FEWEST = 2
"""Pull requests asked of a repository of which nobody knows how many it has."""

MOST = 1000
"""Open pull requests of one repository in a digest; nobody reads more."""

log = structlog.get_logger()


@dataclass(slots=True, kw_only=True)
class Shelf:
    """What was read so far of one repository.

    Attributes:
        pattern: What was asked about.
        total: How many it has; None while nobody knows.
        problem: Why it cannot be read.
    """

    ref: RepositoryRef
    pattern: RepositoryPattern
    talk: Talk
    private: bool | None = None
    total: int | None = None
    after: str | None = None
    entries: list[DigestEntry] = field(default_factory=list)
    problem: Sentence | None = None

    @property
    def missing(self) -> int | None:
        """Return how many are still to be read; None while nobody knows."""
        return None if self.total is None else max(0, min(self.total, MOST) - len(self.entries))

    def opened(self) -> OpenRepository:
        """Return what was read."""
        total = self.total if self.total is not None else len(self.entries)
        return OpenRepository(
            ref=self.ref, pattern=self.pattern, private=self.private, entries=tuple(self.entries), total=total
        )


async def fill(shelves: Sequence[Shelf], *, paths: bool) -> None:
    """Read the open pull requests of *shelves*, whose talks have one identity.

    Raises:
        TransientError: GitHub does not answer, or wants to be asked later.
    """
    if shelves and shelves[0].talk.auth is not None:
        shelves = await _by_graphql(shelves, paths=paths)
    for shelf in shelves:
        try:
            await _by_rest(shelf, paths=paths)
        except (PullRequestNotFound, AccessRefused) as error:
            shelf.problem = error.sentence


async def _by_graphql(shelves: Iterable[Shelf], *, paths: bool) -> list[Shelf]:
    """Read what GraphQL tells, and return the shelves for which REST has to be asked."""
    queue = deque(shelves)
    left: list[Shelf] = []
    room = PER_QUERY
    while queue:
        taken = _packed(queue, room)
        query, variables = query_for([piece for _, piece in taken], paths=paths)
        talk = taken[0][0].talk
        try:
            answer = await talk.query(query, variables, partial(_read, talk.asked))
        except CodeHostUnavailable:
            log.info("github.graphql_unavailable", repositories=len(taken), room=room)
            if room > SMALLEST_QUERY:
                room = SMALLEST_QUERY
                queue.extendleft(shelf for shelf, _ in reversed(taken))
            else:
                left += [shelf for shelf, _ in taken if not shelf.entries]
                for shelf in (shelf for shelf, _ in taken if shelf.entries):
                    shelf.problem = _cut(shelf)
            continue
        for number, (shelf, _) in enumerate(taken):
            node = (answer.data or {}).get(f"r{number}")
            if node is None:
                shelf.problem = _problem(shelf.talk.asked, f"r{number}", answer.errors)
            elif _take(shelf, node):
                queue.appendleft(shelf)
    return left


def _packed(queue: deque[Shelf], room: int) -> list[tuple[Shelf, Piece]]:
    """Take shelves off the queue for one query, each with the part of it that is asked for."""
    unknown = sum(shelf.missing is None for shelf in queue)
    known = sum(shelf.missing or 0 for shelf in queue)
    share = max(FEWEST, (room - min(known, room // 2)) // max(1, min(unknown, MOST_ALIASES)))
    taken: list[tuple[Shelf, Piece]] = []
    while queue and room > 0 and len(taken) < MOST_ALIASES:
        shelf = queue.popleft()
        first = min(share if shelf.missing is None else shelf.missing, room)
        taken.append((shelf, Piece(repository=shelf.ref, first=first, after=shelf.after)))
        room -= first
    return taken


def _take(shelf: Shelf, node: OpenRepositoryNode) -> bool:
    """Put a page on the shelf, and tell whether there is more to be read."""
    owner, _, name = node.name_with_owner.partition("/")
    page = node.pull_requests
    shelf.ref = RepositoryRef(owner=owner, name=name)
    shelf.private, shelf.total, shelf.after = node.is_private, page.total_count, page.page_info.end_cursor
    shelf.entries += [entry(shelf.ref, one) for one in page.seen()]
    if not page.page_info.has_next_page:
        return False
    if shelf.missing:
        return True
    shelf.problem = _cut(shelf)
    return False


def _cut(shelf: Shelf) -> Sentence:
    return say(
        "{name} has {total} open pull requests, of which the oldest {count} were read.",
        name=str(shelf.ref),
        total=shelf.total or 0,
        count=len(shelf.entries),
    )


def _read(asked: Asked, headers: Mapping[str, str], body: Any) -> OpenAnswer:
    try:
        answer = OpenAnswer.model_validate(body)
    except ValidationError:
        answer = OpenAnswer()
    if {error.type or "" for error in answer.errors} & {"RATE_LIMITED", "RATE_LIMIT"}:
        raise rate_limited(headers, asked)
    if answer.data is None:
        raise CodeHostUnavailable(asked.missing)  # fewer, or REST, is asked next
    return answer


def _problem(asked: Asked, alias: str, errors: Sequence[Problem]) -> Sentence:
    """Say why GitHub left one repository out of its answer."""
    mine = [error for error in errors if error.path and error.path[0] == alias]
    error: BotError
    if any(problem.type in ("FORBIDDEN", "INSUFFICIENT_SCOPES") for problem in mine):
        error = refused(asked, one_line(mine[0].message))
        return error.sentence
    if not mine or any(problem.type == "NOT_FOUND" for problem in mine):
        return asked.missing
    return say("GitHub did not answer for everything ({reason}).", reason=one_line(mine[0].message))


async def _by_rest(shelf: Shelf, *, paths: bool) -> None:
    for page in range(1, MOST // PER_QUERY + 1):
        parameters = {"state": "open", "sort": "created", "direction": "asc", "per_page": PER_QUERY, "page": page}
        bodies = await shelf.talk.get(f"/repos/{shelf.ref}/pulls", OPEN_PULLS, parameters)
        shelf.entries += [_listed(shelf.ref, body) for body in bodies]
        if len(bodies) < PER_QUERY:
            break
    # Without a token only what is public can be seen at all.
    shelf.private = shelf.talk.auth is not None
    if shelf.private:
        shelf.private = (await shelf.talk.get(f"/repos/{shelf.ref}", REPOSITORY)).private
    if paths and shelf.entries:
        shelf.problem = say("Filters by path need a token in [github]; of {name} nothing fits.", name=str(shelf.ref))


def _listed(repository: RepositoryRef, body: OpenPullBody) -> DigestEntry:
    return DigestEntry(
        ref=PullRequestRef(owner=repository.owner, repository=repository.name, number=body.number),
        title=body.title,
        url=body.html_url,
        author=body.user.login if body.user else "",
        bot=body.user is not None and body.user.type == "Bot",
        draft=body.draft,
        created=body.created_at,
        updated=body.updated_at,
        additions=0,
        deletions=0,
        ci=CiState.UNKNOWN,
        decision=Decision.NONE,
        requested=tuple(user.login for user in body.requested_reviewers),
        teams=tuple(team.slug for team in body.requested_teams),
        base=body.base.ref,
        labels=tuple(label.name for label in body.labels),
    )
