"""The words of a digest, for everything that draws one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.domain.change import CiState, PullRequestRef
from bot.domain.digest import Decision, Digest, DigestEntry, Fate, Group, News, group_of
from bot.domain.sentence import Sentence, say, say_many
from bot.reporting import words

GROUPS = {
    Group.NEEDS_REVIEW: say("Needs review"),
    Group.CHANGES_REQUESTED: say("Changes requested"),
    Group.APPROVED: say("Approved and ready to merge"),
    Group.FAILING: say("Checks failing"),
    Group.DRAFT: say("Drafts"),
    Group.STALE: say("Stale"),
}

DECISIONS = {
    Decision.APPROVED: say("approved"),
    Decision.CHANGES_REQUESTED: say("changes requested"),
    Decision.REVIEW_REQUIRED: say("review required"),
}

_FATES = {
    Fate.MERGED: say("merged"),
    Fate.CLOSED: say("closed"),
    Fate.UNKNOWN: say("open no more"),
}

NEW, MOVED = say("new"), say("moved here")

MOST_NAMED = 5
"""Pull requests that are named in the account of what is different; the others are counted."""


def heading(digest: Digest) -> Sentence:
    """Say how much is open where."""
    names = ", ".join(map(str, digest.patterns))
    if not digest.entries:
        return say("No pull request is open in {names}", names=names)
    return say_many(
        "{count} open pull request in {names}",
        "{count} open pull requests in {names}",
        len(digest.entries),
        names=names,
    )


def preamble(digest: Digest) -> Iterator[Sentence]:
    """Say that the digest is late, and what is different from the one before."""
    if digest.due is not None:
        yield say("This is the digest of {time}, late: I was not running then.", time=f"{digest.due:%Y-%m-%d %H:%M}")
    if digest.news is not None:
        yield _news(digest.news, digest)


def left_out(digest: Digest) -> Iterator[Sentence]:
    """Count what is open and not shown."""
    left = digest.left
    if left.bots:
        yield say_many(
            "{count} by a bot is not shown; `bots:yes` shows it.",
            "{count} by bots are not shown; `bots:yes` shows them.",
            left.bots,
        )
    if left.filtered:
        yield say_many("{count} does not fit the filters.", "{count} do not fit the filters.", left.filtered)
    if left.snoozed:
        yield say_many("{count} is snoozed.", "{count} are snoozed.", left.snoozed)


def mentioned(entry: DigestEntry, digest: Digest) -> tuple[str, ...]:
    """Return the people to mention of those who must act on *entry*, as `Audience.person`."""
    group = group_of(entry)
    by_author = group in (Group.CHANGES_REQUESTED, Group.APPROVED, Group.FAILING)
    actors = (entry.author,) if by_author else entry.requested if group is Group.NEEDS_REVIEW else ()
    return tuple(digest.people[login.casefold()] for login in actors if login.casefold() in digest.people)


def name(entry: DigestEntry, digest: Digest) -> str:
    """Name an entry as short as can be: by its number alone where all are of one repository."""
    of_one = len(digest.patterns) == 1 and digest.patterns[0].repository is not None
    return f"#{entry.ref.number}" if of_one else str(entry.ref)


def _news(news: News, digest: Digest) -> Sentence:
    told = [say("{count} new", count=len(news.opened))] if news.opened else []
    for fate, word in _FATES.items():
        refs = [ref for ref, its in news.gone.items() if its is fate]
        if refs:
            told.append(say("{count} {what} ({names})", count=len(refs), what=word, names=_names(refs, digest)))
    if news.moved:
        told.append(say("{count} moved on", count=len(news.moved)))
    since = f"{news.since:%Y-%m-%d}"
    if not told:
        return say("Nothing is different since {date}.", date=since)
    return say("Since {date}: {changes}.", date=since, changes=words.listed(told))


def _names(refs: Sequence[PullRequestRef], digest: Digest) -> str:
    short = len(digest.patterns) == 1 and digest.patterns[0].repository is not None
    named = [f"#{ref.number}" if short else str(ref) for ref in refs[:MOST_NAMED]]
    return ", ".join([*named, "…"] if len(refs) > MOST_NAMED else named)


def grouped(digest: Digest) -> dict[Group, Sequence[DigestEntry]]:
    """Sort the entries by who must act, in the order of the groups; an empty group is left out."""
    groups = {group: [entry for entry in digest.entries if group_of(entry) is group] for group in Group}
    return {group: entries for group, entries in groups.items() if entries}


def facts(entry: DigestEntry, digest: Digest) -> tuple[Sentence, ...]:
    """Say of an entry what is new, who wrote it, how old and large it is, and what checks and reviewers say."""
    news = digest.news or News(since=digest.at)
    told = [word for word, refs in ((NEW, news.opened), (MOVED, news.moved)) if entry.ref in refs]
    told += [say("by {author}", author=entry.author)] if entry.author else []
    days = max(0, (digest.at - entry.created).days)
    told.append(say_many("{count} day old", "{count} days old", days) if days else say("opened today"))
    if entry.stale:
        quiet = max(0, (digest.at - entry.updated).days)
        told.append(say_many("quiet for {count} day", "quiet for {count} days", quiet))
    if entry.additions or entry.deletions:
        told.append(say("+{added} −{removed}", added=entry.additions, removed=entry.deletions))
    if entry.ci in words.CHECKS and entry.ci is not CiState.NONE:
        told.append(words.CHECKS[entry.ci])
    if entry.conflicts:
        told.append(say("conflicts"))
    if entry.decision in DECISIONS:
        told.append(DECISIONS[entry.decision])
    if names := (*entry.requested, *entry.teams):
        told.append(say("asked: {names}", names=", ".join(names)))
    return tuple(told)


def more(count: int) -> Sentence:
    """Say how many entries are not shown."""
    return say_many("and {count} more", "and {count} more", count)
