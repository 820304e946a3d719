"""The ways to GitHub: one identity, one set of connections, and a `Talk` for each thing that is asked."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from bot.domain.change import RepositoryRef
from bot.domain.sentence import Sentence, say
from bot.github.access import Access
from bot.github.errors import Asked
from bot.github.patience import Patience, Sleep
from bot.github.quotas import Quotas
from bot.github.rest import SELF
from bot.github.talk import Talk
from bot.github.threads import Threads


class Talks:
    """Begins talks.

    Attributes:
        quotas: What is left of GitHub's rate limits.

    Args:
        max_rate_limit_wait: Seconds that one talk may spend on rate limits.
        sleep: Waits on the event loop.
    """

    def __init__(
        self, access: Access, threads: Threads, *, max_rate_limit_wait: float = 60, sleep: Sleep = asyncio.sleep
    ) -> None:
        self._access = access
        self._threads = threads
        self._max_rate_limit_wait = max_rate_limit_wait
        self._sleep = sleep
        self.quotas = Quotas()

    async def about(self, repository: RepositoryRef, name: str) -> Talk:
        """Begin to talk about *repository*; what is missing is called *name*."""
        talk = self._talk(_missing(name, anonymous=self._access.anonymous))
        return replace(talk, auth=await self._access.to(repository, talk))

    async def about_owner(self, owner: str) -> Talk:
        """Begin to talk about all repositories of *owner*."""
        talk = self._talk(_missing(f"{owner}/*", anonymous=self._access.anonymous))
        return replace(talk, auth=await self._access.to_owner(owner, talk))

    async def check(self) -> Sentence:
        """Tell who we are to GitHub and how many calls are left, with one request.

        Raises:
            BotError: GitHub refuses or does not answer.
        """
        talk = replace(self._talk(say("GitHub does not tell who we are.")), auth=self._access.own())
        headers, known = await talk.get_with_headers(self._access.own_page, SELF)
        left = headers.get("x-ratelimit-remaining", "?")
        if self._access.anonymous:
            return say("GitHub answers without a token: public repositories only, {left} calls left.", left=left)
        who = known.login or known.name or "?"
        return say("GitHub knows us as {who}, {left} calls left.", who=who, left=left)

    async def close(self) -> None:
        """Close the connections; a request under way is left behind. May be called twice."""
        await self._threads.close()

    def _talk(self, missing: Sentence) -> Talk:
        asked = Asked(missing=missing, anonymous=self._access.anonymous)
        patience = Patience(self._max_rate_limit_wait, sleep=self._sleep)
        return Talk(threads=self._threads, patience=patience, asked=asked, quotas=self.quotas)


def _missing(name: str, *, anonymous: bool) -> Sentence:
    if anonymous:
        return say("{name} was not found, or it is private: then set token of [github].", name=name)
    return say("{name} was not found, or the token of [github] may not see it.", name=name)
