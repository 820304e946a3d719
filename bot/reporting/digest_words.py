"""The words of a digest, for everything that draws one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.domain.change import CiState
from bot.domain.digest import Decision, Digest, DigestEntry, Group, group_of
from bot.domain.sentence import Sentence, say, say_many
from bot.reporting import words

GROUPS = {
    Group.APPROVED: say("Approved and ready to merge"),
    Group.CHANGES_REQUESTED: say("Changes requested"),
    Group.FAILING: say("Checks failing"),
    Group.NEEDS_REVIEW: say("Needs review"),
    Group.DRAFT: say("Drafts"),
}

_DECISIONS = {
    Decision.APPROVED: say("approved"),
    Decision.CHANGES_REQUESTED: say("changes requested"),
    Decision.REVIEW_REQUIRED: say("review required"),
}


def heading(digest: Digest) -> Sentence:
    """Say how much is open where."""
    return say_many(
        "{count} open pull request in {names}",
        "{count} open pull requests in {names}",
        len(digest.entries),
        names=", ".join(map(str, digest.repositories)),
    )


def grouped(digest: Digest) -> dict[Group, Sequence[DigestEntry]]:
    """Sort the entries by who must act, in the order of the groups; an empty group is left out."""
    groups = {group: [entry for entry in digest.entries if group_of(entry) is group] for group in Group}
    return {group: entries for group, entries in groups.items() if entries}


def facts(entry: DigestEntry, now: datetime) -> tuple[Sentence, ...]:
    """Say of an entry who wrote it, how old and large it is, what checks and reviewers say, and who is asked."""
    days = max(0, (now - entry.created).days)
    told = [say("by {author}", author=entry.author)] if entry.author else []
    told.append(say_many("{count} day old", "{count} days old", days) if days else say("opened today"))
    if entry.additions or entry.deletions:
        told.append(say("+{added} −{removed}", added=entry.additions, removed=entry.deletions))
    if entry.ci in words.CHECKS and entry.ci is not CiState.NONE:
        told.append(words.CHECKS[entry.ci])
    if entry.decision in _DECISIONS:
        told.append(_DECISIONS[entry.decision])
    if entry.requested:
        told.append(say("asked: {names}", names=", ".join(entry.requested)))
    return tuple(told)


def more(count: int) -> Sentence:
    """Say how many entries are not shown."""
    return say_many("and {count} more", "and {count} more", count)
