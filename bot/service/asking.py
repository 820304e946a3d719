"""Answering questions: about a review in its thread, about a named change, or from what the channel remembers."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any

from bot.domain.change import Target
from bot.domain.command import AskCommand
from bot.domain.conversation import ReviewRecord, ThreadRef
from bot.domain.errors import TransientError
from bot.domain.links import find_pull_requests
from bot.domain.sentence import say
from bot.ports.chat import Chat
from bot.service.access import Access
from bot.service.dialogue.answer import FollowUps
from bot.service.dialogue.channel import ChannelMemory
from bot.service.dialogue.thread import elsewhere, meant, speaks_of
from bot.service.records import Records
from bot.service.running import Run, Running


class Asking:
    """Carries out ask commands.

    Args:
        web_url: Where the pages of the code host are, for the links in questions.
    """

    def __init__(
        self,
        *,
        follow_ups: FollowUps,
        channel_memory: ChannelMemory,
        records: Records,
        access: Access,
        running: Running,
        web_url: str,
    ) -> None:
        self._follow_ups = follow_ups
        self._channel_memory = channel_memory
        self._records = records
        self._access = access
        self._running = running
        self._web_url = web_url

    async def handle(self, command: AskCommand, chat: Chat) -> None:
        """Answer from what the question is about.

        Raises:
            BotError: It cannot be answered, or is not for this channel.
        """
        if command.target is not None:
            await self._ask_about(command.target, command.question, chat)
            return
        place = chat.where
        records = await self._records.in_thread(place, chat.audience) if place.thread else ()
        if not records and place.thread:
            records = await self._pointed_to(chat)
        if records and not await self._is_elsewhere(command.question, records):
            await self._follow_up(command.question, meant(command.question, records, web_url=self._web_url), chat)
        else:
            await self._answer(self._channel_memory.answer(command.question, chat), chat, place)

    async def _pointed_to(self, chat: Chat) -> Sequence[ReviewRecord]:
        """Find the review that this thread was pointed to instead of having one of its own."""
        for ref in find_pull_requests(await self._records.last_said(chat.where), web_url=self._web_url):
            record = await self._records.newest(ref, chat.where.channel)
            if record is not None:
                await self._records.in_thread(record.where, chat.audience)
                return (record,)
        return ()

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
        record = await self._record_of(target, chat)
        if record is not None:
            await self._records.in_thread(record.where, chat.audience)
            await self._follow_up(question, record, chat)
        elif self._running.review_of(target, chat.where.channel):
            await chat.say(say("{target} is being reviewed right now: ask when it is done.", target=str(target)))
        else:
            await chat.say(
                say("I have not reviewed {target} in this channel yet; `review {target}` does it.", target=str(target))
            )

    async def _record_of(self, target: Target, chat: Chat) -> ReviewRecord | None:
        """Find the newest review of *target*, which the code host may call by another name."""
        channel = chat.where.channel
        try:
            glance = await self._access.admit(chat.audience, target)
        except TransientError:
            record = await self._records.newest(target, channel)
            if record is None:
                raise
            return record
        return await self._records.newest(glance.ref if glance else target, channel)

    async def _follow_up(self, question: str, record: ReviewRecord, chat: Chat) -> None:
        await self._answer(self._follow_ups.answer(question, record, chat), chat, record.where)

    async def _answer(self, work: Coroutine[Any, Any, None], chat: Chat, where: ThreadRef) -> None:
        run = Run(asked=chat.where, where=where)
        with self._running.listed(run):
            await run.go(work)
