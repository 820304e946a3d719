"""The desk: what is done with each thing a person asks for."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any

import structlog

from bot.domain.change import Target
from bot.domain.command import (
    AskCommand,
    CancelCommand,
    Command,
    ForgetCommand,
    HelpCommand,
    Misunderstood,
    ReviewCommand,
    Scope,
    StatusCommand,
)
from bot.domain.conversation import ReviewRecord, ThreadRef
from bot.domain.errors import BotError, UserError
from bot.domain.sentence import Speak, say
from bot.ports.chat import Chat
from bot.ports.clock import Clock
from bot.ports.memory import Memory
from bot.service import phrases
from bot.service.dialogue.answer import FollowUps
from bot.service.dialogue.channel import ChannelMemory
from bot.service.dialogue.thread import elsewhere, meant, speaks_of
from bot.service.dialogue.writer import AnswerWriter
from bot.service.reviewing import Reviewing, Reviews
from bot.service.running import Run, Running

log = structlog.get_logger()

_MOST_COUNTED = 50


class FrontDesk:
    """The `Desk` of this program.

    Args:
        web_url: Where the pages of the code host are, for the links in questions.
    """

    def __init__(
        self,
        *,
        reviewer: Reviews,
        follow_ups: FollowUps,
        channel_memory: ChannelMemory,
        writer: AnswerWriter,
        memory: Memory,
        clock: Clock,
        web_url: str,
        speak: Speak = str,
    ) -> None:
        self._follow_ups = follow_ups
        self._channel_memory = channel_memory
        self._writer = writer
        self._memory = memory
        self._web_url = web_url
        self._running = Running()
        self._reviewing = Reviewing(
            reviewer=reviewer, writer=writer, memory=memory, clock=clock, speak=speak, running=self._running
        )

    async def handle(self, command: Command, chat: Chat) -> None:
        """Do what *command* asks; a `BotError` becomes a sentence in *chat*, anything else is the adapter's."""
        try:
            await self._do(command, chat)
        except BotError as error:
            note = log.info if isinstance(error, UserError) else log.warning
            note("command.failed", command=type(command).__name__, error=type(error).__name__)
            await chat.say(error.sentence)

    async def recent_reviews(self, channel: str, *, limit: int = 10) -> Sequence[ReviewRecord]:
        """Load the last reviews of a channel, newest first."""
        return await self._memory.reviews(channel, limit=limit)

    async def _do(self, command: Command, chat: Chat) -> None:
        match command:
            case ReviewCommand():
                await self._reviewing.handle(command, chat)
            case AskCommand():
                await self._ask(command, chat)
            case StatusCommand():
                await self._status(chat)
            case CancelCommand():
                await self._cancel(chat)
            case ForgetCommand():
                await self._forget(command.scope, chat)
            case HelpCommand():
                await chat.say(phrases.lines(phrases.HELP))
            case Misunderstood():
                await chat.say(command.sentence)

    async def _ask(self, command: AskCommand, chat: Chat) -> None:
        if command.target is not None:
            await self._ask_about(command.target, command.question, chat)
            return
        place = chat.where
        records = await self._memory.reviews(place.channel, thread=place.thread, limit=5) if place.thread else ()
        if records and not await self._is_elsewhere(command.question, records):
            await self._follow_up(command.question, meant(command.question, records, web_url=self._web_url), chat)
        else:
            await self._answer(self._channel_memory.answer(command.question, chat), chat, place)

    async def _is_elsewhere(self, question: str, records: Sequence[ReviewRecord]) -> bool:
        """Tell whether a question in a thread is about a change that the thread has no review of.

        A number alone, or a name without an owner, is taken for a pull request only where one is remembered.
        """
        names = elsewhere(question, records, web_url=self._web_url)
        if not names or await self._channel_memory.knows(names, records[0].where.channel):
            return bool(names)
        change = records[0].change
        # In a thread: it reads every line of the change.
        return any(["/" in name and not await asyncio.to_thread(speaks_of, change, name) for name in names])

    async def _ask_about(self, target: Target, question: str, chat: Chat) -> None:
        records = await self._memory.reviews(chat.where.channel, target=str(target), limit=1)
        if records:
            await self._follow_up(question, records[0], chat)
        elif self._running.review_of(target, chat.where.channel):
            await chat.say(say("{target} is being reviewed right now: ask when it is done.", target=str(target)))
        else:
            await chat.say(
                say("I have not reviewed {target} in this channel yet; `review {target}` does it.", target=str(target))
            )

    async def _follow_up(self, question: str, record: ReviewRecord, chat: Chat) -> None:
        await self._answer(self._follow_ups.answer(question, record, chat), chat, record.where)

    async def _answer(self, work: Coroutine[Any, Any, None], chat: Chat, where: ThreadRef) -> None:
        run = Run(asked=chat.where, where=where)
        with self._running.listed(run):
            await run.go(work)

    async def _status(self, chat: Chat) -> None:
        here = [run for run in self._running.at(ThreadRef(channel=chat.where.channel)) if run.target is not None]
        count = len(await self._memory.reviews(chat.where.channel, limit=_MOST_COUNTED))
        await chat.say(
            phrases.lines(
                (
                    phrases.of_model(self._writer.info),
                    *(phrases.of_progress(str(run.target), run.progress) for run in here),
                    *(() if here else (say("No review runs in this channel."),)),
                    phrases.of_memory(count, most=_MOST_COUNTED),
                )
            )
        )

    async def _cancel(self, chat: Chat) -> None:
        stopped = await self._running.stop(chat.where)
        if not stopped:
            await chat.say(say("Nothing is running here."))
        for run in stopped:
            if run.target is not None:
                await chat.say(say("The review of {target} is stopped.", target=str(run.target)))
            else:
                await chat.say(say("The answer is stopped."))

    async def _forget(self, scope: Scope | None, chat: Chat) -> None:
        place = chat.where
        if not place.thread and scope is None:
            await chat.say(
                say(
                    "Forget what? `forget channel` removes everything remembered of this channel; "
                    "`forget` in a thread removes what is remembered of that thread."
                )
            )
            return
        if not place.thread and scope is Scope.THREAD:
            await chat.say(say("`forget thread` is said in the thread that is to be forgotten."))
            return
        gone = place if scope is not Scope.CHANNEL else ThreadRef(channel=place.channel)
        # What still runs is stopped first, so that its outcome does not come back into memory.
        await self._running.stop(gone)
        count = await self._memory.forget(gone.channel, thread=gone.thread or None)
        log.info("memory.forgotten", rows=count, whole_channel=not gone.thread)
        await chat.say(phrases.of_forgotten(count))
