"""Pull requests that a channel watches: `Watch` > `Watched`, and the `Card` that shows how one stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.change import PullRequestRef, RepositoryPattern
from bot.domain.digest import DigestEntry, Fate
from bot.domain.filters import Filters
from bot.domain.review import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """A channel is shown each new pull request of a repository, once, with its review.

    Attributes:
        channel: As in `ThreadRef`.
        pattern: One repository.
        by: The person who asked for it, as in `Audience`.
        since: When they did, in UTC; what was ready before is not shown.
    """

    channel: str
    pattern: RepositoryPattern
    by: str
    since: datetime
    filters: Filters = Filters()


class Standing(StrEnum):
    """What a channel was shown of a pull request: nothing for good, nothing yet, its card, or its end."""

    KNOWN = "known"
    WAITING = "waiting"
    POSTED = "posted"
    OVER = "over"


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """How far a channel is with one pull request.

    Attributes:
        thread: That of its card, as in `ThreadRef`; empty before it is posted.
        head: The commit that was last taken up for review.
        shown: What the card says, so that it is edited only where that changes.
    """

    channel: str
    ref: PullRequestRef
    standing: Standing
    thread: str = ""
    head: str = ""
    shown: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """How a pull request stands now.

    Attributes:
        fate: None while it is open.
        private: Its repository is not open to everybody.
    """

    entry: DigestEntry
    fate: Fate | None
    private: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What a channel sees of a watched pull request, edited as it changes.

    Attributes:
        fate: As in `Stand`.
        verdict: Of its last review in the channel, None before the first; likewise *findings* and *reviewed*.
        reviewed: The commit that review spoke of.
    """

    entry: DigestEntry
    fate: Fate | None = None
    verdict: Verdict | None = None
    findings: int = 0
    reviewed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """Something that was said below a pull request on the code host.

    Attributes:
        trusted: By somebody who belongs to the repository.
        at: When it was last changed, in UTC.
    """

    id: int
    ref: PullRequestRef
    author: str
    trusted: bool
    text: str
    at: datetime


SKEW = timedelta(minutes=10)
"""How much the clocks of the code host and of this machine may differ; what was open at first is known anyway."""


class Step(StrEnum):
    """What is to be done about one pull request in one channel."""

    NOTHING = "nothing"
    KNOW = "know"
    WAIT = "wait"
    POST = "post"
    REVIEW = "review"


def next_step(watch: Watch, watched: Watched | None, entry: DigestEntry, now: datetime, *, quiet: bool) -> Step:
    """Decide what is to be done about an open pull request.

    What is not wanted yet, as a draft, waits until it is. What becomes ready while the channel wants to hear nothing
    of it is known, and not shown later: a snooze that ends must not be followed by all that was snoozed.

    Args:
        quiet: The channel snoozed it.
    """
    ready = _is_wanted(watch.filters, entry, now)
    if watched is None or watched.standing is Standing.WAITING:
        if not ready:
            return Step.WAIT if watched is None else Step.NOTHING
        is_new = watched is not None or entry.created >= watch.since - SKEW
        return Step.POST if is_new and not quiet else Step.KNOW
    moved = watched.standing is Standing.POSTED and entry.head_sha not in ("", watched.head)
    return Step.REVIEW if moved and not quiet else Step.NOTHING


def _is_wanted(filters: Filters, entry: DigestEntry, now: datetime) -> bool:
    bot, draft = entry.bot and not filters.wants_bot(entry), entry.draft and not filters.drafts(usual=False)
    return filters.allow(entry, now) and not bot and not draft


def asks_for_review(text: str, trigger: str) -> bool:
    """Tell whether a comment has *trigger* in it, in what its author says themselves: not in a quotation or in code."""
    fenced = False
    for line in text.splitlines():
        if line.lstrip().startswith(("```", "~~~")):
            fenced = not fenced
        elif not fenced and not line.lstrip().startswith(">"):
            said = "".join(part for place, part in enumerate(line.split("`")) if place % 2 == 0)
            if trigger.casefold() in " ".join(said.split()).casefold():
                return True
    return False
