"""What is different from the digest before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.domain.change import PullRequestRef
from bot.domain.digest import Digest, Fate, LastDigest, News, OpenBoard, group_of
from bot.domain.subscription import Subscription

MOST_GONE = 50
"""Pull requests whose end is looked up; more of them are counted as gone."""


def gone_since(before: Sequence[LastDigest], board: OpenBoard) -> list[PullRequestRef]:
    """List what was in a digest before and is open no more; what could not be read now is not known to be gone."""
    read = {repository.ref for repository in board.repositories if repository.total == len(repository.entries)}
    still = {entry.ref for repository in board.repositories for entry in repository.entries}
    known = dict.fromkeys(ref for last in before for ref in last.groups)
    return [ref for ref in known if ref.repository_ref in read and ref not in still]


def news_since(
    subscriptions: Sequence[Subscription],
    before: Sequence[LastDigest],
    digest: Digest,
    gone: Mapping[PullRequestRef, Fate],
) -> News | None:
    """Compare a digest with those before it; None where there was none.

    What only a subscription lists that had no digest yet is nothing new: everything would be.
    """
    if not before:
        return None
    told = {last.subscription: last.groups for last in before}
    opened, moved = set(), set()
    for entry in digest.entries:
        lists = [
            told[one.id] for one in subscriptions if one.id in told and one.pattern.covers(entry.ref.repository_ref)
        ]
        groups = {groups[entry.ref] for groups in lists if entry.ref in groups}
        if lists and not groups:
            opened.add(entry.ref)
        elif groups and group_of(entry) not in groups:
            moved.add(entry.ref)
    return News(
        since=max(last.at for last in before), opened=frozenset(opened), moved=frozenset(moved), gone=dict(gone)
    )
