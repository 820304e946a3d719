"""Assembly: the only module that names concrete classes."""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self

from bot.charts.drawing import ChartProcess
from bot.checkout.local_changes import LocalChanges
from bot.config import Settings
from bot.domain.access import Audience
from bot.domain.change import DiffFile, GitRange, PullRequestRef
from bot.domain.command import DigestCommand
from bot.domain.digest import Digest
from bot.domain.errors import ConfigInvalid
from bot.domain.schedule import parse_days, parse_time, parse_zone
from bot.domain.sentence import say
from bot.github.changes import GitHubChanges
from bot.github.code_host import GitHubCodeHost
from bot.github.pulse import GitHubPulse
from bot.jobs.digest_schedule import DigestSchedule
from bot.jobs.free_days import free_days
from bot.jobs.watching import Watching
from bot.language.catalogue import Catalogue
from bot.language.names import language_name
from bot.llm.choice import ModelChoice
from bot.llm.llama import LlamaCppModel
from bot.ports.adapter import Adapter
from bot.ports.changes import Changes
from bot.ports.clock import Clock
from bot.ports.language_model import LanguageModel
from bot.prompting.templates import TemplatePrompts
from bot.server.server import Server
from bot.server.webhooks import Webhooks
from bot.service.access import Access
from bot.service.desk import FrontDesk
from bot.service.dialogue.answer import FollowUps
from bot.service.dialogue.channel import ChannelMemory
from bot.service.dialogue.writer import AnswerWriter
from bot.service.digest.digests import Digests
from bot.service.digest.people import Mentions
from bot.service.digest.selection import wished
from bot.service.doctor import Doctor
from bot.service.review.reviewer import Reviewer, Rules
from bot.service.serving import Serving
from bot.service.sources import ChangesByTarget
from bot.service.statistics import Statistics
from bot.service.subscriptions.desk import SubscriptionDesk, Usual
from bot.service.subscriptions.suggestions import Suggestions
from bot.service.watch.cards import Cards
from bot.service.watch.desk import WatchDesk
from bot.service.watch.following import Following
from bot.service.watch.watcher import Watcher
from bot.store.database import Database
from bot.store.feedback import SqlFeedback
from bot.store.grants import SqlGrants
from bot.store.inbox import SqlInbox
from bot.store.last_digests import SqlLastDigests
from bot.store.memory import SqlMemory
from bot.store.people import SqlPeople
from bot.store.snoozes import SqlSnoozes
from bot.store.subscriptions import SqlSubscriptions
from bot.store.watches import SqlWatches

KNOWN_FOR = timedelta(days=3)
"""How long an event that was answered is known, so that it is not answered again."""


class SystemClock:
    """The clock of this machine."""

    def now(self) -> datetime:
        """Return the current moment in UTC."""
        return datetime.now(UTC)

    def seconds(self) -> float:
        """Return seconds since some moment that stays the same."""
        return time.monotonic()


class Application:
    """The wired program. Enter it before use: leaving closes everything, whatever happened.

    Attributes:
        reviewer: Reviews what a target names.
        desk: Takes people's commands.
        speak: Turns the bot's sentences into the configured language.
    """

    def __init__(
        self, settings: Settings, *, github: GitHubChanges, changes: Changes, model: LanguageModel, clock: Clock
    ) -> None:
        self._settings = settings
        self._github = github
        self._model = model
        self._clock = clock
        self._database = Database(settings.memory.path)
        self._memory = SqlMemory(self._database)
        self._feedback = SqlFeedback(self._database)
        self._inbox = SqlInbox(self._database, clock)
        self._code_host = GitHubCodeHost(github.talks)
        self._access = Access(
            code_host=self._code_host,
            grants=SqlGrants(self._database),
            clock=clock,
            allowed=settings.access.by_channel,
            admins=settings.access.admins,
        )
        self._subscriptions = SqlSubscriptions(self._database)
        self._snoozes = SqlSnoozes(self._database)
        self._mentions = Mentions(people=SqlPeople(self._database), clock=clock, configured=settings.people)
        self._digests = Digests(
            code_host=self._code_host,
            access=self._access,
            snoozes=self._snoozes,
            last=SqlLastDigests(self._database),
            mentions=self._mentions,
            clock=clock,
        )
        self.speak = Catalogue.load(settings.review.language).speak
        self._suggestions = Suggestions(
            code_host=self._code_host, access=self._access, memory=self._memory, subscriptions=self._subscriptions
        )
        self._statistics = Statistics(
            code_host=self._code_host,
            access=self._access,
            snoozes=self._snoozes,
            suggestions=self._suggestions,
            charts=ChartProcess(self.speak),
            clock=clock,
            timezone=parse_zone(settings.digest.timezone),
        )
        self._free = free_days(settings.digest.holidays, weekends=settings.digest.skip_weekends)
        self._schedule = DigestSchedule(
            subscriptions=self._subscriptions,
            digests=self._digests,
            statistics=self._statistics,
            inbox=self._inbox,
            clock=clock,
            free=self._free,
        )
        self._watches = SqlWatches(self._database)
        self._pulse = GitHubPulse(github.talks)
        self._prompts = TemplatePrompts(settings.prompts.path)
        self._language = language_name(settings.review.language)
        self.reviewer = Reviewer(changes=changes, model=model, prompts=self._prompts, clock=clock, rules=self._rules())
        self.desk = self._desk()
        self._watching = self._watch()

    async def __aenter__(self) -> Self:
        self._open = AsyncExitStack()
        for close in (self._database.close, self._inbox.close, self._model.close, self._github.close):
            self._open.push_async_callback(close)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._open.aclose()

    @cached_property
    def adapters(self) -> tuple[Adapter, ...]:
        """Return the chat platforms that are configured; only who asks pays for their libraries."""
        slack = self._settings.slack
        if not slack.used:
            return ()
        from adapters.slack.adapter import SlackAdapter
        from adapters.slack.settings import SlackSettings

        settings = SlackSettings(
            bot_token=slack.bot_token.get_secret_value(),
            app_token=slack.app_token.get_secret_value(),
            api_url=slack.api_url,
            web_url=self._settings.github.web_url,
            timezone=self._settings.digest.timezone,
        )
        return (SlackAdapter(self.desk, self._inbox, settings, self.speak),)

    def doctor(self) -> Doctor:
        """Return who looks whether the neighbours are well."""
        return Doctor(
            model=self._model,
            memory=self._memory,
            database=str(self._settings.memory.path),
            ask_code_host=self._github.check,
            anonymous=self._anonymous,
            prompts=self._prompts.describe(),
            adapters=self.adapters,
        )

    @property
    def _anonymous(self) -> bool:
        github = self._settings.github
        return not (github.token.get_secret_value() or github.app_id)

    async def digest(self, command: DigestCommand) -> Digest:
        """Make the digest that *command* asks for, for who sits at this machine.

        Raises:
            UserError: Nothing of it is there.
            TransientError: The code host does not answer.
        """
        return await self._digests.make(wished(command), Audience(channel="console", person="console", local=True))

    async def chat(self, *, demonstrate: bool = False) -> None:
        """Talk on the terminal until it ends.

        Args:
            demonstrate: Where nobody types and nothing is piped in, review the sample.

        Raises:
            StoreUnusable: The database cannot be used; better known before anything was reviewed.
        """
        from adapters.console.adapter import ConsoleAdapter
        from adapters.console.settings import ConsoleSettings

        await self._prepare()
        console = ConsoleSettings(
            web_url=self._settings.github.web_url,
            folder=Path.cwd(),
            history=self._settings.memory.path.parent / "history",
            pictures=self._settings.memory.path.parent / "pictures",
            demonstrate=demonstrate,
        )
        await ConsoleAdapter(self.desk, console, self.speak).run()

    async def serve(self) -> None:
        """Serve every chat platform that is configured, until cancelled.

        Raises:
            ConfigInvalid: None is.
            StoreUnusable: The database cannot be used.
            PermanentError: None of them wants us.
        """
        if not self.adapters:
            raise ConfigInvalid(
                say("No chat is configured: set bot_token and app_token of [slack], or use `parley chat`.")
            )
        await self._prepare()
        serving = Serving(self.adapters, speak=self.speak)
        beside = [self._schedule.run(serving), self._watching.run(serving)]
        if (server := self._server()) is not None:
            beside.append(server.run())
        tasks = [asyncio.create_task(work) for work in (*beside, serving.run())]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            # What posts through the adapters says goodbye while they are still connected.
            for task in tasks:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
        for task in tasks:
            if not task.cancelled():
                await task

    async def _prepare(self) -> None:
        """Open the database and forget what is too old."""
        await self._database.open()
        now = self._clock.now()
        if days := self._settings.memory.retention_days:
            await self._memory.forget_before(now - timedelta(days=days))
        await self._inbox.forget_before(now - KNOWN_FOR)

    def _rules(self) -> Rules:
        review = self._settings.review
        return Rules(
            language=self._language,
            instructions=review.instructions,
            ignore=review.ignore,
            min_severity=review.min_severity,
            max_findings=review.max_findings,
            chunk_tokens=review.chunk_tokens,
            answer_tokens=self._settings.model.max_output_tokens,
        )

    def _desk(self) -> FrontDesk:
        writer = AnswerWriter(
            model=self._model, max_output_tokens=self._settings.model.max_output_tokens, speak=self.speak
        )
        follow_ups = FollowUps(
            memory=self._memory,
            model=self._model,
            writer=writer,
            prompts=self._prompts,
            clock=self._clock,
            language_name=self._language,
            speak=self.speak,
        )
        channel_memory = ChannelMemory(
            memory=self._memory,
            model=self._model,
            writer=writer,
            prompts=self._prompts,
            clock=self._clock,
            web_url=self._settings.github.web_url,
            language_name=self._language,
            speak=self.speak,
            hidden=self._access.hidden,
        )
        digest = self._settings.digest
        subscriptions = SubscriptionDesk(
            subscriptions=self._subscriptions,
            snoozes=self._snoozes,
            watches=self._watches,
            digests=self._digests,
            mentions=self._mentions,
            suggestions=self._suggestions,
            access=self._access,
            schedule=self._schedule,
            clock=self._clock,
            usual=Usual(
                days=parse_days(digest.days),
                at=parse_time(digest.at),
                timezone=parse_zone(digest.timezone),
                free=self._free,
            ),
        )
        return FrontDesk(
            reviewer=self.reviewer,
            follow_ups=follow_ups,
            channel_memory=channel_memory,
            writer=writer,
            memory=self._memory,
            feedback=self._feedback,
            access=self._access,
            code_host=self._code_host,
            subscriptions=subscriptions,
            watch=WatchDesk(
                watches=self._watches,
                code_host=self._code_host,
                access=self._access,
                suggestions=self._suggestions,
                clock=self._clock,
                anonymous=self._anonymous,
            ),
            statistics=self._statistics,
            clock=self._clock,
            web_url=self._settings.github.web_url,
            speak=self.speak,
        )

    def _watch(self) -> Watching:
        cards = Cards(watches=self._watches, memory=self._memory)
        watcher = Watcher(
            watches=self._watches,
            cards=cards,
            code_host=self._code_host,
            pulse=self._pulse,
            access=self._access,
            snoozes=self._snoozes,
            inbox=self._inbox,
            clock=self._clock,
            trigger=self._settings.watch.trigger,
        )
        following = Following(
            watches=self._watches, cards=cards, pulse=self._pulse, access=self._access, desk=self.desk
        )
        return Watching(
            watcher=watcher,
            following=following,
            inbox=self._inbox,
            clock=self._clock,
            seconds=self._settings.watch.poll_seconds,
        )

    def _server(self) -> Server | None:
        settings = self._settings.server
        if not settings.listen:
            return None
        secret = settings.webhook_secret.get_secret_value()
        webhooks = Webhooks(secret=secret, inbox=self._inbox, hint=self._watching.hint) if secret else None
        host, port = settings.address
        return Server(host=host, port=port, webhooks=webhooks)


def assemble(settings: Settings, *, model: LanguageModel | None = None, clock: Clock | None = None) -> Application:
    """Wire the program; touches neither network nor database, and loads no model.

    Args:
        model: Instead of the configured one, for tests.
        clock: Instead of this machine's, for tests.

    Raises:
        ConfigInvalid: A value of the settings cannot be used.
    """
    max_diff_bytes = settings.review.max_diff_mib * 2**20
    github = _github(settings, max_diff_bytes)
    local = LocalChanges(max_diff_bytes=max_diff_bytes)
    return Application(
        settings,
        github=github,
        changes=ChangesByTarget({PullRequestRef: github, DiffFile: local, GitRange: local}),
        model=model or _model(settings),
        clock=clock or SystemClock(),
    )


def _github(settings: Settings, max_diff_bytes: int) -> GitHubChanges:
    github = settings.github
    return GitHubChanges(
        token=github.token.get_secret_value(),
        app_id=github.app_id,
        private_key_path=github.private_key_path,
        api_url=github.api_url,
        max_rate_limit_wait=github.max_rate_limit_wait,
        max_diff_bytes=max_diff_bytes,
    )


def _model(settings: Settings) -> LlamaCppModel:
    model = settings.model
    return LlamaCppModel(
        ModelChoice(
            path=model.path,
            n_ctx=model.n_ctx,
            n_threads=model.n_threads,
            n_gpu_layers=model.n_gpu_layers,
            chat_format=model.chat_format,
            temperature=model.temperature,
            seed=model.seed,
        )
    )
