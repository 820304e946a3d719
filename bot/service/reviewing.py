"""Reviewing for a chat: a thread for each change, progress, the review, and its place in memory."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol

import structlog

from bot.domain.change import Target
from bot.domain.command import ReviewCommand
from bot.domain.conversation import ReviewRecord, Role, Turn
from bot.domain.errors import BotError, UserError
from bot.domain.progress import Progress, Stage
from bot.domain.sentence import Speak, say
from bot.ports.chat import Chat
from bot.ports.clock import Clock
from bot.ports.memory import Memory
from bot.service import phrases
from bot.service.dialogue.writer import AnswerWriter
from bot.service.review.reviewer import Reviewed
from bot.service.running import Run, Running

log = structlog.get_logger()

MOST_TARGETS = 5
"""Changes reviewed for one command: more would keep everybody else waiting for an hour."""


class Reviews(Protocol):
    """Reviews a target; `bot.service.review.reviewer.Reviewer` does."""

    async def review(
        self, target: Target, *, focus: str = "", report: Callable[[Progress], Awaitable[None]]
    ) -> Reviewed:
        """Review what *target* names and tell *report* how far it is."""
        ...


class Reviewing:
    """Carries out review commands."""

    def __init__(
        self,
        *,
        reviewer: Reviews,
        writer: AnswerWriter,
        memory: Memory,
        clock: Clock,
        speak: Speak,
        running: Running,
    ) -> None:
        self._reviewer = reviewer
        self._writer = writer
        self._memory = memory
        self._clock = clock
        self._speak = speak
        self._running = running

    async def handle(self, command: ReviewCommand, chat: Chat) -> None:
        """Review each target of *command* in its thread, one after another; a failure is said there."""
        targets = list(dict.fromkeys(command.targets))
        if len(targets) > MOST_TARGETS:
            await chat.say(
                say(
                    "These are {count} changes; I review the first {most}. Ask again for the others.",
                    count=len(targets),
                    most=MOST_TARGETS,
                )
            )
        asked = targets[:MOST_TARGETS]
        busy = [target for target in asked if self._running.review_of(target, chat.where.channel)]
        runs = {
            target: Run(asked=chat.where, where=chat.where, target=target) for target in asked if target not in busy
        }
        # Listed before anything else is awaited: a second command for the same target must find it.
        with self._running.listed(*runs.values()):
            for target in busy:
                await chat.say(say("{target} is being reviewed in this channel already.", target=str(target)))
            for target, run in runs.items():
                if not run.stopped:
                    await self._review(target, run, command.focus, chat)

    async def _review(self, target: Target, run: Run, focus: str, chat: Chat) -> None:
        thread = await chat.open_thread(str(target))
        run.where = thread.where
        try:
            await run.go(self._review_in(thread, target, run, focus))
        except BotError as error:
            note = log.info if isinstance(error, UserError) else log.warning
            note("review.failed", error=type(error).__name__)
            await thread.say(error.sentence)
        if run.stopped and run.stopped_in != thread.where:
            await thread.say(say("The review of {target} was stopped.", target=str(target)))

    async def _review_in(self, thread: Chat, target: Target, run: Run, focus: str) -> None:
        async def report(progress: Progress) -> None:
            run.progress = progress
            await thread.show_progress(progress)
            if progress.stage is Stage.READING and self._writer.info is None:
                await self._writer.open()  # loaded by now: only so that `status` can name it

        began = self._clock.now()
        await report(Progress(target=str(target), stage=Stage.QUEUED))
        reviewed = await self._reviewer.review(target, focus=focus, report=report)
        record = ReviewRecord(
            where=thread.where,
            target=str(target),
            at=self._clock.now(),
            review=reviewed.review,
            change=reviewed.change,
        )
        said = Turn(role=Role.PERSON, author=thread.person, text=f"review {target} {focus}".strip(), at=began)
        await self._publish(record, said, thread)

    async def _publish(self, record: ReviewRecord, said: Turn, thread: Chat) -> None:
        """Remember the review, show it, and remember that it was shown, in this order.

        Killed in between, the minutes of work are kept and can be asked about, and nothing is posted twice; shown
        first, it would be a review that the bot knows nothing of. A database that fails costs the memory, not the
        review.
        """
        unsaved: BotError | None = None
        try:
            await self._memory.save_review(record)
        except BotError as error:
            unsaved = error
        await thread.show_review(record.review)
        if unsaved is not None:
            log.warning("review.not_remembered", error=type(unsaved).__name__)
            await thread.say(say("This review will not be remembered: {cause}", cause=unsaved.sentence))
            return
        text = self._speak(phrases.of_review(record.target, record.review))
        await self._memory.add_turns(
            record.where, (said, Turn(role=Role.BOT, author="", text=text, at=self._clock.now()))
        )
