"""A `Finding`: one claim about one place of a change, with its evidence."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.diff import Location
from bot.domain.sentence import Sentence


class Severity(StrEnum):
    """How much a finding matters, worst first."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"

    @property
    def rank(self) -> int:
        """Return 0 for the worst, growing with harmlessness."""
        return list(Severity).index(self)

    def at_least(self, floor: Severity) -> bool:
        """Tell whether this is as bad as *floor*, or worse."""
        return self.rank <= floor.rank


class Category(StrEnum):
    """What kind of problem a finding names."""

    BUG = "bug"
    SECURITY = "security"
    CONCURRENCY = "concurrency"
    RESOURCES = "resources"
    PERFORMANCE = "performance"
    API = "api"
    TESTS = "tests"
    MAINTAINABILITY = "maintainability"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One claim, anchored in the diff.

    Attributes:
        detail: Why it is a problem.
        evidence: The quoted line as it stands in the diff.
        suggestion: What to write instead, or an empty string.
        source: Who claims it: `model`, or the name of a check.
    """

    location: Location
    severity: Severity
    category: Category
    title: str
    detail: str
    evidence: str
    suggestion: str = ""
    source: str = "model"

    @property
    def id(self) -> str:
        """Name the claim so that it is recognised on another day.

        Made of path, quoted code and title, not of the line number: lines move when a change grows.
        """
        parts = (self.location.path, " ".join(self.evidence.split()), self.title.casefold())
        return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:12]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """A claim that is not shown, and why."""

    title: str
    path: str
    reason: Sentence
