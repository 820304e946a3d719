"""The cards of watched pull requests: what they say, and editing them where that changed."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import structlog

from bot.domain.change import PullRequestRef
from bot.domain.conversation import ReviewNote, ThreadRef
from bot.domain.digest import DigestEntry, Fate
from bot.domain.errors import ChatRefused, ChatUnavailable
from bot.domain.watch import Card, Standing, Watched
from bot.ports.chat import Chat
from bot.ports.memory import Memory
from bot.ports.watches import Watches

log = structlog.get_logger()

_MOST_NOTES = 200


class Cards:
    """Posts and edits cards."""

    def __init__(self, *, watches: Watches, memory: Memory) -> None:
        self._watches = watches
        self._memory = memory

    async def post(self, entry: DigestEntry, chat: Chat) -> Watched:
        """Post the card of an open pull request in a channel.

        Raises:
            ChatUnavailable: Likewise `ChatRefused`: nothing can be posted there.
        """
        card = await self._card(entry, None, chat.where.channel)
        where = await chat.show_card(card)
        posted = Watched(
            channel=chat.where.channel,
            ref=entry.ref,
            standing=Standing.POSTED,
            thread=where.thread,
            head=entry.head_sha,
            shown=_fingerprint(card),
        )
        await self._watches.put(posted)
        return posted

    async def refresh(self, watched: Watched, entry: DigestEntry, fate: Fate | None, chat: Chat) -> Watched:
        """Edit a card if it says something else now; one that cannot be edited any more is left as it is for good."""
        card = await self._card(entry, fate, watched.channel)
        standing = Standing.POSTED if fate is None else Standing.OVER
        now = replace(watched, standing=standing, shown=_fingerprint(card))
        if now == watched:
            return watched
        try:
            if now.shown != watched.shown:
                await chat.show_card(card, ThreadRef(channel=watched.channel, thread=watched.thread))
        except ChatUnavailable as error:
            log.info("watch.card_not_edited", error=type(error).__name__)
            return watched
        except ChatRefused as error:
            log.info("watch.card_gone", ref=str(watched.ref), why=str(error.sentence))
            now = replace(now, standing=Standing.KNOWN)
        await self._watches.put(now)
        return now

    async def _card(self, entry: DigestEntry, fate: Fate | None, channel: str) -> Card:
        note = await self._last_review(entry.ref, channel)
        if note is None:
            return Card(entry=entry, fate=fate)
        return Card(entry=entry, fate=fate, verdict=note.verdict, findings=note.findings, reviewed=note.head_sha)

    async def _last_review(self, ref: PullRequestRef, channel: str) -> ReviewNote | None:
        notes = await self._memory.notes((channel,), limit=_MOST_NOTES)
        return next((note for note in notes if note.target.casefold() == str(ref).casefold()), None)


def _fingerprint(card: Card) -> str:
    """Return what is the same as long as a card says the same; ages are no part of it, they would be new each day."""
    entry = card.entry
    parts = (
        entry.title,
        entry.draft,
        entry.ci,
        entry.decision,
        entry.conflicts,
        entry.requested,
        entry.teams,
        entry.additions,
        entry.deletions,
        entry.head_sha,
        card.fate,
        card.verdict,
        card.findings,
        card.reviewed,
    )
    return hashlib.sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]
