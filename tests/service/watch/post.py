"""A lookout over doubles: two channels, a code host, and what the bot does about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from bot.domain.change import RepositoryRef
from bot.domain.command import WatchCommand, WatchedReviewCommand
from bot.domain.conversation import ThreadRef
from bot.domain.digest import DigestEntry, Fate
from bot.domain.filter_words import parse_filters
from bot.domain.watch import Card, Comment, Stand, Watched
from bot.ports.chat import Chat
from bot.ports.inbox import Job
from bot.service.access import Access
from bot.service.subscriptions.suggestions import Suggestions
from bot.service.watch.cards import Cards
from bot.service.watch.desk import WatchDesk
from bot.service.watch.following import Following
from bot.service.watch.watcher import Watcher
from tests.builders import HEAD, NOON, a_pattern, a_ref, an_entry
from tests.doubles.chat import Entry, TranscriptChat
from tests.doubles.clock import FakeClock
from tests.doubles.code_host import FixedCodeHost
from tests.doubles.desk import ScriptedDesk
from tests.doubles.grants import DictGrants
from tests.doubles.inbox import DictInbox
from tests.doubles.memory import DictMemory
from tests.doubles.pulse import FixedPulse
from tests.doubles.snoozes import DictSnoozes
from tests.doubles.subscriptions import DictSubscriptions
from tests.doubles.watches import DictWatches

CHANNEL = "slack:T1/C1"
STATS = RepositoryRef(owner="octo", name="stats")


@dataclass(kw_only=True)
class Post:
    """octo/stats is public, octo/secret is not; `pulls` are open."""

    code_host: FixedCodeHost = field(
        default_factory=lambda: FixedCodeHost(repositories={"octo/stats": False, "octo/secret": True})
    )
    pulse: FixedPulse = field(default_factory=FixedPulse)
    watches: DictWatches = field(default_factory=DictWatches)
    memory: DictMemory = field(default_factory=DictMemory)
    snoozes: DictSnoozes = field(default_factory=DictSnoozes)
    inbox: DictInbox = field(default_factory=DictInbox)
    clock: FakeClock = field(default_factory=FakeClock)
    desk: ScriptedDesk = field(default_factory=ScriptedDesk)
    chat: TranscriptChat = field(
        default_factory=lambda: TranscriptChat(where=ThreadRef(channel=CHANNEL), person="", local=False)
    )
    jobs: list[Job | None] = field(default_factory=list)
    anonymous: bool = False

    def __post_init__(self) -> None:
        self.access = Access(code_host=self.code_host, grants=DictGrants(), clock=self.clock)
        self.cards = Cards(watches=self.watches, memory=self.memory)
        self.start()

    def start(self) -> None:
        """Begin a process that knows nothing of the one before."""
        self.watcher = Watcher(
            watches=self.watches,
            cards=self.cards,
            code_host=self.code_host,
            pulse=self.pulse,
            access=self.access,
            snoozes=self.snoozes,
            inbox=self.inbox,
            clock=self.clock,
            trigger="parley review",
        )
        self.following = Following(
            watches=self.watches, cards=self.cards, pulse=self.pulse, access=self.access, desk=self.desk
        )
        subscriptions = DictSubscriptions()
        self.front = WatchDesk(
            watches=self.watches,
            code_host=self.code_host,
            access=self.access,
            suggestions=Suggestions(
                code_host=self.code_host, access=self.access, memory=self.memory, subscriptions=subscriptions
            ),
            clock=self.clock,
            anonymous=self.anonymous,
        )

    def chat_in(self, channel: str, *, thread: str = "", job: Job | None = None) -> Chat | None:
        self.jobs.append(job)
        if channel != CHANNEL:
            return None
        return self.chat.at(thread) if thread else self.chat

    async def watch(self, filters: str = "", name: str = "octo/stats") -> None:
        await self.front.handle(
            WatchCommand(pattern=a_pattern(name), filters=parse_filters(filters.split())), self.chat
        )

    def open(self, number: int = 12, **fields: Any) -> DigestEntry:
        """Open a pull request, or change an open one."""
        entry = an_entry(number, **{"created": self.clock.now(), "head_sha": HEAD, **fields})
        self.code_host.entries = [one for one in self.code_host.entries if one.ref != entry.ref] + [entry]
        self.pulse.known[entry.ref] = Stand(entry=entry, fate=None, private=False)
        self.pulse.beat += "+"
        return entry

    def end(self, number: int = 12, fate: Fate = Fate.MERGED) -> None:
        """Merge or close one."""
        ref = a_ref(f"octo/stats#{number}")
        self.code_host.entries = [one for one in self.code_host.entries if one.ref != ref]
        self.pulse.known[ref] = replace(self.pulse.known[ref], fate=fate)
        self.pulse.beat += "-"

    def comment(self, text: str = "parley review", number: int = 12, **fields: Any) -> None:
        """Say something below one."""
        known: dict[str, Any] = {"id": len(self.pulse.said) + 1, "author": "eve", "trusted": True}
        known |= {"at": self.clock.now(), **fields}
        comment = Comment(ref=a_ref(f"octo/stats#{number}"), text=text, **known)
        self.pulse.said.append(comment)
        self.pulse.beat += "*"

    async def look(self) -> Sequence[Job]:
        self.clock.advance(60)
        return await self.watcher.look(STATS, self)

    async def look_and_do(self) -> int:
        """Look, do what came up, and return how much it was."""
        jobs = await self.look()
        for job in jobs:
            await self.following.do(job, self)
            await job.done()
        return len(jobs)

    @property
    def shown(self) -> list[Card]:
        """Return the cards in the order they were posted or edited."""
        return [entry.what for entry in self.chat.kinds("card", "edited") if isinstance(entry.what, Card)]

    @property
    def posted(self) -> list[Entry]:
        return self.chat.kinds("card")

    @property
    def reviews(self) -> list[tuple[WatchedReviewCommand, ThreadRef]]:
        return [(command, where) for command, where in self.desk.handed if isinstance(command, WatchedReviewCommand)]

    async def standing(self, number: int = 12) -> Watched | None:
        mine = await self.watches.watched(CHANNEL, a_pattern("octo/stats"))
        return next((one for one in mine if one.ref.number == number), None)


LONG_AGO = NOON - timedelta(days=30)
