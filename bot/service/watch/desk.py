"""Beginning and ending to watch a repository."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.command import UnwatchCommand, WatchCommand
from bot.domain.errors import NotAllowed, NotUnderstood
from bot.domain.sentence import Sentence, say
from bot.domain.watch import Standing, Step, Watch, Watched, next_step
from bot.ports.chat import Chat
from bot.ports.clock import Clock
from bot.ports.code_host import CodeHost
from bot.ports.watches import Watches
from bot.service.access import Access
from bot.service.subscriptions.phrases import of_watch
from bot.service.subscriptions.suggestions import Suggestions

MOST = 20
"""Repositories that a channel watches."""


class WatchDesk:
    """Carries out what is said about watching.

    Args:
        anonymous: There is no token for the code host, whose few calls would be used up at once.
    """

    def __init__(
        self,
        *,
        watches: Watches,
        code_host: CodeHost,
        access: Access,
        suggestions: Suggestions,
        clock: Clock,
        anonymous: bool = False,
    ) -> None:
        self._watches = watches
        self._code_host = code_host
        self._access = access
        self._suggestions = suggestions
        self._clock = clock
        self._anonymous = anonymous

    async def handle(self, command: WatchCommand | UnwatchCommand, chat: Chat) -> None:
        """Do what *command* says, and say the outcome.

        Raises:
            UserError: It cannot be done for this channel.
            TransientError: The code host does not answer.
        """
        if isinstance(command, WatchCommand):
            await chat.say(await self._watch(command, chat))
            return
        name = str(command.pattern)
        if await self._watches.remove(chat.where.channel, command.pattern):
            await chat.say(say("I do not watch {repository} here any more.", repository=name))
        else:
            await chat.say(say("This channel does not watch {repository}; `list` shows what it does.", repository=name))

    async def _watch(self, command: WatchCommand, chat: Chat) -> Sentence:
        """Begin to watch, or change the filters of what is watched already; what is ready now is known from then on."""
        audience, pattern = chat.audience, command.pattern
        if audience.local:
            raise NotUnderstood(say("Pull requests are shown in channels of `parley run`, not on this terminal."))
        if pattern.repository is None:
            raise NotUnderstood(say("One repository at a time is watched: `watch owner/name`."))
        if self._anonymous:
            raise NotUnderstood(say("Watching needs a token in [github]: without one GitHub answers 60 times an hour."))
        try:
            await self._access.admit_pattern(audience, pattern)
        except NotAllowed as error:
            raise await self._suggestions.refused(error, pattern, audience) from None
        mine = await self._watches.of(audience.channel)
        before = next((one for one in mine if one.pattern.covers(pattern.repository)), None)
        if before is None and len(mine) >= MOST:
            raise NotUnderstood(say("A channel watches at most {most} repositories; `unwatch` one first.", most=MOST))
        new = Watch(channel=audience.channel, pattern=pattern, by=audience.person, since=self._clock.now())
        watch = replace(before or new, filters=(before or new).filters.changed_by(command.filters))
        await self._watches.save(watch, await self._known(watch, fresh=before is None))
        if before is not None:
            return say("Changed: {what}", what=of_watch(watch))
        return say(
            "{what} Each new pull request is shown here once, with its review in its thread.", what=of_watch(watch)
        )

    async def _known(self, watch: Watch, *, fresh: bool) -> list[Watched]:
        """Return what is open now: what is ready is known, and what is not is shown when it becomes so.

        What came since an earlier command is none of it: that may have been the same, in a process that was ended.
        """
        board = await self._code_host.open_pull_requests([watch.pattern], paths=watch.filters.by_path)
        found: list[Watched] = []
        for entry in (entry for one in board.repositories for entry in one.entries):
            step = next_step(watch, None, entry, self._clock.now(), quiet=fresh)
            if step is not Step.POST:
                standing = Standing.WAITING if step is Step.WAIT else Standing.KNOWN
                found.append(Watched(channel=watch.channel, ref=entry.ref, standing=standing))
        return found
