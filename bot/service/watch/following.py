"""Doing what came up: the card of a new pull request, and the reviews in its thread."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from dataclasses import replace
from typing import Protocol

import structlog

from bot.domain.change import PullRequestRef, from_name
from bot.domain.command import WatchedReviewCommand
from bot.domain.errors import BotError
from bot.domain.watch import Stand, Standing, Watched
from bot.ports.chat import Chat
from bot.ports.inbox import Job
from bot.ports.places import Places
from bot.ports.pulse import Pulse
from bot.ports.watches import Watches
from bot.service.access import Access
from bot.service.watch.cards import Cards

log = structlog.get_logger()

GOODBYE = 0.8
"""Seconds to say that a review goes on after a restart."""


class Handles(Protocol):
    """Carries out commands; the desk does."""

    async def handle(self, command: WatchedReviewCommand, chat: Chat) -> None:
        """Do what *command* asks and say the outcome in *chat*."""
        ...


class Following:
    """Follows watched pull requests."""

    def __init__(self, *, watches: Watches, cards: Cards, pulse: Pulse, access: Access, desk: Handles) -> None:
        self._watches = watches
        self._cards = cards
        self._pulse = pulse
        self._access = access
        self._desk = desk

    async def do(self, job: Job, places: Places) -> None:
        """Show the card of a pull request, if it is not there yet, and review it in its thread.

        How it stands is asked anew: it may have been merged while the work waited.

        Raises:
            BotError: The code host or the chat fails.
        """
        work = json.loads(job.body)
        channel, ref = work["channel"], from_name(work["ref"])
        chat = places.chat_in(channel, job=job)
        if chat is None or not isinstance(ref, PullRequestRef):
            return
        stand = (await self._pulse.stands([ref])).get(ref)
        watched = await self._open(ref, stand, chat)
        if watched is None or stand is None:
            log.info("watch.nothing_to_do", channel=channel, ref=str(ref))
            return
        thread = places.chat_in(channel, thread=watched.thread, job=job)
        if thread is not None:
            await self._review(WatchedReviewCommand(target=ref, asked=work["asked"]), thread)
        watched = replace(watched, head=stand.entry.head_sha)
        await self._watches.put(watched)
        await self._cards.refresh(watched, stand.entry, stand.fate, chat)

    async def _review(self, command: WatchedReviewCommand, thread: Chat) -> None:
        try:
            await self._desk.handle(command, thread)
        except asyncio.CancelledError:
            with suppress(BotError, TimeoutError):
                async with asyncio.timeout(GOODBYE):
                    await thread.show_interrupted()
            raise

    async def _open(self, ref: PullRequestRef, stand: Stand | None, chat: Chat) -> Watched | None:
        """Return what the channel was shown of an open pull request that it watches and may see, its card at least."""
        channel = chat.where.channel
        watch = next((one for one in await self._watches.of(channel) if one.pattern.covers(ref.repository_ref)), None)
        if watch is None or stand is None or stand.fate is not None:
            return None
        if not await self._access.sees(chat.audience, {ref.repository_ref: stand.private}):
            return None
        mine = await self._watches.watched(channel, watch.pattern)
        watched = next((one for one in mine if one.ref.number == ref.number), None)
        if watched is not None and watched.standing in (Standing.POSTED, Standing.OVER):
            return watched
        return await self._cards.post(stand.entry, chat)
