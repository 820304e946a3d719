"""What happened to the pull requests of a repository, a hundred a request; only GraphQL tells it in so few."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

import structlog
from pydantic import ValidationError

from bot.domain.change import RepositoryRef
from bot.domain.errors import CodeHostUnavailable, ConfigInvalid, PullRequestNotFound
from bot.domain.history import Course, History
from bot.domain.sentence import say
from bot.github.errors import Asked, one_line, rate_limited, refused, unreadable
from bot.github.history_nodes import CoursePage, HistoryAnswer, HistoryNode, course
from bot.github.history_query import Wanted, history_query
from bot.github.talk import Talk

PER_QUERY, SMALLEST_QUERY = 100, 20
"""Pull requests of one query; fewer where GitHub cannot answer so many in its ten seconds."""

MOST_OPEN, MOST_CLOSED = 1000, 3000
"""Pull requests of one repository that are read; past that what is older stays unknown."""

_HIDDEN = frozenset({"FORBIDDEN", "INSUFFICIENT_SCOPES", "NOT_FOUND"})

log = structlog.get_logger()


@dataclass(slots=True, kw_only=True)
class _List:
    """What was read so far of the open, or of the closed ones.

    Attributes:
        most: How many are read at most.
        count: How many were.
        total: How many there are.
        last: When the last one that was read was touched.
        whole: There is nothing more to be read.
    """

    most: int
    count: int = 0
    total: int = 0
    after: str | None = None
    last: datetime | None = None
    whole: bool = False

    @property
    def going_on(self) -> bool:
        """Tell whether the next part is to be read."""
        return not self.whole and self.count < self.most

    def next(self, room: int) -> Wanted:
        """Return what to ask for, where there is room for so many."""
        return Wanted(first=min(room, self.most - self.count) if self.going_on else 0, after=self.after)

    def take(self, page: CoursePage, *, since: datetime | None = None) -> None:
        """Note what a page tells; what was not touched since a moment ends the list."""
        nodes = page.seen()
        self.count += len(page.nodes or ())
        self.total, self.after = page.total_count, page.page_info.end_cursor
        self.last = nodes[-1].updated_at if nodes else self.last
        done = since is not None and self.last is not None and self.last < since
        self.whole = done or not page.nodes or not page.page_info.has_next_page


@dataclass(slots=True, kw_only=True)
class _Reading:
    """What was read so far of a repository."""

    since: datetime
    opened: _List = field(default_factory=lambda: _List(most=MOST_OPEN))
    closed: _List = field(default_factory=lambda: _List(most=MOST_CLOSED))
    courses: dict[int, Course] = field(default_factory=dict)
    node: HistoryNode | None = None

    def wanted(self, room: int) -> tuple[Wanted, Wanted]:
        """Share out the room between what is open and what is closed."""
        both = self.opened.going_on and self.closed.going_on
        share = room // 2 if both else room
        return self.opened.next(share), self.closed.next(share)

    def take(self, node: HistoryNode) -> None:
        """Keep what an answer tells. One that was closed between two answers is in both lists, and counts as closed."""
        self.node = node
        if node.open is not None:
            self.opened.take(node.open)
            self.courses = {one.number: course(one) for one in node.open.seen()} | self.courses
        if node.closed is not None:
            self.closed.take(node.closed, since=self.since)
            told = map(course, node.closed.seen())
            self.courses |= {one.number: one for one in told if one.closed and one.closed >= self.since}

    def history(self) -> History:
        """Return what was read."""
        if self.node is None:
            raise unreadable()
        owner, _, name = self.node.name_with_owner.partition("/")
        return History(
            repository=RepositoryRef(owner=owner, name=name),
            private=self.node.is_private,
            # What was closed later than the last one was touched is all there: closing touches.
            since=self.since if self.closed.whole or self.closed.last is None else self.closed.last,
            courses=tuple(self.courses.values()),
            unread=0 if self.opened.whole else max(0, self.opened.total - self.opened.count),
        )


async def history_of(talk: Talk, repository: RepositoryRef, since: datetime) -> History:
    """Read everything that is open, and what was closed since a moment.

    Raises:
        ConfigInvalid: There is no token.
        PullRequestNotFound: The repository is not there, as a talk calls that.
        AccessRefused: The token may not look.
        TransientError: GitHub does not answer, or wants to be asked later.
    """
    if talk.auth is None:
        raise ConfigInvalid(
            say("Statistics need a token, for GitHub tells nobody else what happened: set token of [github].")
        )
    reading, room = _Reading(since=since), PER_QUERY
    while reading.opened.going_on or reading.closed.going_on:
        opened, closed = reading.wanted(room)
        query, variables = history_query(repository, opened=opened, closed=closed)
        try:
            reading.take(await talk.query(query, variables, partial(_read, talk.asked, variables)))
        except CodeHostUnavailable:
            if room == SMALLEST_QUERY:
                raise
            log.info("github.history_too_much", repository=str(repository), room=room)
            room = SMALLEST_QUERY
    return reading.history()


def _read(asked: Asked, variables: Mapping[str, Any], headers: Mapping[str, str], body: Any) -> HistoryNode:
    """Read an answer that has all that was asked for, but for what we may not see: half would make false figures."""
    try:
        answer = HistoryAnswer.model_validate(body)
    except ValidationError as error:
        raise unreadable() from error
    kinds = {error.type or "" for error in answer.errors}
    if kinds & {"RATE_LIMITED", "RATE_LIMIT"}:
        raise rate_limited(headers, asked)
    repository = answer.data.repository if answer.data else None
    lists = variables.keys() & {"open", "closed"}
    if repository is not None and kinds <= _HIDDEN and all(getattr(repository, name) is not None for name in lists):
        return repository
    if kinds & {"FORBIDDEN", "INSUFFICIENT_SCOPES"}:
        raise refused(asked, one_line(answer.errors[0].message))
    if repository is None and ("NOT_FOUND" in kinds or (answer.data and not kinds)):
        raise PullRequestNotFound(asked.missing)
    reason = one_line(answer.errors[0].message) if answer.errors else "?"
    raise CodeHostUnavailable(say("GitHub did not answer for everything ({reason}).", reason=reason))
