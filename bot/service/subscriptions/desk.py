"""Subscribing to digests, changing and ending that, keeping quiet for a while, and showing a digest now."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import time
from typing import Protocol, TypeAlias

from bot.domain.access import Audience
from bot.domain.change import RepositoryPattern
from bot.domain.command import (
    DigestCommand,
    IdentifyCommand,
    ListCommand,
    SnoozeCommand,
    SubscribeCommand,
    UnsubscribeCommand,
)
from bot.domain.errors import NotAllowed, NotUnderstood
from bot.domain.filters import Filters
from bot.domain.schedule import Free, next_time, no_day
from bot.domain.sentence import Sentence, say
from bot.domain.subscription import WEEKDAYS, Day, Kind, Snooze, Subscription
from bot.ports.chat import Chat
from bot.ports.clock import Clock
from bot.ports.snoozes import Snoozes
from bot.ports.subscriptions import Subscriptions
from bot.ports.watches import Watches
from bot.service import phrases
from bot.service.access import Access
from bot.service.digest.digests import Digests
from bot.service.digest.people import Mentions
from bot.service.digest.selection import wished
from bot.service.subscriptions import weekly
from bot.service.subscriptions.phrases import in_zone, of_end, of_list, of_snooze, of_subscription
from bot.service.subscriptions.suggestions import Suggestions

MOST = 50
"""Subscriptions of one channel."""

About: TypeAlias = SubscribeCommand | UnsubscribeCommand | ListCommand | DigestCommand | SnoozeCommand | IdentifyCommand


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """What counts where a person says nothing else, and the days on which nothing comes."""

    days: tuple[Day, ...] = WEEKDAYS
    at: time = time(9)
    timezone: str = "UTC"
    free: Free = no_day


class Schedule(Protocol):
    """What posts digests when their time comes."""

    async def changed(self) -> None:
        """Take note that the subscriptions are others now."""
        ...


class SubscriptionDesk:
    """Carries out what is said about digests, and about when statistics come."""

    def __init__(
        self,
        *,
        subscriptions: Subscriptions,
        snoozes: Snoozes,
        watches: Watches,
        digests: Digests,
        mentions: Mentions,
        suggestions: Suggestions,
        access: Access,
        schedule: Schedule,
        clock: Clock,
        usual: Usual,
    ) -> None:
        self._subscriptions = subscriptions
        self._snoozes = snoozes
        self._watches = watches
        self._digests = digests
        self._mentions = mentions
        self._suggestions = suggestions
        self._access = access
        self._schedule = schedule
        self._clock = clock
        self._usual = usual

    async def handle(self, command: About, chat: Chat) -> None:
        """Do what *command* says, and say the outcome.

        Raises:
            UserError: It cannot be done for this channel.
        """
        match command:
            case SubscribeCommand():
                before = {one.id for one in await self.of((chat.where.channel,))}
                done = await self.subscribe(command, chat.audience)
                await chat.say(phrases.lines(self._done(one, changed=one.id in before) for one in done))
            case UnsubscribeCommand():
                await self._end(command, chat)
            case ListCommand():
                await self._list(chat)
            case DigestCommand():
                await self._show(command, chat)
            case SnoozeCommand():
                await chat.say(await self._snooze(command, chat.audience))
            case IdentifyCommand():
                _check_is_served(chat.audience)
                await chat.say(await self._mentions.identify(chat.audience, command.login))

    async def of(self, channels: Sequence[str]) -> Sequence[Subscription]:
        """Load what some channels subscribed to."""
        return await self._subscriptions.of(channels)

    async def known(self, channel: str) -> Sequence[str]:
        """Load the names of the repositories that a channel reviewed or subscribed to."""
        return await self._suggestions.known(channel)

    async def subscribe(self, command: SubscribeCommand, audience: Audience) -> Sequence[Subscription]:
        """Subscribe the channel of *audience*, or change what it has of the same; all of it or nothing.

        Raises:
            UserError: The channel may not see a repository, has too many subscriptions, or is this terminal.
        """
        _check_is_served(audience)
        for pattern in command.patterns:
            await self._admit(pattern, audience)
        mine = await self.of((audience.channel,))
        wanted = [self._wanted(command, pattern, mine, audience) for pattern in command.patterns]
        if len({one.id for one in (*mine, *wanted)}) > MOST:
            raise NotUnderstood(say("A channel has at most {most} subscriptions; end one first.", most=MOST))
        for one in wanted:
            await self._subscriptions.save(one)
        await self._schedule.changed()
        return wanted

    async def unsubscribe(self, command: UnsubscribeCommand, audience: Audience) -> bool:
        """End what *command* names of the channel of *audience*; tell whether there was anything."""
        return bool(await self._ended(command, audience))

    async def _admit(self, pattern: RepositoryPattern, audience: Audience) -> None:
        """Let a channel subscribe to what it may see.

        Raises:
            NotAllowed: It may not, or nothing of that name is there; the sentence names what may have been meant.
        """
        try:
            await self._access.admit_pattern(audience, pattern)
        except NotAllowed as error:
            raise await self._suggestions.refused(error, pattern, audience) from None

    def _wanted(
        self, command: SubscribeCommand, pattern: RepositoryPattern, mine: Sequence[Subscription], audience: Audience
    ) -> Subscription:
        """Return the subscription as it is to be: a changed one where the channel has one, a new one otherwise."""
        if command.replaces:
            same = [one for one in mine if one.id == command.replaces]
            said = replace(command, days=command.days or self._usual.days, at=command.at or self._usual.at)
            kept = [replace(one, filters=Filters()) for one in same]
        else:
            same = [one for one in mine if _name(one.pattern) == _name(pattern) and one.kind is command.kind]
            said, kept = command, [] if command.also else same
        if len(kept) > 1:
            numbers = ", ".join(str(number) for number, one in enumerate(mine, start=1) if one in same)
            raise NotUnderstood(
                say(
                    "This channel has several of {name}: {numbers} in its `list`. End one with `unsubscribe` and its "
                    "number, or say `also` to add another.",
                    name=str(pattern),
                    numbers=numbers,
                )
            )
        before = kept[0] if kept else self._new(pattern, command.kind, audience)
        wanted = replace(
            before,
            pattern=pattern,
            days=said.days or before.days,
            at=said.at or before.at,
            timezone=said.timezone or before.timezone,
            filters=before.filters.changed_by(said.filters),
            since=self._clock.now(),
        )
        weekly.check(wanted)
        return wanted

    def _new(self, pattern: RepositoryPattern, kind: Kind, audience: Audience) -> Subscription:
        return Subscription(
            id=uuid.uuid4().hex[:12],
            channel=audience.channel,
            pattern=pattern,
            kind=kind,
            days=self._usual.days if kind is Kind.DIGEST else (weekly.USUAL_DAY,),
            at=self._usual.at,
            timezone=self._usual.timezone,
            by=audience.person,
            since=self._clock.now(),
        )

    async def _ended(self, command: UnsubscribeCommand, audience: Audience) -> list[Subscription]:
        mine = await self.of((audience.channel,))
        meant = [one for number, one in enumerate(mine, start=1) if _is_meant(command, number, one)]
        there_were = await self._subscriptions.remove(audience.channel, [one.id for one in meant])
        await self._schedule.changed()
        return meant if there_were else []

    async def _end(self, command: UnsubscribeCommand, chat: Chat) -> None:
        ended = await self._ended(command, chat.audience)
        name = str(command.pattern or (ended[0].pattern if ended else f"{command.number}."))
        if ended:
            await chat.say(phrases.lines(of_end(kind, name) for kind in Kind if kind in {one.kind for one in ended}))
            return
        await chat.say(
            say("This channel has no subscription of {repository}; `list` shows what it has.", repository=name)
        )

    async def _list(self, chat: Chat) -> None:
        channel = chat.where.channel
        mine = await self.of((channel,))
        quiet = await self._snoozes.of(channel, self._clock.now())
        watches = await self._watches.of(channel)
        if not (mine or quiet or watches):
            await chat.say(say("This channel has no subscriptions. `subscribe owner/name` makes one."))
            return
        await chat.say(phrases.lines(of_list(mine, watches, quiet, self._usual.timezone)))

    async def _show(self, command: DigestCommand, chat: Chat) -> None:
        mine = [one for one in await self.of((chat.where.channel,)) if one.kind is Kind.DIGEST]
        wishes = wished(command, mine)
        if not wishes:
            raise NotUnderstood(say("Which repository? Say it like this: `digest owner/name`."))
        try:
            digest = await self._digests.make(wishes, chat.audience)
        except NotAllowed as error:
            if len(wishes) > 1:
                raise
            raise await self._suggestions.refused(error, wishes[0].pattern, chat.audience) from None
        await chat.show_digest(digest)

    async def _snooze(self, command: SnoozeCommand, audience: Audience) -> Sentence:
        _check_is_served(audience)
        until = self._clock.now() + command.span
        snooze = Snooze(channel=audience.channel, what=command.what, until=until, by=audience.person)
        if command.span:
            await self._snoozes.save(snooze)
            return of_snooze(snooze, self._usual.timezone)
        if await self._snoozes.remove(snooze):
            return say("I speak again as before.")
        return say("That was not snoozed here; `list` shows what is.")

    def _done(self, subscription: Subscription, *, changed: bool) -> Sentence:
        moment = next_time(subscription, self._clock.now(), free=self._usual.free)
        what = of_subscription(subscription)
        done = say("Changed: {what}.", what=what) if changed else say("Subscribed: {what}.", what=what)
        if moment is None:
            return say("{done} There is no day on which one comes: look at holidays of [digest].", done=done)
        return say("{done} The next one comes on {moment}.", done=done, moment=in_zone(moment, subscription.timezone))


def _check_is_served(audience: Audience) -> None:
    if audience.local:
        raise NotUnderstood(say("Digests are posted to channels of `parley run`; here `digest owner/name` shows one."))


def _is_meant(command: UnsubscribeCommand, number: int, one: Subscription) -> bool:
    if command.pattern is not None:
        return _name(one.pattern) == _name(command.pattern)
    return one.id == command.id if command.id else number == command.number


def _name(pattern: RepositoryPattern) -> str:
    return str(pattern).casefold()
