"""Search a channel's memory: the reviews and turns that a question names by number, file, repository or time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath

from bot.domain.conversation import ReviewRecord, Turn
from bot.domain.sentence import Sentence, say
from bot.service.dialogue import named
from bot.service.dialogue.periods import Period, period
from bot.service.dialogue.relevance import query, scores, terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What a question asks for.

    Attributes:
        pull_requests: As `named.pull_requests` gives them.
        files: What looks like a file name, known or not.
        period: The time it speaks of, None for any.
    """

    question: str
    pull_requests: tuple[str, ...]
    files: tuple[str, ...]
    period: Period | None

    def during(self, moment: datetime) -> bool:
        """Tell whether *moment* is in the time the question speaks of."""
        return self.period is None or self.period[0] <= moment < self.period[1]


def understand(question: str, now: datetime, *, web_url: str) -> Search:
    """Read from *question* what it names; links count where they lead to pages of *web_url*."""
    return Search(
        question=question,
        pull_requests=tuple(named.pull_requests(question, web_url=web_url)),
        files=tuple(named.strangers(question, ())),
        period=period(question, now),
    )


def found(search: Search, records: Sequence[ReviewRecord]) -> list[ReviewRecord]:
    """Narrow *records*, newest first, to those that fit everything the question names.

    Of several reviews of one target only the newest speaks of it as it is now. A repository or a local diff counts
    as named only if something goes by its name: any word could be one.
    """
    fitting = [record for record in records if search.during(record.at)]
    if search.pull_requests:
        fitting = [record for record in fitting if named.is_called(record.target, search.pull_requests)]
    if search.files:
        fitting = [record for record in fitting if touches(record, search.question)]
    by_name = [record for record in fitting if _is_named(record, search.question)]
    return list({record.target: record for record in reversed(by_name or fitting)}.values())[::-1]


def touches(record: ReviewRecord, question: str) -> bool:
    """Tell whether *question* names a file of the change, or the change by its file."""
    paths = [path for file in record.change.diff.files for path in (file.path, file.old_path)]
    return bool(named.files(question, [*paths, record.target]))


def _is_named(record: ReviewRecord, question: str) -> bool:
    said = question.casefold()
    ref = record.change.pull_request.ref
    names = {record.target, PurePath(record.target).name, *({f"{ref.owner}/{ref.repository}"} if ref else ())}
    words = {word.strip(".,;:?!()\"'`") for word in said.split()}
    return any(name.casefold() in words for name in names)


def nothing(search: Search) -> Sentence:
    """Say that the search found nothing, by what was searched for."""
    if search.pull_requests:
        names = ", ".join(search.pull_requests)
        return say("Nothing about {names} is remembered in this channel.", names=names)
    if search.files:
        return say("No review remembered in this channel touches {files}.", files=", ".join(search.files))
    if search.period:
        since, until = (f"{moment:%Y-%m-%d}" for moment in search.period)
        return say("Nothing from {since} to before {until} is remembered in this channel.", since=since, until=until)
    return say("Nothing is remembered in this channel yet: `review` a change first.")


def fitting_turns(search: Search, turns: Sequence[Turn], *, most: int = 12, newest: int = 4) -> list[Turn]:
    """Choose turns that share words with the question, and the *newest* ones, in the order they were said."""
    heard = [turn for turn in turns if search.during(turn.at)]
    points = scores(query(search.question), [terms(turn.text) for turn in heard])
    best = sorted((i for i, point in enumerate(points) if point > 0), key=lambda i: -points[i])[:most]
    last = range(max(0, len(heard) - newest), len(heard))
    return [heard[i] for i in sorted({*best, *last})]
