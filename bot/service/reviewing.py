"""What is reviewed when people ask for it or link it: what they may see, once, each change in its thread."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import TypeAlias

import structlog

from bot.domain.change import Glance, Target, is_same
from bot.domain.command import AgainCommand, ReviewCommand, WatchedReviewCommand
from bot.domain.conversation import ReviewRecord, ThreadRef
from bot.domain.errors import BotError, UserError
from bot.domain.sentence import Sentence, say
from bot.ports.chat import Chat
from bot.ports.clock import Clock
from bot.service import phrases
from bot.service.access import Access
from bot.service.records import Records
from bot.service.running import Run, Running
from bot.service.thread_review import ThreadReview

log = structlog.get_logger()

MOST_TARGETS = 5
"""Changes reviewed for one command: more would keep everybody else waiting for an hour."""

RECENT = timedelta(days=7)
"""How old a review may be that is pointed to where its pull request is linked again."""

Admitted: TypeAlias = tuple[Target, Run, Glance | None]


class Reviewing:
    """Carries out review commands."""

    def __init__(
        self,
        *,
        review: ThreadReview,
        records: Records,
        access: Access,
        clock: Clock,
        running: Running,
    ) -> None:
        self._review = review
        self._records = records
        self._access = access
        self._clock = clock
        self._running = running

    async def handle(self, command: ReviewCommand, chat: Chat) -> None:
        """Review each target of *command* in its thread, one after another; a failure is said there."""
        targets = _each_once(command.targets)
        if len(targets) > MOST_TARGETS:
            await chat.say(
                say(
                    "These are {count} changes; I review the first {most}. Ask again for the others.",
                    count=len(targets),
                    most=MOST_TARGETS,
                )
            )
        asked = targets[:MOST_TARGETS]
        busy = [target for target in asked if self._running.review_of(target, chat.where.channel)]
        runs = {
            target: Run(asked=chat.where, where=chat.where, target=target) for target in asked if target not in busy
        }
        # Listed before anything else is awaited: a second command for the same target must find it.
        with self._running.listed(*runs.values()):
            admitted, refusals = await self._admit(runs, chat)
            await _refuse([*map(_busy, busy), *refusals], command, chat)
            stopped_in: set[ThreadRef] = set()
            for target, run, glance in admitted:
                if not run.stopped:
                    await self._take_up(target, run, glance, command, chat, stopped_in)
                if run.stopped_in is not None:
                    stopped_in.add(run.stopped_in)
                self._running.end(run)

    async def again(self, command: AgainCommand, chat: Chat) -> None:
        """Review the change of a review that stands again: what moved since, or all of it where nothing did."""
        record = await self._records.named(command.review, chat)
        ref = record.change.pull_request.ref
        if ref is None:
            await chat.say(say("Only pull requests are reviewed again; give me the changed file or range anew."))
            return
        if self._running.review_of(ref, chat.where.channel):
            await chat.say(_busy(ref), privately=True)
            return
        run = Run(asked=chat.where, where=chat.where, target=ref)
        with self._running.listed(run):
            glance = await self._access.admit(chat.audience, ref)
            target = run.target = glance.ref if glance else ref
            newest = await self._records.newest(target, chat.where.channel)
            base = newest if newest and newest.at > record.at else record
            moved = glance is None or glance.head_sha != base.review.pull_request.head_sha
            await self._review.make(target, run, chat, since=base if moved else None)

    async def watched(self, command: WatchedReviewCommand, chat: Chat) -> None:
        """Review a pull request in the thread of its card: all of it first, then what changed since.

        Raises:
            BotError: As `Access.admit`; nobody is there to be told.
        """
        if self._running.review_of(command.target, chat.where.channel):
            log.info("review.runs_already", target=str(command.target))
            return
        run = Run(asked=chat.where, where=chat.where, target=command.target)
        with self._running.listed(run):
            glance = await self._access.admit(chat.audience, command.target)
            target = run.target = glance.ref if glance else command.target
            newest = await self._records.newest(target, chat.where.channel)
            moved = newest is not None and glance is not None and newest.review.pull_request.head_sha != glance.head_sha
            if newest is not None and not moved and not command.asked:
                return
            since = newest if moved else None
            await self._review.make(target, run, chat, since=since, quietly=moved and not command.asked)

    async def _admit(self, runs: Mapping[Target, Run], chat: Chat) -> tuple[list[Admitted], list[Sentence]]:
        """Find out which targets this channel may see, by the names that the code host gives them, and why not."""
        admitted: list[Admitted] = []
        refusals: list[Sentence] = []
        for asked, run in runs.items():
            try:
                glance = await self._access.admit(chat.audience, asked)
            except BotError as error:
                note = log.info if isinstance(error, UserError) else log.warning
                note("review.not_begun", error=type(error).__name__)
                refusals.append(error.sentence)
                self._running.end(run)
                continue
            target = run.target = glance.ref if glance else asked
            if self._running.review_of(target, chat.where.channel) in (run, None):
                admitted.append((target, run, glance))
            else:  # asked for by an old name
                refusals.append(_busy(target))
                self._running.end(run)
        return admitted, refusals

    async def _take_up(
        self,
        target: Target,
        run: Run,
        glance: Glance | None,
        command: ReviewCommand,
        chat: Chat,
        stopped_in: Collection[ThreadRef],
    ) -> None:
        """Review *target*, unless it was only mentioned and is known already."""
        if command.overheard and glance is not None:
            known = await self._known(glance, chat)
            if known is not None:
                chat = await chat.open_thread(str(target))
                if not _is_made_by(chat, known):
                    await self._review.point_to(known, chat)
                    return
        await self._review.make(target, run, chat, focus=command.focus, stopped_in=stopped_in)

    async def _known(self, glance: Glance, chat: Chat) -> ReviewRecord | None:
        newest = await self._records.newest(glance.ref, chat.where.channel)
        if newest is None or newest.at < self._clock.now() - RECENT:
            return None
        return newest if newest.review.pull_request.head_sha == glance.head_sha else None


async def _refuse(refusals: Sequence[Sentence], command: ReviewCommand, chat: Chat) -> None:
    """Say why some targets are not reviewed."""
    if not command.overheard:
        for refusal in refusals:
            await chat.say(refusal)
    elif refusals:
        # Nobody asked: what people link is not the bot's to comment on in front of all.
        await chat.say(phrases.lines(refusals), privately=True)


def _is_made_by(thread: Chat, record: ReviewRecord) -> bool:
    """Tell whether an earlier try of the command that is taken up again in *thread* made *record*."""
    return thread.resumed is not None and record.at >= thread.resumed and record.where == thread.where


def _each_once(targets: Sequence[Target]) -> list[Target]:
    different: list[Target] = []
    for target in targets:
        if not any(is_same(target, other) for other in different):
            different.append(target)
    return different


def _busy(target: Target) -> Sentence:
    return say("{target} is being reviewed in this channel already.", target=str(target))
