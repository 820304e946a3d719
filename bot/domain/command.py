"""What a person asked for, parsed. The grammar is in `bot.domain.grammar`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time, timedelta
from enum import StrEnum
from typing import TypeAlias

from bot.domain.change import PullRequestRef, RepositoryPattern, RepositoryRef, Target
from bot.domain.filters import Filters
from bot.domain.sentence import Sentence
from bot.domain.stats import USUAL_WEEKS
from bot.domain.subscription import Day, Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewCommand:
    """Review these changes, one after another, with an eye on *focus* where it is given.

    Attributes:
        overheard: Nobody asked the bot: people linked them to each other. What was reviewed at this head already is
            pointed to instead, and a refusal is told to the person alone.
    """

    targets: tuple[Target, ...]
    focus: str = ""
    overheard: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AgainCommand:
    """Review the change of an earlier review again: what moved since, or all of it where nothing did.

    Attributes:
        review: `ReviewRecord.id`.
    """

    review: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowAllCommand:
    """Show a review with every finding, also those over the limit; *review* as in `AgainCommand`."""

    review: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DismissCommand:
    """Do not show a finding in this channel any more.

    Attributes:
        finding: Its number in the review as people see it, or its `Finding.id`.
        review: As in `AgainCommand`; empty for the newest of the thread.
    """

    finding: str
    review: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoCommand:
    """Take a dismissal back.

    Attributes:
        finding: `Finding.id`; empty for what this person dismissed last in this channel.
        review: The review whose message shows it; empty for the newest of the thread.
    """

    finding: str = ""
    review: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RateCommand:
    """Say whether a review was of help; *review* as in `AgainCommand`."""

    review: str
    helpful: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowCommand:
    """Let this channel see a repository that is not public; for admins.

    Attributes:
        repository: `owner/name`, or `owner/*` for all of an owner.
    """

    repository: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DisallowCommand:
    """Take an `AllowCommand` of this channel back."""

    repository: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscribeCommand:
    """Post a digest of open pull requests, or statistics, here on these days.

    What the channel has of the same repository and kind already is changed by what is said, unless it is to be kept
    beside.

    Attributes:
        at: Local time of day in *timezone*; None for the configured one.
        days: None for the configured ones.
        timezone: IANA name; empty for the configured one.
        filters: May have `ANY` as a value, which takes back what was said before.
        also: Keep what the channel has, and add another.
        replaces: `Subscription.id` of what is changed as a whole but for its kind, as a form does; empty for what is
            said in words.
    """

    patterns: tuple[RepositoryPattern, ...]
    days: tuple[Day, ...] | None = None
    at: time | None = None
    timezone: str = ""
    filters: Filters = Filters()
    also: bool = False
    replaces: str = ""
    kind: Kind = Kind.DIGEST


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsubscribeCommand:
    """Post nothing of something here any more: all of *pattern*, digests and statistics, or one.

    Attributes:
        number: Place in the list of the channel's subscriptions, from 1; 0 where something else says which.
        id: `Subscription.id`; empty likewise.
    """

    pattern: RepositoryPattern | None = None
    number: int = 0
    id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListCommand:
    """List the subscriptions of this channel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestCommand:
    """Post the digest now: of *patterns*, or of what the channel subscribed to.

    Attributes:
        filters: As in `SubscribeCommand`.
    """

    patterns: tuple[RepositoryPattern, ...] = ()
    filters: Filters = Filters()


@dataclass(frozen=True, slots=True, kw_only=True)
class StatsCommand:
    """Show how the pull requests of a repository fared.

    Attributes:
        weeks: How many, the last of them the one that runs.
        bots: Count what programs opened, too.
    """

    repository: RepositoryRef
    weeks: int = USUAL_WEEKS
    bots: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SnoozeCommand:
    """Say nothing of something here for a while.

    Attributes:
        what: As in `Snooze`.
        span: Nothing to end it now.
    """

    what: PullRequestRef | RepositoryPattern | None
    span: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchCommand:
    """Show each new pull request of a repository here, once, with its review.

    Attributes:
        filters: As in `SubscribeCommand`.
    """

    pattern: RepositoryPattern
    filters: Filters = Filters()


@dataclass(frozen=True, slots=True, kw_only=True)
class UnwatchCommand:
    """Take a `WatchCommand` of this channel back."""

    pattern: RepositoryPattern


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedReviewCommand:
    """Review a watched pull request in its thread; nobody says it in a chat.

    After the first review it is what changed since, of which only what is new is shown, and nothing if nothing is.

    Attributes:
        asked: Somebody wants it, by a comment on the code host: it is shown whatever comes out.
    """

    target: PullRequestRef
    asked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentifyCommand:
    """Take who speaks for a person on the code host, to mention them; good for nothing else.

    Attributes:
        login: Empty: do not mention me.
    """

    login: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskCommand:
    """Answer a question: about *target*, or else about the thread or channel it was asked in."""

    question: str
    target: Target | None = None


class Scope(StrEnum):
    """How much a `forget` forgets."""

    THREAD = "thread"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgetCommand:
    """Remove what is remembered; without a scope the thread, or outside of one nothing without a word."""

    scope: Scope | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusCommand:
    """Tell which model is used and what runs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelCommand:
    """Stop the review that runs here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpCommand:
    """Tell what can be asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Misunderstood:
    """Words that are no command where only commands are taken; the sentence says what was understood."""

    sentence: Sentence


Command: TypeAlias = (
    ReviewCommand
    | AgainCommand
    | ShowAllCommand
    | DismissCommand
    | UndoCommand
    | RateCommand
    | AskCommand
    | SubscribeCommand
    | UnsubscribeCommand
    | ListCommand
    | DigestCommand
    | StatsCommand
    | SnoozeCommand
    | IdentifyCommand
    | WatchCommand
    | UnwatchCommand
    | WatchedReviewCommand
    | AllowCommand
    | DisallowCommand
    | ForgetCommand
    | StatusCommand
    | CancelCommand
    | HelpCommand
    | Misunderstood
)
