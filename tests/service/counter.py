"""A desk over doubles, with a channel in front of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.domain.change import PullRequestRef, Target
from bot.domain.command import AskCommand, Command, ReviewCommand
from bot.domain.conversation import ReviewRecord, ThreadRef
from bot.domain.errors import BotError, StoreUnusable
from bot.domain.progress import Progress, Stage
from bot.domain.review import Review
from bot.domain.sentence import say
from bot.service.desk import FrontDesk
from bot.service.digest.digests import Digests
from bot.service.digest.people import Mentions
from bot.service.review.reviewer import Reviewed
from bot.service.statistics import Statistics
from bot.service.subscriptions.desk import SubscriptionDesk, Usual
from bot.service.subscriptions.suggestions import Suggestions
from bot.service.watch.desk import WatchDesk
from tests.builders import HEAD, a_ref
from tests.doubles.charts import ListedCharts
from tests.doubles.chat import TranscriptChat
from tests.doubles.code_host import FixedCodeHost
from tests.doubles.feedback import DictFeedback
from tests.doubles.last_digests import DictLastDigests
from tests.doubles.memory import DictMemory
from tests.doubles.people import DictPeople
from tests.doubles.snoozes import DictSnoozes
from tests.doubles.subscriptions import DictSubscriptions
from tests.doubles.watches import DictWatches
from tests.service.dialogue.setting import WEB, Setting, a_talked_about_record

TWELVE = a_ref("octo/stats#12")
SEVEN = a_ref("octo/web#7")


@dataclass(kw_only=True)
class KnownReviews:
    """Says the same about everything, or the error it has for a target; waits where it is told to."""

    errors: Mapping[Target, BotError] = field(default_factory=dict)
    waits: bool = False
    head: str = HEAD
    private: bool = False
    began: asyncio.Event = field(default_factory=asyncio.Event)
    reviewed: list[tuple[Target, str]] = field(default_factory=list)
    since: list[ReviewRecord | None] = field(default_factory=list)
    dismissed: list[frozenset[str]] = field(default_factory=list)
    change: Callable[[Review], Review] = lambda review: review

    async def review(
        self,
        target: Target,
        *,
        focus: str = "",
        since: ReviewRecord | None = None,
        dismissed: Collection[str] = frozenset(),
        report: Callable[[Progress], Awaitable[None]],
    ) -> Reviewed:
        self.reviewed.append((target, focus))
        self.since.append(since)
        self.dismissed.append(frozenset(dismissed))
        if target in self.errors:
            raise self.errors[target]
        await report(Progress(target=str(target), stage=Stage.READING, done=1, total=3, path="stats.py"))
        self.began.set()
        if self.waits:
            await asyncio.Event().wait()
        record = a_talked_about_record()
        about = replace(record.review.pull_request, head_sha=self.head, private=self.private, **_names(target))
        return Reviewed(
            review=self.change(replace(record.review, pull_request=about)),
            change=replace(record.change, pull_request=about),
        )


def _names(target: Target) -> dict[str, Any]:
    if not isinstance(target, PullRequestRef):
        return {"ref": None, "url": ""}
    return {"ref": target, "url": f"{WEB}/{target.repository_ref}/pull/{target.number}"}


@dataclass(kw_only=True)
class BrokenMemory(DictMemory):
    """A database that can no longer be written."""

    async def save_review(self, record: ReviewRecord) -> None:
        raise StoreUnusable(say("The database is read-only."))

    async def add_turns(self, where: ThreadRef, turns: object) -> None:
        raise StoreUnusable(say("The database is read-only."))


@dataclass(kw_only=True)
class CountedSchedule:
    """Counts how often the subscriptions were others."""

    changes: int = 0

    async def changed(self) -> None:
        self.changes += 1


@dataclass(kw_only=True)
class Counter(Setting):
    """A desk with a channel in front of it."""

    feedback: DictFeedback = field(default_factory=DictFeedback)
    subscriptions: DictSubscriptions = field(default_factory=DictSubscriptions)
    snoozes: DictSnoozes = field(default_factory=DictSnoozes)
    watches: DictWatches = field(default_factory=DictWatches)
    people: DictPeople = field(default_factory=DictPeople)
    charts: ListedCharts = field(default_factory=ListedCharts)
    schedule: CountedSchedule = field(default_factory=CountedSchedule)
    reviews: KnownReviews = field(default_factory=KnownReviews)
    chat: TranscriptChat = field(default_factory=TranscriptChat)

    def __post_init__(self) -> None:
        self.mentions = Mentions(people=self.people, clock=self.clock)
        self.suggestions = Suggestions(
            code_host=self.code_host, access=self.access, memory=self.memory, subscriptions=self.subscriptions
        )
        self.desk = self.new_desk()

    def new_desk(self) -> FrontDesk:
        return FrontDesk(
            reviewer=self.reviews,
            follow_ups=self.follow_ups,
            channel_memory=self.channel_memory,
            writer=self.writer,
            memory=self.memory,
            feedback=self.feedback,
            access=self.access,
            code_host=self.code_host,
            statistics=Statistics(
                code_host=self.code_host,
                access=self.access,
                snoozes=self.snoozes,
                suggestions=self.suggestions,
                charts=self.charts,
                clock=self.clock,
                timezone="UTC",
            ),
            subscriptions=SubscriptionDesk(
                subscriptions=self.subscriptions,
                snoozes=self.snoozes,
                watches=self.watches,
                digests=Digests(
                    code_host=self.code_host,
                    access=self.access,
                    snoozes=self.snoozes,
                    last=DictLastDigests(),
                    mentions=self.mentions,
                    clock=self.clock,
                ),
                mentions=self.mentions,
                suggestions=self.suggestions,
                access=self.access,
                schedule=self.schedule,
                clock=self.clock,
                usual=Usual(),
            ),
            watch=WatchDesk(
                watches=self.watches,
                code_host=self.code_host,
                access=self.access,
                suggestions=self.suggestions,
                clock=self.clock,
            ),
            clock=self.clock,
            web_url=WEB,
        )

    async def hand(self, command: Command, thread: str = "") -> None:
        await self.desk.handle(command, self.chat.at(thread) if thread else self.chat)

    async def start(self, command: Command) -> asyncio.Task[None]:
        """Begin a command whose review waits, up to there."""
        task = asyncio.create_task(self.hand(command))
        await self.reviews.began.wait()
        return task


CHANNEL = "slack:T1/C2"


def a_public_counter(**fields: Any) -> Counter:
    """Make a desk with a channel of a chat platform; octo/stats and octo/web are public, octo/secret is not."""
    code_host = FixedCodeHost(
        repositories={"octo/stats": False, "octo/web": False, "octo/secret": True}, numbers={7, 12}
    )
    chat = TranscriptChat(where=ThreadRef(channel=CHANNEL), local=False)
    return Counter(**{"code_host": code_host, "chat": chat, **fields})


def review(*targets: Target, focus: str = "") -> ReviewCommand:
    return ReviewCommand(targets=targets, focus=focus)


def ask(question: str, target: Target | None = None) -> AskCommand:
    return AskCommand(question=question, target=target)
