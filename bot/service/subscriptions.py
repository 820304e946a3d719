"""Subscribing to digests, and showing one now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time
from typing import Protocol

from bot.domain.access import Audience
from bot.domain.change import RepositoryRef
from bot.domain.command import DigestCommand, ListCommand, SubscribeCommand, UnsubscribeCommand
from bot.domain.errors import NotUnderstood
from bot.domain.schedule import next_time
from bot.domain.sentence import Sentence, say
from bot.domain.subscription import DAILY, WEEKDAYS, Day, Subscription
from bot.ports.chat import Chat
from bot.ports.clock import Clock
from bot.ports.subscriptions import Subscriptions
from bot.service import phrases
from bot.service.access import Access
from bot.service.digests import Digests

MOST = 50
"""Subscriptions of one channel."""


class Schedule(Protocol):
    """What posts digests when their time comes."""

    async def changed(self) -> None:
        """Take note that the subscriptions are others now."""
        ...


class SubscriptionDesk:
    """Carries out what is said about digests.

    Args:
        days: Where a person says none; likewise *at* and *timezone*.
    """

    def __init__(
        self,
        *,
        subscriptions: Subscriptions,
        digests: Digests,
        access: Access,
        schedule: Schedule,
        clock: Clock,
        days: tuple[Day, ...] = WEEKDAYS,
        at: time = time(9),
        timezone: str = "UTC",
    ) -> None:
        self._subscriptions = subscriptions
        self._digests = digests
        self._access = access
        self._schedule = schedule
        self._clock = clock
        self._days = days
        self._at = at
        self._timezone = timezone

    async def handle(
        self, command: SubscribeCommand | UnsubscribeCommand | ListCommand | DigestCommand, chat: Chat
    ) -> None:
        """Do what *command* says, and say the outcome.

        Raises:
            UserError: It cannot be done for this channel.
        """
        match command:
            case SubscribeCommand():
                subscription = await self.subscribe(command, chat.audience)
                await chat.say(self._done(subscription))
            case UnsubscribeCommand():
                there_was = await self.unsubscribe(command, chat.audience)
                name = str(command.repository)
                ended = say("No more digests of {repository} here.", repository=name)
                none = say(
                    "This channel has no subscription of {repository}; `list` shows what it has.", repository=name
                )
                await chat.say(ended if there_was else none)
            case ListCommand():
                await self._list(chat)
            case DigestCommand():
                await self._show(command, chat)

    async def of(self, channels: Sequence[str]) -> Sequence[Subscription]:
        """Load what some channels subscribed to."""
        return await self._subscriptions.of(channels)

    async def subscribe(self, command: SubscribeCommand, audience: Audience) -> Subscription:
        """Subscribe the channel of *audience*, in place of what it had of the same repository.

        Raises:
            UserError: The channel may not see the repository, has too many subscriptions, or is this terminal.
        """
        if audience.local:
            raise NotUnderstood(
                say("Digests are posted to channels of `parley run`; here `digest owner/name` shows one.")
            )
        await self._access.admit_repository(audience, command.repository)
        mine = await self.of((audience.channel,))
        known = {str(one.repository).casefold() for one in mine} | {str(command.repository).casefold()}
        if len(known) > MOST:
            raise NotUnderstood(say("A channel has at most {most} subscriptions; end one first.", most=MOST))
        subscription = Subscription(
            channel=audience.channel,
            repository=command.repository,
            days=command.days or self._days,
            at=command.at or self._at,
            timezone=command.timezone or self._timezone,
            by=audience.person,
            since=self._clock.now(),
        )
        await self._subscriptions.save(subscription)
        await self._schedule.changed()
        return subscription

    async def unsubscribe(self, command: UnsubscribeCommand, audience: Audience) -> bool:
        """End a subscription of the channel of *audience*; tell whether there was one."""
        there_was = await self._subscriptions.remove(audience.channel, command.repository)
        await self._schedule.changed()
        return there_was

    async def _list(self, chat: Chat) -> None:
        mine = await self.of((chat.where.channel,))
        if not mine:
            await chat.say(say("This channel has no subscriptions. `subscribe owner/name` makes one."))
            return
        await chat.say(phrases.lines(map(in_words, mine)))

    async def _show(self, command: DigestCommand, chat: Chat) -> None:
        wanted = command.repositories or tuple(one.repository for one in await self.of((chat.where.channel,)))
        if not wanted:
            raise NotUnderstood(say("Which repository? Say it like this: `digest owner/name`."))
        digest = await self._digests.make(wanted, chat.audience)
        if not digest.entries and not digest.unread:
            await chat.say(say("No pull request is open in {names}.", names=_names(wanted)))
            return
        await chat.show_digest(digest)

    def _done(self, subscription: Subscription) -> Sentence:
        moment = next_time(subscription, self._clock.now())
        return say(
            "Subscribed: {what}. The next one comes on {moment}.",
            what=in_words(subscription),
            moment=f"{moment:%Y-%m-%d %H:%M}",
        )


def in_words(subscription: Subscription) -> Sentence:
    """Say when which digest comes."""
    return say(
        "{repository}, {days} at {at} ({timezone})",
        repository=str(subscription.repository),
        days=_days(subscription.days),
        at=f"{subscription.at:%H:%M}",
        timezone=subscription.timezone,
    )


def _days(days: Sequence[Day]) -> Sentence | str:
    if tuple(days) == DAILY:
        return say("daily")
    if tuple(days) == WEEKDAYS:
        return say("on weekdays")
    return ", ".join(days)


def _names(repositories: Sequence[RepositoryRef]) -> str:
    return ", ".join(map(str, repositories))
