"""The repository that somebody meant, among those that the channel may see."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from bot.domain.access import Audience
from bot.domain.change import RepositoryPattern, from_name
from bot.domain.errors import BotError, NotAllowed
from bot.domain.sentence import say
from bot.ports.code_host import CodeHost
from bot.ports.memory import Memory
from bot.ports.subscriptions import Subscriptions
from bot.service.access import Access

_MOST_NOTES = 50
_MOST_TRIED = 3
_ALIKE = 0.7


class Suggestions:
    """Knows the repositories that a channel speaks of."""

    def __init__(self, *, code_host: CodeHost, access: Access, memory: Memory, subscriptions: Subscriptions) -> None:
        self._code_host = code_host
        self._access = access
        self._memory = memory
        self._subscriptions = subscriptions

    async def known(self, channel: str) -> Sequence[str]:
        """Load the names of the repositories that a channel reviewed, newest first, or subscribed to, each once."""
        notes = await self._memory.notes((channel,), limit=_MOST_NOTES)
        reviewed = [note.target.rpartition("#")[0] for note in notes if note.url]
        subscribed = [str(one.pattern) for one in await self._subscriptions.of((channel,))]
        names: dict[str, str] = {}
        for name in (*reviewed, *subscribed):
            names.setdefault(name.casefold(), name)
        return tuple(names.values())

    async def refused(self, error: NotAllowed, pattern: RepositoryPattern, audience: Audience) -> NotAllowed:
        """Return *error* with the name that was most likely meant by *pattern*, if there is one to be seen here.

        What is asked and said is the same whether the pattern names something hidden or nothing.
        """
        names = {name.casefold(): name for name in await self.known(audience.channel)}
        if pattern.repository is not None:
            names |= {name.casefold(): name for name in await self._of_owner(pattern.owner, audience)}
        names.pop(str(pattern).casefold(), None)
        for near in difflib.get_close_matches(str(pattern).casefold(), names, n=_MOST_TRIED, cutoff=_ALIKE):
            if await self._is_visible(names[near], audience):
                return NotAllowed(say("{refusal} Did you mean {name}?", refusal=error.sentence, name=names[near]))
        return error

    async def _of_owner(self, owner: str, audience: Audience) -> list[str]:
        try:
            owned = await self._code_host.repositories_of(owner)
        except BotError:
            return []
        return [str(repository) for repository in await self._access.sees(audience, owned)]

    async def _is_visible(self, name: str, audience: Audience) -> bool:
        thing = from_name(name)
        if not isinstance(thing, RepositoryPattern) or thing.repository is None:
            return True  # all of an owner: a name that people here said themselves
        try:
            await self._access.admit_repository(audience, thing.repository)
        except BotError:
            return False
        return True
