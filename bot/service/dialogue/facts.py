"""What needs no model: a question about something the change or the review does not have.

A weak model answers it anyway, out of thin air. So the bot says it in its own sentence, before the model is asked, or
instead of it where nothing is left to answer from.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.conversation import ReviewRecord
from bot.domain.sentence import Sentence, say, say_many
from bot.service.dialogue import named
from bot.service.dialogue.retrieve import called_findings
from bot.service.dialogue.thread import speaks_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is certain about a question.

    Attributes:
        answerable: There is something left for the model to answer from.
    """

    sentences: tuple[Sentence, ...]
    answerable: bool


def facts(question: str, record: ReviewRecord) -> Facts:
    """Find files and findings that the question names and the change does not have, or the review did not read."""
    diff = record.change.diff
    files = [file for path in named.files(question, [f.path for f in diff.files]) for file in diff.at(path)]
    called = called_findings(question, record)
    missing = [number for number in _numbers(question, record) if number not in called]
    strangers = [name for name in _strangers(question, record) if not _mentioned(name, record)]
    unread = _unread([file.path for file in files], record)

    sentences = (
        *(_no_such_finding(number, record) for number in missing),
        *(say("{file} is not part of this change.", file=name) for name in strangers),
        *unread,
    )
    legible = [file for file in files if file.hunks]
    nothing_else = bool(missing or strangers or (unread and not legible))
    return Facts(sentences=sentences, answerable=bool(called or legible) or not nothing_else)


def _numbers(question: str, record: ReviewRecord) -> list[int]:
    """Find the numbers that can only be meant as those of findings."""
    bare = [
        number
        for number in named.hashes(question)
        if not (named.is_called(record.target, [f"#{number}"]) or speaks_of(record.change, f"#{number}"))
    ]
    return list(dict.fromkeys((*named.findings(question), *bare)))


def _no_such_finding(number: int, record: ReviewRecord) -> Sentence:
    count = len(record.review.findings)
    if not count:
        return say("There is no finding {number}: this review has none.", number=number)
    return say_many(
        "There is no finding {number}: this review has one.",
        "There is no finding {number}: this review has {count}.",
        count,
        number=number,
    )


def _strangers(question: str, record: ReviewRecord) -> list[str]:
    paths = [path for file in record.change.diff.files for path in (file.path, file.old_path)]
    return named.strangers(question, [*paths, record.target])


def _mentioned(name: str, record: ReviewRecord) -> bool:
    wanted = name.casefold()
    about = record.change.pull_request
    texts = (about.title, about.body, *(line.text for file in record.change.diff.files for line in file.lines))
    return any(wanted in text.casefold() for text in texts)


def _unread(paths: list[str], record: ReviewRecord) -> list[Sentence]:
    coverage = record.review.coverage
    return [
        *(
            say("The review left {path} out: {reason}", path=note.path, reason=note.reason)
            for note in coverage.skipped
            if note.path in paths
        ),
        *(
            say("The review did not read all of {path}: {reason}", path=note.path, reason=note.reason)
            for note in coverage.failed
            if note.path in paths
        ),
    ]
