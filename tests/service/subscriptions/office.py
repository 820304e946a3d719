"""A desk for subscriptions over doubles, with a channel in front of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from bot.domain.access import Audience
from bot.domain.command import Command
from bot.domain.digest import Digest
from bot.domain.schedule import Free, no_day
from bot.service.access import Access
from bot.service.digest.digests import Digests
from bot.service.digest.people import Mentions
from bot.service.subscriptions.desk import About, SubscriptionDesk, Usual
from bot.service.subscriptions.suggestions import Suggestions
from tests.builders import a_pull_request, a_record, a_ref, a_review, a_thread
from tests.doubles.chat import TranscriptChat
from tests.doubles.clock import FakeClock
from tests.doubles.code_host import FixedCodeHost
from tests.doubles.grants import DictGrants
from tests.doubles.last_digests import DictLastDigests
from tests.doubles.memory import DictMemory
from tests.doubles.people import DictPeople
from tests.doubles.snoozes import DictSnoozes
from tests.doubles.subscriptions import DictSubscriptions
from tests.doubles.watches import DictWatches


@dataclass(kw_only=True)
class Office:
    """octo/stats and octo/web are public, octo/secret is not."""

    kept: DictSubscriptions = field(default_factory=DictSubscriptions)
    snoozes: DictSnoozes = field(default_factory=DictSnoozes)
    watches: DictWatches = field(default_factory=DictWatches)
    people: DictPeople = field(default_factory=DictPeople)
    memory: DictMemory = field(default_factory=DictMemory)
    clock: FakeClock = field(default_factory=FakeClock)
    code_host: FixedCodeHost = field(
        default_factory=lambda: FixedCodeHost(
            repositories={"octo/stats": False, "octo/web": False, "octo/secret": True}
        )
    )
    chat: TranscriptChat = field(default_factory=lambda: TranscriptChat(local=False))
    free: Free = no_day
    changes: int = 0

    def __post_init__(self) -> None:
        access = Access(code_host=self.code_host, grants=DictGrants(), clock=self.clock)
        mentions = Mentions(people=self.people, clock=self.clock)
        self.desk = SubscriptionDesk(
            subscriptions=self.kept,
            snoozes=self.snoozes,
            watches=self.watches,
            digests=Digests(
                code_host=self.code_host,
                access=access,
                snoozes=self.snoozes,
                last=DictLastDigests(),
                mentions=mentions,
                clock=self.clock,
            ),
            mentions=mentions,
            suggestions=Suggestions(
                code_host=self.code_host, access=access, memory=self.memory, subscriptions=self.kept
            ),
            access=access,
            schedule=self,
            clock=self.clock,
            usual=Usual(free=self.free),
        )

    async def changed(self) -> None:
        self.changes += 1

    async def hand(self, command: Command) -> None:
        assert isinstance(command, About)
        await self.desk.handle(command, self.chat)

    async def remember(self, name: str, *, private: bool = False) -> None:
        """Let the channel have reviewed a pull request."""
        ref = a_ref(name)
        request = replace(a_pull_request(ref=ref), private=private)
        await self.memory.save_review(
            a_record(where=a_thread("1", channel="console"), target=name, review=a_review(pull_request=request))
        )

    @property
    def audience(self) -> Audience:
        return self.chat.audience

    @property
    def said(self) -> list[str]:
        return self.chat.said

    @property
    def digests(self) -> list[Digest]:
        """Return the digests that were shown."""
        return [entry.what for entry in self.chat.kinds("digest") if isinstance(entry.what, Digest)]
