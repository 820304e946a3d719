"""What GraphQL answers about the course of pull requests, and what it means."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from bot.domain.history import Course, ReviewGiven, drafts_of
from bot.github.open_nodes import AuthorNode
from bot.github.query import Node, Nodes, PageInfo, Problem


class ReviewNode(Node):
    """A review; one that nobody submitted yet has no date."""

    submitted_at: datetime | None = None
    author: AuthorNode | None = None


class TurnNode(Node):
    """A pull request became a draft, or was made ready."""

    typename: str = Field(alias="__typename")
    created_at: datetime


class CourseNode(Node):
    """A pull request and what happened to it."""

    number: int
    is_draft: bool
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None = None
    merged_at: datetime | None = None
    author: AuthorNode | None = None
    reviews: Nodes[ReviewNode] | None = None
    timeline_items: Nodes[TurnNode] | None = None


class CoursePage(Nodes[CourseNode]):
    """One page of them."""

    total_count: int
    page_info: PageInfo


class HistoryNode(Node):
    """The repository they are in; a list that was not asked for is not there."""

    name_with_owner: str
    is_private: bool
    open: CoursePage | None = None
    closed: CoursePage | None = None


class HistoryData(Node):
    """The answer proper."""

    repository: HistoryNode | None = None


class HistoryAnswer(Node):
    """The whole body."""

    data: HistoryData | None = None
    errors: tuple[Problem, ...] = ()


def course(node: CourseNode) -> Course:
    """Say it in our words."""
    reviews = node.reviews.seen() if node.reviews else ()
    turns = node.timeline_items.seen() if node.timeline_items else ()
    return Course(
        number=node.number,
        author=node.author.login if node.author else "",
        bot=_is_bot(node.author),
        opened=node.created_at,
        closed=node.merged_at or node.closed_at,
        merged=node.merged_at is not None,
        drafts=drafts_of(
            node.created_at,
            sorted((turn.created_at, turn.typename == "ConvertToDraftEvent") for turn in turns),
            draft=node.is_draft,
        ),
        reviews=tuple(
            ReviewGiven(by=one.author.login if one.author else "", bot=_is_bot(one.author), at=one.submitted_at)
            for one in reviews
            if one.submitted_at is not None
        ),
    )


def _is_bot(author: AuthorNode | None) -> bool:
    return author is not None and author.typename == "Bot"
