"""Looking at watched repositories: what is new becomes work, and cards follow what happens."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.domain.change import CiState, PullRequestRef, RepositoryPattern, RepositoryRef
from bot.domain.digest import DigestEntry, OpenBoard
from bot.domain.watch import SKEW, Comment, Standing, Step, Watch, Watched, asks_for_review, next_step
from bot.ports.chat import Chat
from bot.ports.clock import Clock
from bot.ports.code_host import CodeHost
from bot.ports.inbox import Inbox, Job
from bot.ports.places import Places
from bot.ports.pulse import Pulse
from bot.ports.snoozes import Snoozes
from bot.ports.watches import Watches
from bot.service.access import Access
from bot.service.watch.cards import Cards

log = structlog.get_logger()

SOURCE = "watch"

OVERLAP = timedelta(minutes=5)
"""How far back comments are asked for again: clocks differ, and what was answered is known."""

BEFORE_START = timedelta(hours=12)
"""How old a comment may be that was made while nobody looked."""

CHECKS_EVERY = 10
"""Rounds after which checks are looked at though nothing else happened; sooner where some still run."""


@dataclass(slots=True, kw_only=True)
class Look:
    """What is remembered of a repository between two looks.

    Attributes:
        mark: As in `Pulse.mark`.
        pending: Checks still run somewhere.
        rounds: Looks since checks were looked at.
        since: When comments were fetched last; None before the first time.
    """

    mark: str = ""
    pending: bool = False
    rounds: int = 0
    since: datetime | None = None


class Watcher:
    """Sees what happens in watched repositories.

    Args:
        trigger: What a comment says that wants a review; empty for nothing.
    """

    def __init__(
        self,
        *,
        watches: Watches,
        cards: Cards,
        code_host: CodeHost,
        pulse: Pulse,
        access: Access,
        snoozes: Snoozes,
        inbox: Inbox,
        clock: Clock,
        trigger: str,
    ) -> None:
        self._watches = watches
        self._cards = cards
        self._code_host = code_host
        self._pulse = pulse
        self._access = access
        self._snoozes = snoozes
        self._inbox = inbox
        self._clock = clock
        self._trigger = trigger
        self._looks: dict[RepositoryRef, Look] = {}

    async def repositories(self) -> Sequence[RepositoryRef]:
        """Load what is watched anywhere, each repository once."""
        found: dict[str, RepositoryRef] = {}
        for watch in await self._watches.all():
            if watch.pattern.repository is not None:
                found.setdefault(str(watch.pattern).casefold(), watch.pattern.repository)
        return list(found.values())

    async def look(self, repository: RepositoryRef, places: Places) -> Sequence[Job]:
        """Look at a repository, let the cards say what is new, and return the work that came up.

        Where nothing happened, nothing is spent of the limit for REST.

        Raises:
            BotError: The code host does not answer, or does not show it; nothing is lost, the next look sees it.
        """
        known = self._looks.setdefault(repository, Look())
        mark = await self._pulse.mark(repository, known.mark)
        known.rounds += 1
        if mark == known.mark and not known.pending and known.rounds < CHECKS_EVERY:
            return ()
        watches = [one for one in await self._watches.all() if one.pattern.covers(repository)]
        paths = any(one.filters.by_path for one in watches)
        board = await self._code_host.open_pull_requests([_pattern(repository)], paths=paths)
        comments = await self._comments(repository, known) if mark != known.mark else ()
        entries = {entry.ref.number: entry for one in board.repositories for entry in one.entries}
        jobs: list[Job] = []
        for watch in watches:
            if (chat := await self._chat_for(watch, board, places)) is not None:
                jobs += await self._look_for(watch, entries, comments, chat)
        known.mark, known.rounds = mark, 0  # only now: what failed is looked at again
        known.pending = any(entry.ci is CiState.PENDING for entry in entries.values())
        return jobs

    async def _chat_for(self, watch: Watch, board: OpenBoard, places: Places) -> Chat | None:
        """Return the channel of a watch, if it is there and may still see what it watches."""
        chat = places.chat_in(watch.channel)
        private = {one.ref: one.private for one in board.repositories}
        if chat is not None and private and await self._access.sees(chat.audience, private):
            return chat
        log.info("watch.not_shown", channel=watch.channel, repository=str(watch.pattern))
        return None

    async def _look_for(
        self, watch: Watch, entries: Mapping[int, DigestEntry], comments: Sequence[Comment], chat: Chat
    ) -> list[Job]:
        snoozes = await self._snoozes.of(watch.channel, self._clock.now())
        mine = {one.ref.number: one for one in await self._watches.watched(watch.channel, watch.pattern)}
        jobs: list[Job | None] = []
        for number, entry in entries.items():
            watched = mine.get(number)
            if watched is not None and watched.standing in (Standing.POSTED, Standing.OVER):
                watched = await self._cards.refresh(watched, entry, None, chat)
            quiet = any(snooze.covers(entry.ref) for snooze in snoozes)
            jobs.append(await self._take(watch, watched, entry, quiet=quiet))
        await self._end({n: one for n, one in mine.items() if n not in entries}, chat)
        jobs += [
            await self._take_comment(watch, comment, entries[comment.ref.number])
            for comment in comments
            if comment.ref.number in entries and comment.at >= watch.since - SKEW
        ]
        return [job for job in jobs if job is not None]

    async def _take(self, watch: Watch, watched: Watched | None, entry: DigestEntry, *, quiet: bool) -> Job | None:
        match next_step(watch, watched, entry, self._clock.now(), quiet=quiet):
            case Step.POST:
                return await self._job(watch, entry.ref, "new")
            case Step.REVIEW:
                return await self._job(watch, entry.ref, f"head:{entry.head_sha}")
            case Step.KNOW | Step.WAIT as step:
                standing = Standing.KNOWN if step is Step.KNOW else Standing.WAITING
                await self._watches.put(Watched(channel=watch.channel, ref=entry.ref, standing=standing))
        return None

    async def _take_comment(self, watch: Watch, comment: Comment, entry: DigestEntry) -> Job | None:
        by_author = comment.author.casefold() == entry.author.casefold()
        if not (self._trigger and asks_for_review(comment.text, self._trigger) and (comment.trusted or by_author)):
            return None
        return await self._job(watch, comment.ref, f"comment:{comment.id}", asked=True)

    async def _job(self, watch: Watch, ref: PullRequestRef, why: str, *, asked: bool = False) -> Job | None:
        """Take up work once, whoever sees first that there is some."""
        body = json.dumps({"channel": watch.channel, "ref": str(ref), "asked": asked})
        return await self._inbox.take(f"watch:{watch.channel}:{ref}:{why}", source=SOURCE, body=body)

    async def _end(self, gone: Mapping[int, Watched], chat: Chat) -> None:
        """Let the cards of pull requests that are open no more say what became of them."""
        posted = {one.ref: one for one in gone.values() if one.standing is Standing.POSTED}
        if posted:
            for ref, stand in (await self._pulse.stands(list(posted))).items():
                await self._cards.refresh(posted[ref], stand.entry, stand.fate, chat)

    async def _comments(self, repository: RepositoryRef, known: Look) -> Sequence[Comment]:
        now = self._clock.now()
        comments = await self._pulse.comments(repository, (known.since or now - BEFORE_START) - OVERLAP)
        known.since = now
        return comments


def _pattern(repository: RepositoryRef) -> RepositoryPattern:
    return RepositoryPattern(owner=repository.owner, name=repository.name)
