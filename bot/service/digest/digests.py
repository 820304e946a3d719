"""Digests: what is open in the repositories that a channel may see, and what is different from last time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.access import Audience
from bot.domain.change import RepositoryPattern
from bot.domain.digest import Digest, LastDigest, OpenBoard, group_of
from bot.domain.errors import NotAllowed, RepositoryNotFound
from bot.domain.sentence import Sentence
from bot.domain.subscription import Subscription
from bot.ports.clock import Clock
from bot.ports.code_host import CodeHost
from bot.ports.last_digests import LastDigests
from bot.ports.snoozes import Snoozes
from bot.service.access import Access
from bot.service.digest.news import MOST_GONE, gone_since, news_since
from bot.service.digest.people import Mentions
from bot.service.digest.selection import Wish, select


class Digests:
    """Makes digests."""

    def __init__(
        self,
        *,
        code_host: CodeHost,
        access: Access,
        snoozes: Snoozes,
        last: LastDigests,
        mentions: Mentions,
        clock: Clock,
    ) -> None:
        self._code_host = code_host
        self._access = access
        self._snoozes = snoozes
        self._last = last
        self._mentions = mentions
        self._clock = clock

    async def make(self, wishes: Sequence[Wish], audience: Audience) -> Digest:
        """Make a digest that somebody asks for now: with what is snoozed, and without mentioning anybody.

        Raises:
            NotAllowed: There is nothing in it that *audience* may see; what is missing sounds the same.
            TransientError: The code host does not answer.
        """
        return select(wishes, await self._board(wishes, audience), self._clock.now())

    async def make_regular(self, subscriptions: Sequence[Subscription], audience: Audience) -> Digest | None:
        """Make the digest of some subscriptions of one channel; None where the channel is snoozed.

        Raises:
            NotAllowed: As `make`.
            TransientError: Likewise.
        """
        now = self._clock.now()
        snoozes = await self._snoozes.of(audience.channel, now)
        if any(snooze.what is None for snooze in snoozes):
            return None
        wishes = [Wish(pattern=one.pattern, filters=one.filters) for one in subscriptions]
        board = await self._board(wishes, audience)
        digest = select(wishes, board, now, snoozes=snoozes)
        before = await self._last.of([one.id for one in subscriptions])
        gone = gone_since(before, board)
        fates = await self._code_host.fates(gone[:MOST_GONE]) if gone else {}
        return replace(
            digest,
            news=news_since(subscriptions, before, digest, fates),
            people=await self._mentions.of(audience.channel),
        )

    async def remember(self, subscriptions: Sequence[Subscription], digest: Digest) -> None:
        """Keep what the channel was told, so that the next digest can say what is different."""
        groups = {entry.ref: group_of(entry) for entry in digest.entries}
        for one in subscriptions:
            mine = {ref: group for ref, group in groups.items() if one.pattern.covers(ref.repository_ref)}
            await self._last.save(LastDigest(subscription=one.id, at=digest.at, groups=mine))

    async def _board(self, wishes: Sequence[Wish], audience: Audience) -> OpenBoard:
        """Fetch what is open, and leave what *audience* may not see as if it were not there."""
        patterns = tuple(dict.fromkeys(wish.pattern for wish in wishes))
        board = await self._code_host.open_pull_requests(patterns, paths=any(wish.filters.by_path for wish in wishes))
        private = {repository.ref: repository.private for repository in board.repositories}
        seen = await self._access.sees(audience, private)
        visible = tuple(repository for repository in board.repositories if repository.ref in seen)
        unread: list[tuple[RepositoryPattern, Sentence]] = []
        for wish in wishes:
            reason = dict(board.unread).get(wish.pattern)
            if not any(map(wish.is_about, visible)):
                # Who may not see it hears the same whether it is there or not.
                unread.append((wish.pattern, await self._access.explain(audience, wish.pattern, reason)))
            elif reason is not None:
                unread.append((wish.pattern, reason))
        if unread and not visible:
            refused = RepositoryNotFound if audience.local else NotAllowed
            raise refused(unread[-1][1])
        return replace(board, repositories=visible, unread=tuple(dict(unread).items()))
