"""The desk: what is done with each thing a person asks for."""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from bot.domain.access import Audience
from bot.domain.command import (
    AgainCommand,
    AllowCommand,
    AskCommand,
    CancelCommand,
    Command,
    DigestCommand,
    DisallowCommand,
    DismissCommand,
    ForgetCommand,
    HelpCommand,
    IdentifyCommand,
    ListCommand,
    Misunderstood,
    RateCommand,
    ReviewCommand,
    Scope,
    ShowAllCommand,
    SnoozeCommand,
    StatsCommand,
    StatusCommand,
    SubscribeCommand,
    UndoCommand,
    UnsubscribeCommand,
    UnwatchCommand,
    WatchCommand,
    WatchedReviewCommand,
)
from bot.domain.conversation import ReviewNote, ThreadRef
from bot.domain.desk import DeskState
from bot.domain.errors import BotError, ChatRefused, ChatUnavailable, UserError
from bot.domain.sentence import Speak, say
from bot.domain.subscription import Subscription
from bot.ports.chat import Chat
from bot.ports.clock import Clock
from bot.ports.code_host import CodeHost
from bot.ports.feedback import Feedback
from bot.ports.memory import Memory
from bot.service import phrases
from bot.service.access import Access
from bot.service.asking import Asking
from bot.service.dialogue.answer import FollowUps
from bot.service.dialogue.channel import ChannelMemory
from bot.service.dialogue.writer import AnswerWriter
from bot.service.opinions import Opinions
from bot.service.records import Records
from bot.service.reviewing import Reviewing
from bot.service.running import Running
from bot.service.statistics import Statistics
from bot.service.subscriptions.desk import SubscriptionDesk
from bot.service.thread_review import Reviews, ThreadReview
from bot.service.watch.desk import WatchDesk

log = structlog.get_logger()

_MOST_COUNTED = 50

_OfThePlace = (
    AllowCommand
    | DisallowCommand
    | AskCommand
    | StatusCommand
    | CancelCommand
    | ForgetCommand
    | HelpCommand
    | Misunderstood
)


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
        feedback: Feedback,
        access: Access,
        code_host: CodeHost,
        subscriptions: SubscriptionDesk,
        watch: WatchDesk,
        statistics: Statistics,
        clock: Clock,
        web_url: str,
        speak: Speak = str,
    ) -> None:
        self._writer = writer
        self._memory = memory
        self._access = access
        self._code_host = code_host
        self._subscriptions = subscriptions
        self._watch = watch
        self._statistics = statistics
        self._running = Running()
        records = Records(memory=memory, feedback=feedback, access=access)
        self._opinions = Opinions(records=records, feedback=feedback, clock=clock)
        self._asking = Asking(
            follow_ups=follow_ups,
            channel_memory=channel_memory,
            records=records,
            access=access,
            running=self._running,
            web_url=web_url,
        )
        self._reviewing = Reviewing(
            review=ThreadReview(
                reviewer=reviewer, writer=writer, memory=memory, records=records, clock=clock, speak=speak
            ),
            records=records,
            access=access,
            clock=clock,
            running=self._running,
        )

    async def handle(self, command: Command, chat: Chat) -> None:
        """Do what *command* asks; a `BotError` becomes a sentence in *chat*, anything else is the adapter's."""
        try:
            await self._do(command, chat)
        except BotError as error:
            if isinstance(error, ChatUnavailable | ChatRefused):
                raise  # what cannot be said there cannot be complained about there
            note = log.info if isinstance(error, UserError) else log.warning
            note("command.failed", command=type(command).__name__, error=type(error).__name__)
            await chat.say(error.sentence)

    async def takes_part(self, where: ThreadRef) -> bool:
        """Tell whether the bot is part of a thread: it said something there, or is about to."""
        return bool(where.thread) and (bool(self._running.at(where)) or await self._memory.takes_part(where))

    async def recent_reviews(self, channels: Sequence[str], *, limit: int = 10) -> Sequence[ReviewNote]:
        """Load the last reviews of some channels, newest first."""
        return await self._memory.notes(channels, limit=limit)

    async def repositories(self, channel: str) -> Sequence[str]:
        """Load the names of the repositories that a channel reviewed, newest first, or subscribed to, each once."""
        return await self._subscriptions.known(channel)

    async def subscriptions(self, channels: Sequence[str]) -> Sequence[Subscription]:
        """Load what some channels subscribed to."""
        return await self._subscriptions.of(channels)

    async def subscribe(self, command: SubscribeCommand, audience: Audience) -> Sequence[Subscription]:
        """Subscribe the channel of *audience*."""
        return await self._subscriptions.subscribe(command, audience)

    async def unsubscribe(self, command: UnsubscribeCommand, audience: Audience) -> bool:
        """End a subscription of the channel of *audience*."""
        return await self._subscriptions.unsubscribe(command, audience)

    def state(self) -> DeskState:
        """Tell what the bot is busy with."""
        reviews, answers = self._running.counts()
        return DeskState(model=self._writer.info, reviews=reviews, answers=answers)

    async def _do(self, command: Command, chat: Chat) -> None:
        match command:
            case ReviewCommand():
                await self._reviewing.handle(command, chat)
            case AgainCommand():
                await self._reviewing.again(command, chat)
            case DismissCommand() | UndoCommand() | RateCommand() | ShowAllCommand():
                await self._opinions.handle(command, chat)
            case SubscribeCommand() | UnsubscribeCommand() | ListCommand() | DigestCommand():
                await self._subscriptions.handle(command, chat)
            case SnoozeCommand() | IdentifyCommand():
                await self._subscriptions.handle(command, chat)
            case WatchCommand() | UnwatchCommand():
                await self._watch.handle(command, chat)
            case WatchedReviewCommand():
                await self._reviewing.watched(command, chat)
            case StatsCommand():
                await self._statistics.handle(command, chat)
            case _:
                await self._do_here(command, chat)

    async def _do_here(self, command: _OfThePlace, chat: Chat) -> None:
        match command:
            case AllowCommand():
                await chat.say(await self._access.allow(chat.audience, command.repository))
            case DisallowCommand():
                await chat.say(await self._access.disallow(chat.audience, command.repository))
            case AskCommand():
                await self._asking.handle(command, chat)
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

    async def _status(self, chat: Chat) -> None:
        here = [run for run in self._running.at(ThreadRef(channel=chat.where.channel)) if run.target is not None]
        count = len(await self._memory.notes((chat.where.channel,), limit=_MOST_COUNTED))
        await chat.say(
            phrases.lines(
                (
                    phrases.of_model(self._writer.info),
                    *(phrases.of_progress(str(run.target), run.progress) for run in here),
                    *(() if here else (say("No review runs in this channel."),)),
                    phrases.of_memory(count, most=_MOST_COUNTED),
                    *map(phrases.of_quota, self._code_host.quotas()),
                )
            )
        )

    async def _cancel(self, chat: Chat) -> None:
        stopped = await self._running.stop(chat.where)
        if not stopped:
            await chat.say(say("Nothing is running here."))
        for run in stopped:
            if run.target is not None:
                # In its own thread the review itself says so, where its progress stood.
                if run.where != chat.where or run.task is None:
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
