"""What people do with a review that stands: dismiss a finding, take that back, see all of it, say what it was worth."""

from __future__ import annotations

from bot.domain.command import DismissCommand, RateCommand, ShowAllCommand, UndoCommand
from bot.domain.errors import NotUnderstood
from bot.domain.feedback import Dismissal
from bot.domain.finding import Finding
from bot.domain.review import Review
from bot.domain.sentence import say
from bot.ports.chat import Chat
from bot.ports.clock import Clock
from bot.ports.feedback import Feedback
from bot.service.records import Records

_LONGEST_NUMBER = 5


class Opinions:
    """Carries out what buttons and words say about findings. Everything may be said twice."""

    def __init__(self, *, records: Records, feedback: Feedback, clock: Clock) -> None:
        self._records = records
        self._feedback = feedback
        self._clock = clock

    async def handle(self, command: DismissCommand | UndoCommand | RateCommand | ShowAllCommand, chat: Chat) -> None:
        """Do what *command* says.

        Raises:
            UserError: The review or the finding is not there, or the channel may not see it any more.
        """
        match command:
            case DismissCommand():
                await self._dismiss(command, chat)
            case UndoCommand(finding=""):
                await self._undo_last(chat)
            case UndoCommand():
                await self._undo(command, chat)
            case RateCommand():
                await self._rate(command, chat)
            case ShowAllCommand():
                record = await self._records.named(command.review, chat)
                await chat.show_all(await self._records.as_seen(record))

    async def _dismiss(self, command: DismissCommand, chat: Chat) -> None:
        record = await self._records.named(command.review, chat)
        finding = _find(command.finding, record.review)
        await self._feedback.dismiss(
            Dismissal(
                channel=chat.where.channel,
                finding=finding.id,
                title=finding.title,
                by=chat.audience.person,
                at=self._clock.now(),
            )
        )
        if command.review:
            await chat.show_review(await self._records.as_seen(record))
        else:
            await chat.say(
                say("Dismissed in this channel: {title}. `undo` takes it back.", title=finding.title.rstrip("."))
            )

    async def _undo(self, command: UndoCommand, chat: Chat) -> None:
        record = await self._records.named(command.review, chat)
        await self._feedback.restore(chat.where.channel, command.finding)
        await chat.show_review(await self._records.as_seen(record))

    async def _undo_last(self, chat: Chat) -> None:
        channel, person = chat.where.channel, chat.audience.person
        mine = [dismissal for dismissal in await self._feedback.dismissed(channel) if dismissal.by == person]
        if not mine:
            await chat.say(say("You have dismissed nothing in this channel."))
            return
        await self._feedback.restore(channel, mine[0].finding)
        await chat.say(say("No longer dismissed: {title}.", title=mine[0].title.rstrip(".")))

    async def _rate(self, command: RateCommand, chat: Chat) -> None:
        record = await self._records.named(command.review, chat)
        await self._feedback.rate(record.id, by=chat.audience.person, helpful=command.helpful, at=self._clock.now())
        answer = say("Thank you: noted as helpful.") if command.helpful else say("Thank you: noted as not helpful.")
        await chat.say(answer, privately=True)


def _find(name: str, review: Review) -> Finding:
    """Return the finding of this id, or of this number in the review as it was posted."""
    known = (*review.findings, *review.more, *review.dismissed)
    numbered = int(name) if name.isdecimal() and len(name) <= _LONGEST_NUMBER else 0
    found = next((finding for finding in known if finding.id == name), None)
    if found is None and 1 <= numbered <= len(known):
        found = known[numbered - 1]
    if found is None:
        count = len(review.findings)
        raise NotUnderstood(say("There is no finding {name}; this review shows {count}.", name=name[:12], count=count))
    return found
