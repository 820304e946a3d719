"""One review in its thread: progress, the review, and its place in memory."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Collection
from dataclasses import replace
from typing import Protocol

import structlog

from bot.domain.change import Target
from bot.domain.conversation import ReviewRecord, Role, ThreadRef, Turn
from bot.domain.errors import BotError, ChatRefused, ChatUnavailable, UserError
from bot.domain.progress import Progress, Stage
from bot.domain.review import Verdict, only_new
from bot.domain.sentence import Speak, say
from bot.ports.chat import Chat
from bot.ports.clock import Clock
from bot.ports.memory import Memory
from bot.reporting.age import of_age
from bot.service import phrases
from bot.service.dialogue.writer import AnswerWriter
from bot.service.records import Records
from bot.service.review.reviewer import Reviewed
from bot.service.running import Run

log = structlog.get_logger()


class Reviews(Protocol):
    """Reviews a target; `bot.service.review.reviewer.Reviewer` does."""

    async def review(
        self,
        target: Target,
        *,
        focus: str = "",
        since: ReviewRecord | None = None,
        dismissed: Collection[str] = frozenset(),
        report: Callable[[Progress], Awaitable[None]],
    ) -> Reviewed:
        """Review what *target* names, without the findings that were dismissed, and tell *report* how far it is.

        Args:
            since: Read only what changed after this review.
        """
        ...


class ThreadReview:
    """Reviews a change where people wait for it."""

    def __init__(
        self,
        *,
        reviewer: Reviews,
        writer: AnswerWriter,
        memory: Memory,
        records: Records,
        clock: Clock,
        speak: Speak,
    ) -> None:
        self._reviewer = reviewer
        self._writer = writer
        self._memory = memory
        self._records = records
        self._clock = clock
        self._speak = speak

    async def make(
        self,
        target: Target,
        run: Run,
        chat: Chat,
        *,
        focus: str = "",
        since: ReviewRecord | None = None,
        quietly: bool = False,
        stopped_in: Collection[ThreadRef] = (),
    ) -> None:
        """Review *target* as *run*, in the thread that *chat* opens for it; a failure is said there.

        A review that an earlier try of the same command made is shown again instead.

        Args:
            quietly: Show no progress, and of the review only what *since* did not say; nothing if there is nothing.
            stopped_in: Where somebody stopped what the same command asked for before: there it does not begin.

        Raises:
            ChatUnavailable: Likewise `ChatRefused`: what cannot be said there cannot be complained about there.
        """
        thread = await chat.open_thread(str(target))
        run.where = thread.where
        if run.where in stopped_in:
            run.stopped_in = run.where
        try:
            await run.go(self._review_in(thread, target, run, focus, since, quietly=quietly))
        except BotError as error:
            if isinstance(error, ChatUnavailable | ChatRefused):
                raise
            note = log.info if isinstance(error, UserError) else log.warning
            note("review.failed", error=type(error).__name__)
            await thread.say(error.sentence)
        if run.stopped:
            await thread.say(say("The review of {target} was stopped.", target=str(target)))

    async def point_to(self, record: ReviewRecord, thread: Chat) -> None:
        """Say where a change was reviewed, instead of reviewing it; questions in *thread* are about that then."""
        now = self._clock.now()
        link = await thread.link_to(record.where)
        age = of_age(record.at, now)
        await thread.say(
            say("I reviewed {target} at this head {age}: {link}", target=record.target, age=age, link=link)
            if link
            else say("I reviewed {target} at this head {age}, in this channel.", target=record.target, age=age)
        )
        if thread.where == record.where:
            return
        text = self._speak(phrases.of_review(record.target, record.review))
        said = Turn(role=Role.PERSON, author=thread.person, text=f"review {record.target}", at=now)
        await self._memory.add_turns(thread.where, (said, Turn(role=Role.BOT, author="", text=text, at=now)))

    async def _review_in(
        self, thread: Chat, target: Target, run: Run, focus: str, since: ReviewRecord | None, *, quietly: bool
    ) -> None:
        said = Turn(
            role=Role.PERSON, author=thread.person, text=f"review {target} {focus}".strip(), at=self._clock.now()
        )
        if thread.resumed and (made := await self._records.made_since(thread.resumed, target, thread.where)):
            await _show(await self._records.as_seen(made), thread, quietly=quietly)
            await self._remember_shown(made, said)
            return

        async def report(progress: Progress) -> None:
            run.progress = progress
            if not quietly:
                await thread.show_progress(progress)
            if progress.stage is Stage.READING and self._writer.info is None:
                await self._writer.open()  # loaded by now: only so that `status` can name it

        await report(Progress(target=str(target), stage=Stage.QUEUED))
        dismissed = await self._records.dismissed(thread.where.channel)
        reviewed = await self._reviewer.review(target, focus=focus, since=since, dismissed=dismissed, report=report)
        record = ReviewRecord(
            id=uuid.uuid4().hex[:16],
            where=thread.where,
            target=str(target),
            at=self._clock.now(),
            review=reviewed.review,
            change=reviewed.change,
        )
        await self._publish(record, said, thread, quietly=quietly)

    async def _publish(self, record: ReviewRecord, said: Turn, thread: Chat, *, quietly: bool) -> None:
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
        await _show(record, thread, quietly=quietly)
        if unsaved is None:
            await self._remember_shown(record, said)
            return
        log.warning("review.not_remembered", error=type(unsaved).__name__)
        await thread.say(say("This review will not be remembered: {cause}", cause=unsaved.sentence))

    async def _remember_shown(self, record: ReviewRecord, said: Turn) -> None:
        """Let the conversation go on from the review, once."""
        text = self._speak(phrases.of_review(record.target, record.review))
        known = (await self._memory.conversation(record.where)).turns
        if not any(turn.role is Role.BOT and turn.text == text and turn.at >= record.at for turn in known):
            bot = Turn(role=Role.BOT, author="", text=text, at=self._clock.now())
            await self._memory.add_turns(record.where, (said, bot))


async def _show(record: ReviewRecord, thread: Chat, *, quietly: bool) -> None:
    """Show a review; *quietly* only what is new in it, what is resolved, and what could not be read."""
    if not quietly:
        await thread.show_review(record)
        return
    news = only_new(record.review)
    resolved = news.since.resolved if news.since else ()
    if news.findings or resolved or news.verdict is Verdict.INCOMPLETE:
        await thread.show_review(replace(record, review=news))
