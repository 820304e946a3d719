"""The words of the domain as sentences: what people read where programs read an enumeration."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce

from bot.domain.change import CiState
from bot.domain.finding import Category, Severity
from bot.domain.review import Review, Risk, Verdict, least_risk
from bot.domain.sentence import Sentence, say

FINDINGS = say("Findings")
SUGGESTION = say("Suggestion:")
DROPPED = say("Dropped claims")
RESOLVED = say("Resolved since then")
DISMISSED = say("Dismissed in this channel")
NEW = say("new")

SEVERITIES = {
    Severity.CRITICAL: say("Critical"),
    Severity.HIGH: say("High"),
    Severity.MEDIUM: say("Medium"),
    Severity.LOW: say("Low"),
    Severity.INFO: say("Info"),
}

CATEGORIES = {
    Category.BUG: say("bug"),
    Category.SECURITY: say("security"),
    Category.CONCURRENCY: say("concurrency"),
    Category.RESOURCES: say("resources"),
    Category.PERFORMANCE: say("performance"),
    Category.API: say("interface"),
    Category.TESTS: say("tests"),
    Category.MAINTAINABILITY: say("maintainability"),
}

CATEGORY_MEANINGS = {
    Category.BUG: say("The code does something other than what it is meant to do."),
    Category.SECURITY: say("Somebody could do or see what they should not."),
    Category.CONCURRENCY: say("The outcome depends on which of several things happens first."),
    Category.RESOURCES: say("Memory, files, connections or locks are held too long or never given back."),
    Category.PERFORMANCE: say("The code takes more time or memory than it needs to."),
    Category.API: say("What others call or store changes or is hard to use rightly."),
    Category.TESTS: say("A test is missing, or does not show what it claims."),
    Category.MAINTAINABILITY: say("The code is harder to understand or change than it needs to be."),
}

RISKS = {
    Risk.LOW: say("Risk: low."),
    Risk.MEDIUM: say("Risk: medium."),
    Risk.HIGH: say("Risk: high."),
}

OPINIONS = {
    Risk.MEDIUM: say("Risk: medium, in the model's opinion."),
    Risk.HIGH: say("Risk: high, in the model's opinion."),
}
"""Where no finding bears it out; a weak model calls anything risky."""

RISKS_OF_A_PART = {
    Risk.LOW: say("Risk of what was read: low."),
    Risk.MEDIUM: say("Risk of what was read: medium."),
    Risk.HIGH: say("Risk of what was read: high."),
}

CHECKS = {
    CiState.PASSING: say("checks passing"),
    CiState.FAILING: say("checks failing"),
    CiState.PENDING: say("checks pending"),
    CiState.NONE: say("no checks"),
}

VERDICTS = {
    Verdict.CLEAN: say("No findings"),
    Verdict.COMMENTS: say("Comments"),
    Verdict.ATTENTION: say("Needs attention"),
    Verdict.INCOMPLETE: say("Incomplete"),
}


def risk(review: Review) -> Sentence | None:
    """Tell the risk of merging; None when nothing was read, so that nobody takes silence for safety."""
    if not review.coverage.lines_reviewed and not review.coverage.files_reviewed:
        return None
    if review.verdict is Verdict.INCOMPLETE:
        return RISKS_OF_A_PART[review.risk]
    borne_out = list(Risk).index(least_risk(review.findings, review.coverage))
    return (OPINIONS if list(Risk).index(review.risk) > borne_out else RISKS)[review.risk]


def listed(sentences: Iterable[Sentence]) -> Sentence:
    """Put sentences, at least one, behind each other with commas."""
    return reduce(lambda one, other: say("{one}, {other}", one=one, other=other), sentences)
