"""A question in a thread: which of its reviews it is about, and what it names that none of them is."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.domain.change import Change
from bot.domain.conversation import ReviewRecord
from bot.service.dialogue import named
from bot.service.dialogue.retrieve import called_findings
from bot.service.dialogue.search import touches


def meant(question: str, records: Sequence[ReviewRecord], *, web_url: str) -> ReviewRecord:
    """Choose the review of a thread that *question* is about: by number, by file, or else the newest.

    Args:
        records: The reviews of the thread, newest first; at least one.
        web_url: Where the pages of the code host are.
    """
    names = _pull_requests(question, records[0], web_url)
    by_name = (record for record in records if named.is_called(record.target, names))
    by_file = (record for record in records if touches(record, question))
    return next(by_name, None) or next(by_file, None) or records[0]


def elsewhere(question: str, records: Sequence[ReviewRecord], *, web_url: str) -> list[str]:
    """Find the pull requests, as `named.pull_requests` gives them, that the thread has no review of."""
    names = _pull_requests(question, records[0], web_url)
    return [name for name in names if not any(named.is_called(record.target, [name]) for record in records)]


def _pull_requests(question: str, newest: ReviewRecord, web_url: str) -> list[str]:
    """Leave out the numbers of findings, and what is called a finding: in a thread `#2` is one where there is one."""
    findings = {f"#{number}" for number in (*called_findings(question, newest), *named.findings(question))}
    return [name for name in named.pull_requests(question, web_url=web_url) if name not in findings]


def speaks_of(change: Change, name: str) -> bool:
    """Tell whether the change itself speaks of what *name* means, such as the issue that it solves.

    Args:
        name: `#12`, `repository#12` or `owner/repository#12`.
    """
    about = change.pull_request
    repository, _, number = name.rpartition("#")
    pattern = rf"(?<![\w.-]){re.escape(name)}(?!\w)"
    if not repository or (about.ref and named.is_called(str(about.ref), [f"{repository}#{about.ref.number}"])):
        if any(str(issue.number) == number for issue in about.issues):
            return True
        pattern = rf"(?:#|/(?:pull|issues)/){number}(?!\w)"
    spoken = re.compile(pattern, re.IGNORECASE)
    texts = (about.title, about.body, *(commit.message for commit in about.commits))
    lines = (line.text for file in change.diff.files for line in file.lines)
    return any(spoken.search(text) for text in (*texts, *lines))
