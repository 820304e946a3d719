"""Which open pull requests a digest or a watch is about: `label:urgent -author:renovate path:src/* age:2d`.

Several values of one key are alternatives, several keys must all hold, and a minus takes out. A filter is asked about a
pull request as it is now, so that a label which is added later counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from fnmatch import fnmatchcase

from bot.domain.change import CiState
from bot.domain.digest import Decision, DigestEntry
from bot.domain.span import parse_span


class Key(StrEnum):
    """What a filter looks at."""

    LABEL = "label"
    AUTHOR = "author"
    REVIEWER = "reviewer"
    TEAM = "team"
    BASE = "base"
    PATH = "path"
    STATE = "state"
    AGE = "age"
    STALE = "stale"
    BOTS = "bots"
    DRAFTS = "drafts"
    EMPTY = "empty"


SWITCHES = frozenset({Key.BOTS, Key.DRAFTS, Key.EMPTY})
SPANS = frozenset({Key.AGE, Key.STALE})
STATES = ("needs_review", "changes_requested", "approved", "failing", "pending", "passing", "draft", "stale")

STALE_AFTER = timedelta(days=14)
ANY = "*"
"""A value that takes a filter back: `label:*`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One filter; `str` writes it as people do.

    Attributes:
        values: At least one; of a switch `yes` or `no`, of a span one such as `2d`.
        exclude: Take out what fits.
    """

    key: Key
    values: tuple[str, ...]
    exclude: bool = False

    def __str__(self) -> str:
        return f"{'-' if self.exclude else ''}{self.key}:{','.join(map(_quoted, self.values))}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """All filters of a digest or a watch; `str` writes them as people do, and `parse_filters` reads that."""

    terms: tuple[Term, ...] = ()

    def __str__(self) -> str:
        return " ".join(map(str, self.terms))

    @property
    def bots(self) -> bool:
        """Tell whether pull requests of programs count; without a word they do not."""
        return self._switch(Key.BOTS, default=False)

    def drafts(self, *, usual: bool) -> bool:
        """Tell whether drafts count, which without a word they do as *usual*."""
        return self._switch(Key.DRAFTS, default=usual)

    @property
    def empty(self) -> bool:
        """Tell whether a digest comes though nothing is open."""
        return self._switch(Key.EMPTY, default=False)

    @property
    def age(self) -> timedelta:
        """Return how old a pull request must be."""
        return self._span(Key.AGE, default=timedelta())

    @property
    def stale_after(self) -> timedelta:
        """Return how long nothing happened to a stale one."""
        return self._span(Key.STALE, default=STALE_AFTER)

    @property
    def by_path(self) -> bool:
        """Tell whether the paths of the changed files have to be known."""
        return any(term.key is Key.PATH for term in self.terms)

    def changed_by(self, other: Filters) -> Filters:
        """Return these filters with those of *other* in place of what they say about the same; `*` takes one back."""
        said = {(term.key, term.exclude) for term in other.terms}
        kept = [term for term in self.terms if (term.key, term.exclude) not in said]
        return Filters(terms=(*kept, *(term for term in other.terms if term.values != (ANY,))))

    def allow(self, entry: DigestEntry, now: datetime) -> bool:
        """Tell whether *entry* is wanted, apart from what `bots` and `drafts` say."""
        if now - entry.created < self.age:
            return False
        return all(_holds(term, entry, stale=self.is_stale(entry, now)) for term in self.terms)

    def is_stale(self, entry: DigestEntry, now: datetime) -> bool:
        """Tell whether nothing happened to *entry* for long."""
        return now - entry.updated >= self.stale_after

    def wants_bot(self, entry: DigestEntry) -> bool:
        """Tell whether the program that opened *entry* is asked for, by `bots:yes` or by its name."""
        return self.bots or any(
            term.key is Key.AUTHOR and not term.exclude and _fits(term, [entry.author]) for term in self.terms
        )

    def _switch(self, key: Key, *, default: bool) -> bool:
        said = [term.values[0] for term in self.terms if term.key is key]
        return said[-1] == "yes" if said else default

    def _span(self, key: Key, *, default: timedelta) -> timedelta:
        said = [term.values[0] for term in self.terms if term.key is key]
        return parse_span(said[-1]) if said else default


def _holds(term: Term, entry: DigestEntry, *, stale: bool) -> bool:
    match term.key:
        case Key.LABEL:
            fits = _fits(term, entry.labels)
        case Key.AUTHOR:
            fits = _fits(term, [entry.author])
        case Key.REVIEWER:
            fits = _fits(term, (*entry.requested, *entry.reviewed))
        case Key.TEAM:
            fits = _fits(term, entry.teams)
        case Key.BASE:
            fits = _fits(term, [entry.base])
        case Key.STATE:
            fits = not states_of(entry, stale=stale).isdisjoint(term.values)
        case Key.PATH if term.exclude:
            # What touches other files, too, is still of interest.
            return not entry.paths or any(not _fits(term, [path]) for path in entry.paths)
        case Key.PATH:
            fits = any(_fits(term, [path]) for path in entry.paths)
        case _:
            return True
    return fits is not term.exclude


def _fits(term: Term, names: Iterable[str]) -> bool:
    folded = [name.casefold().removesuffix("[bot]") for name in names]
    patterns = [value.casefold().removesuffix("[bot]") for value in term.values]
    if term.key is Key.PATH:
        patterns = [f"{pattern}*" if pattern.endswith("/") else pattern for pattern in patterns]
    return any(fnmatchcase(name, pattern) for name in folded for pattern in patterns)


def states_of(entry: DigestEntry, *, stale: bool) -> frozenset[str]:
    """Return every word of `STATES` that is true of an open pull request."""
    checks = {CiState.FAILING: "failing", CiState.PENDING: "pending", CiState.PASSING: "passing"}
    waits = entry.decision in (Decision.REVIEW_REQUIRED, Decision.NONE) and not entry.draft
    found = {
        "needs_review" if waits else entry.decision.value,
        checks.get(entry.ci, ""),
        "draft" if entry.draft else "",
        "stale" if stale else "",
    }
    return frozenset(found) & frozenset(STATES)


def _quoted(value: str) -> str:
    return f'"{value}"' if re.search(r"[\s,]", value) else value
