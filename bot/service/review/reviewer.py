"""The review, told as a story."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Protocol

import structlog

from bot.domain.change import Change, Target
from bot.domain.diff import FileDiff
from bot.domain.finding import Dropped, Finding, Severity
from bot.domain.progress import Progress, Stage
from bot.domain.review import CommitNote, Review, Risk, Usage, judge, least_risk
from bot.domain.sentence import say
from bot.ports.changes import Changes
from bot.ports.clock import Clock
from bot.ports.language_model import LanguageModel
from bot.ports.prompts import Prompts
from bot.service.review.anchor import anchor
from bot.service.review.ask import Reading, add, ask
from bot.service.review.briefing import Briefing, brief
from bot.service.review.budget import Chunk, pack
from bot.service.review.by_commit import read_commit
from bot.service.review.cover import cover
from bot.service.review.rank import rank
from bot.service.review.select import select
from bot.service.review.summarise import Summary, summarise

log = structlog.get_logger()

NOTHING_TO_SAY = Summary(risk=Risk.LOW, unsummarised=say("there were no lines to read"))

Report = Callable[[Progress], Awaitable[None]]


class Tell(Protocol):
    """Reports progress on one target."""

    async def __call__(self, stage: Stage, *, done: int = 0, total: int = 0, path: str = "") -> None:
        """Say that *done* of *total* parts of *stage* are finished and *path* is next."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How to review, from the configuration.

    Attributes:
        language: English name of the language that the model writes in.
        ignore: Files to leave out, as in a `.gitignore`.
        chunk_tokens: Most tokens of the change shown in one prompt, also where the context has room for more.
        answer_tokens: Most tokens of one answer.
    """

    language: str = "English"
    instructions: str = ""
    ignore: tuple[str, ...] = ()
    min_severity: Severity = Severity.LOW
    max_findings: int = 10
    chunk_tokens: int = 3000
    answer_tokens: int = 700


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """A review, and the change it speaks of."""

    review: Review
    change: Change


class Reviewer:
    """Reviews what a target names."""

    def __init__(
        self, *, changes: Changes, model: LanguageModel, prompts: Prompts, clock: Clock, rules: Rules | None = None
    ) -> None:
        self._changes = changes
        self._model = model
        self._prompts = prompts
        self._clock = clock
        self._rules = rules or Rules()

    async def review(
        self, target: Target, *, focus: str = "", by_commit: bool = False, report: Report | None = None
    ) -> Reviewed:
        """Fetch, select, budget, ask, anchor, rank and summarise.

        Args:
            focus: What the person wants to be looked at above all.
            by_commit: Also say what each commit does.
            report: Told how far it is, several times a stage.

        Raises:
            BotError: The change cannot be fetched or the model cannot be used. A part of the change that the
                model does not answer about is no error: it is in the coverage.
        """
        began = self._clock.seconds()
        tell = _teller(str(target), report)

        await tell(Stage.FETCHING)
        change = await self._changes.fetch(target, by_commit=by_commit)
        selection = select(change, ignore=self._rules.ignore)

        await tell(Stage.LOADING)
        model = await self._model.open()
        briefing = await self._brief(change, selection.files, focus)
        chunks = await pack(selection.files, self._model, room=min(briefing.room, self._rules.chunk_tokens))

        reading = await self._read(chunks, briefing, tell)
        coverage = cover(change, selection, reading.answered)
        found, dropped = _anchored(reading, change)
        findings, hidden = rank(found, floor=self._rules.min_severity, limit=self._rules.max_findings)

        commits, commit_usage = await self._read_commits(change, briefing, tell) if by_commit else ((), Usage())
        await tell(Stage.SUMMARISING)
        summary = NOTHING_TO_SAY
        if chunks:
            summary = await summarise(reading.notes, findings, briefing, model=self._model, prompts=self._prompts)

        usage = reduce(add, (commit_usage, summary.usage), reading.usage)
        review = Review(
            pull_request=change.pull_request,
            verdict=judge(findings, coverage),
            risk=max(summary.risk, least_risk(findings, coverage), key=list(Risk).index),
            summary=summary.text,
            key_changes=summary.key_changes,
            risks=summary.risks,
            findings=findings,
            coverage=coverage,
            usage=replace(usage, seconds=self._clock.seconds() - began),
            model=model,
            hidden=hidden,
            dropped=dropped,
            commits=commits,
            unsummarised=summary.unsummarised,
        )
        _log(review)
        return Reviewed(review=review, change=change)

    async def _brief(self, change: Change, files: Sequence[FileDiff], focus: str) -> Briefing:
        return await brief(
            change,
            files,
            model=self._model,
            prompts=self._prompts,
            answer=self._rules.answer_tokens,
            language=self._rules.language,
            instructions=self._rules.instructions,
            focus=focus,
        )

    async def _read(self, chunks: Sequence[Chunk], briefing: Briefing, tell: Tell) -> Reading:
        reading = Reading()
        for done, chunk in enumerate(chunks):
            await tell(Stage.READING, done=done, total=len(chunks), path=chunk.paths[0])
            reading += await ask(chunk, briefing, model=self._model, prompts=self._prompts)
        return reading

    async def _read_commits(
        self, change: Change, briefing: Briefing, tell: Tell
    ) -> tuple[tuple[CommitNote, ...], Usage]:
        commits = change.pull_request.commits
        notes, usage = [], Usage()
        for done, (commit, diff) in enumerate(zip(commits, change.per_commit, strict=True)):
            await tell(Stage.READING, done=done, total=len(commits), path=commit.sha[:9])
            reading = await read_commit(
                commit,
                diff,
                change,
                briefing,
                ignore=self._rules.ignore,
                chunk_tokens=self._rules.chunk_tokens,
                model=self._model,
                prompts=self._prompts,
            )
            notes.append(reading.note)
            usage = add(usage, reading.usage)
        return tuple(notes), usage


def _teller(target: str, report: Report | None) -> Tell:
    async def tell(stage: Stage, *, done: int = 0, total: int = 0, path: str = "") -> None:
        if report is not None:
            await report(Progress(target=target, stage=stage, done=done, total=total, path=path))

    return tell


def _anchored(reading: Reading, change: Change) -> tuple[list[Finding], tuple[Dropped, ...]]:
    outcomes = [anchor(claim, change.diff) for claim in reading.claims]
    found = [outcome for outcome in outcomes if isinstance(outcome, Finding)]
    return found, tuple(outcome for outcome in outcomes if isinstance(outcome, Dropped))


def _log(review: Review) -> None:
    log.info(
        "review.finished",
        verdict=review.verdict.value,
        findings=len(review.findings),
        dropped=len(review.dropped),
        files_failed=len(review.coverage.failed),
        prompt_tokens=review.usage.prompt_tokens,
        cached_tokens=review.usage.cached_tokens,
        completion_tokens=review.usage.completion_tokens,
        seconds=round(review.usage.seconds, 1),
    )
