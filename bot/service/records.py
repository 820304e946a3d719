"""Remembered reviews, for those who may still see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.access import Audience
from bot.domain.change import PullRequestRef, Target
from bot.domain.conversation import ReviewRecord, Role, ThreadRef
from bot.domain.errors import NotAllowed, NotUnderstood
from bot.domain.review import with_dismissals
from bot.domain.sentence import say
from bot.ports.chat import Chat
from bot.ports.feedback import Feedback
from bot.ports.memory import Memory
from bot.service.access import Access

_MOST_NOTES = 200
_MOST_IN_THREAD = 5


class Records:
    """Finds reviews again.

    What was allowed when a review was made is not taken for granted: access is asked each time.
    """

    def __init__(self, *, memory: Memory, feedback: Feedback, access: Access) -> None:
        self._memory = memory
        self._feedback = feedback
        self._access = access

    async def named(self, review: str, chat: Chat) -> ReviewRecord:
        """Load the review of this id, as buttons carry it, or without one the newest of the thread.

        Raises:
            NotUnderstood: It was forgotten, or there is none.
            NotAllowed: The channel may not see its repository any more.
        """
        place = chat.where
        if review:
            record = await self._memory.review(review)
            if record is None or record.where.channel != place.channel:
                raise NotUnderstood(say("I do not remember this review any more. `review` makes a new one."))
        else:
            found = await self._memory.reviews(place.channel, thread=place.thread, limit=1) if place.thread else ()
            if not found:
                raise NotUnderstood(say("There is no review in this thread; say it in the thread of one."))
            record = found[0]
        if not await self._access.still_sees(chat.audience, [record]):
            raise NotAllowed(say("This channel may not see the repository of this review any more."))
        return record

    async def in_thread(self, where: ThreadRef, audience: Audience) -> Sequence[ReviewRecord]:
        """Load the last reviews of a thread, newest first.

        Raises:
            NotAllowed: The channel may not see one of their repositories any more; what was said in the thread is
                about all of them.
        """
        found = await self._memory.reviews(where.channel, thread=where.thread, limit=_MOST_IN_THREAD)
        if len(await self._access.still_sees(audience, found)) < len(found):
            raise NotAllowed(say("This channel may not see the repository of this review any more."))
        return found

    async def last_said(self, where: ThreadRef) -> str:
        """Load what the bot last said in a thread, empty if nothing is remembered."""
        turns = (await self._memory.conversation(where)).turns
        return next((turn.text for turn in reversed(turns) if turn.role is Role.BOT), "")

    async def newest(self, target: Target, channel: str) -> ReviewRecord | None:
        """Load the newest review of *target* in a channel, in whatever letter case its name was written."""
        name = str(target)
        if isinstance(target, PullRequestRef):
            notes = await self._memory.notes((channel,), limit=_MOST_NOTES)
            note = next((note for note in notes if note.target.casefold() == name.casefold()), None)
            if note is not None and (record := await self._memory.review(note.id)) is not None:
                return record
        found = await self._memory.reviews(channel, target=name, limit=1)
        return found[0] if found else None

    async def made_since(self, moment: datetime, target: Target, where: ThreadRef) -> ReviewRecord | None:
        """Load the review of *target* that was made in a thread at *moment* or later."""
        found = await self._memory.reviews(
            where.channel, thread=where.thread, target=str(target), since=moment, limit=1
        )
        return found[0] if found else None

    async def as_seen(self, record: ReviewRecord) -> ReviewRecord:
        """Return a record as its channel sees it now: without what was dismissed since."""
        return replace(record, review=with_dismissals(record.review, await self.dismissed(record.where.channel)))

    async def dismissed(self, channel: str) -> frozenset[str]:
        """Load the ids of the findings that a channel does not want to see."""
        return frozenset(dismissal.finding for dismissal in await self._feedback.dismissed(channel))
