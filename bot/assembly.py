"""Assembly: the only module that names concrete classes."""

from __future__ import annotations

import time
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from bot.checkout.local_changes import LocalChanges
from bot.config import Settings
from bot.domain.change import DiffFile, GitRange, PullRequestRef
from bot.github.changes import GitHubChanges
from bot.language.catalogue import Catalogue
from bot.language.names import language_name
from bot.llm.choice import ModelChoice
from bot.llm.llama import LlamaCppModel
from bot.ports.changes import Changes
from bot.ports.clock import Clock
from bot.ports.language_model import LanguageModel
from bot.prompting.templates import TemplatePrompts
from bot.service.desk import FrontDesk
from bot.service.dialogue.answer import FollowUps
from bot.service.dialogue.channel import ChannelMemory
from bot.service.dialogue.writer import AnswerWriter
from bot.service.doctor import Doctor
from bot.service.review.reviewer import Reviewer, Rules
from bot.service.sources import ChangesByTarget
from bot.store.memory import SqlMemory


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
        doctor: Looks whether the neighbours are well.
        speak: Turns the bot's sentences into the configured language.
    """

    def __init__(
        self, settings: Settings, *, github: GitHubChanges, changes: Changes, model: LanguageModel, clock: Clock
    ) -> None:
        self._settings = settings
        self._github = github
        self._model = model
        self._clock = clock
        self._memory = SqlMemory(settings.memory.path)
        self._prompts = TemplatePrompts(settings.prompts.path)
        self._language = language_name(settings.review.language)
        self.speak = Catalogue.load(settings.review.language).speak
        self.reviewer = Reviewer(changes=changes, model=model, prompts=self._prompts, clock=clock, rules=self._rules())
        self.desk = self._desk()
        self.doctor = Doctor(
            model=model,
            memory=self._memory,
            database=str(settings.memory.path),
            ask_code_host=github.check,
            anonymous=not (settings.github.token.get_secret_value() or settings.github.app_id),
            prompts=self._prompts.describe(),
        )

    async def __aenter__(self) -> Self:
        self._open = AsyncExitStack()
        for close in (self._memory.close, self._model.close, self._github.close):
            self._open.push_async_callback(close)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._open.aclose()

    async def chat(self, *, demonstrate: bool = False) -> None:
        """Talk on the terminal until it ends.

        Args:
            demonstrate: Where nobody types and nothing is piped in, review the sample.

        Raises:
            StoreUnusable: The database cannot be used; better known before anything was reviewed.
        """
        from adapters.console.adapter import ConsoleAdapter
        from adapters.console.settings import ConsoleSettings

        await self._memory.open()
        if days := self._settings.memory.retention_days:
            await self._memory.forget_before(self._clock.now() - timedelta(days=days))
        console = ConsoleSettings(
            web_url=self._settings.github.web_url,
            folder=Path.cwd(),
            history=self._settings.memory.path.parent / "history",
            demonstrate=demonstrate,
        )
        await ConsoleAdapter(self.desk, console, self.speak).run()

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
        )
        return FrontDesk(
            reviewer=self.reviewer,
            follow_ups=follow_ups,
            channel_memory=channel_memory,
            writer=writer,
            memory=self._memory,
            clock=self._clock,
            web_url=self._settings.github.web_url,
            speak=self.speak,
        )


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
