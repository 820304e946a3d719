"""The review, told as a story."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from textwrap import wrap

import structlog

from bot.domain.change import Change, Target
from bot.domain.conversation import ReviewRecord
from bot.domain.diff import FileDiff
from bot.domain.finding import Dropped, Finding, Severity
from bot.domain.progress import Stage
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
from bot.service.review.claims import SUMMARY_LENGTH
from bot.service.review.cover import cover
from bot.service.review.rank import rank
from bot.service.review.select import select
from bot.service.review.since import Known, compare
from bot.service.review.summarise import Summary, summarise
from bot.service.review.telling import Report, Tell, teller

log = structlog.get_logger()

NOTHING_TO_SAY = Summary(risk=Risk.LOW, unsummarised=say("there were no lines to read"))


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
        self,
        target: Target,
        *,
        focus: str = "",
        by_commit: bool = False,
        since: ReviewRecord | None = None,
        dismissed: Collection[str] = frozenset(),
        report: Report | None = None,
    ) -> Reviewed:
        """Fetch, select, budget, ask, anchor, rank and summarise.

        Args:
            focus: What the person wants to be looked at above all.
            by_commit: Also say what each commit does.
            since: An earlier review of it, whatever became of its head: rebased, force-pushed, or the same. The
                change of then is compared with that of now, so nothing more is fetched. Files that were read then
                and have the same lines are not read again, and their findings stand.
            dismissed: Ids of findings that people do not want to see; they count for nothing.
            report: Told how far it is, several times a stage.

        Raises:
            BotError: The change cannot be fetched or the model cannot be used. A part of the change that the
                model does not answer about is no error: it is in the coverage.
        """
        began = self._clock.seconds()
        tell = teller(str(target), report)

        await tell(Stage.FETCHING)
        change = await self._changes.fetch(target, by_commit=by_commit)
        selection = select(change, ignore=self._rules.ignore)

        await tell(Stage.LOADING)
        model = await self._model.open()
        known = compare(since, change.diff, selection.files)
        briefing = await self._brief(change, selection.files, focus)
        room = min(briefing.room, self._rules.chunk_tokens)
        chunks = await pack(known.to_read(selection.files), self._model, room=room)

        reading = await self._read(chunks, briefing, tell)
        coverage = cover(change, selection, reading.answered, known=known.files)
        found, dropped = _anchored(reading, change)
        ranked = rank(
            known.joined(found, coverage),
            floor=self._rules.min_severity,
            limit=self._rules.max_findings,
            dismissed=dismissed,
        )

        commits, commit_usage = await self._read_commits(change, briefing, tell) if by_commit else ((), Usage())
        await tell(Stage.SUMMARISING)
        summary = await self._summarise(reading, ranked.shown, known, briefing)

        usage = reduce(add, (commit_usage, summary.usage), reading.usage)
        review = Review(
            pull_request=change.pull_request,
            verdict=judge(ranked.shown, coverage),
            risk=max(summary.risk, least_risk(ranked.shown, coverage), key=list(Risk).index),
            summary=summary.text,
            key_changes=summary.key_changes,
            risks=summary.risks,
            findings=ranked.shown,
            coverage=coverage,
            usage=replace(usage, seconds=self._clock.seconds() - began),
            model=model,
            more=ranked.more,
            dismissed=ranked.dismissed,
            since=known.outcome(ranked.every, coverage, dismissed),
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
        last = {path: number for number, chunk in enumerate(chunks) for path in chunk.paths}
        for done, chunk in enumerate(chunks):
            read = sum(end < done for end in last.values())
            await tell(
                Stage.READING,
                done=done,
                total=len(chunks),
                path=chunk.paths[0],
                files_done=read,
                files_total=len(last),
            )
            reading += await ask(chunk, briefing, model=self._model, prompts=self._prompts)
        return reading

    async def _summarise(
        self, reading: Reading, findings: Sequence[Finding], known: Known, briefing: Briefing
    ) -> Summary:
        """Sum up what was noted now, and for files that were not read again what was said then."""
        earlier = known.review if known.files else None
        if earlier and not reading.notes:
            return _of(earlier)
        if not reading.answered and not reading.failed:
            return NOTHING_TO_SAY
        notes = (*reading.notes, *(wrap(earlier.summary, SUMMARY_LENGTH) if earlier else ()))
        return await summarise(notes, findings, briefing, model=self._model, prompts=self._prompts)

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


def _of(review: Review) -> Summary:
    """Return what an earlier review says about a change of which nothing was read again."""
    return Summary(
        text=review.summary,
        key_changes=review.key_changes,
        risks=review.risks,
        risk=review.risk,
        unsummarised=review.unsummarised,
    )


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
        files_unchanged=review.since.unchanged if review.since else 0,
        prompt_tokens=review.usage.prompt_tokens,
        cached_tokens=review.usage.cached_tokens,
        completion_tokens=review.usage.completion_tokens,
        seconds=round(review.usage.seconds, 1),
    )
