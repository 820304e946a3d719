"""What is to be drawn, as it goes to the process that draws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from pydantic import TypeAdapter

from bot.domain.sentence import Sentence, Speak, say
from bot.domain.stats import Stats
from bot.reporting.stats_words import heading


class Label(StrEnum):
    """A place in the chart that has words."""

    TITLE = "title"
    PER_WEEK = "per_week"
    PULL_REQUESTS = "pull_requests"
    WEEKS = "weeks"
    SO_FAR = "so_far"
    OPENED = "opened"
    MERGED = "merged"
    CLOSED = "closed"
    OPEN = "open"
    AGE = "age"
    READY = "ready"
    DRAFTS = "drafts"
    TO_REVIEW = "to_review"
    TO_MERGE = "to_merge"
    HOURS = "hours"
    DAYS = "days"
    HALF = "half"
    MOST = "most"
    NOTHING = "nothing"


_WORDS = {
    Label.PER_WEEK: say("Throughput"),
    Label.PULL_REQUESTS: say("pull requests"),
    Label.WEEKS: say("week from Monday (month-day)"),
    Label.SO_FAR: say("so far"),
    Label.OPENED: say("opened"),
    Label.MERGED: say("merged"),
    Label.CLOSED: say("closed without a merge"),
    Label.OPEN: say("Open now, by age"),
    Label.AGE: say("age (days)"),
    Label.READY: say("ready for review"),
    Label.DRAFTS: say("drafts"),
    Label.TO_REVIEW: say("Time to the first review"),
    Label.TO_MERGE: say("Time to the merge"),
    Label.HOURS: say("hours"),
    Label.DAYS: say("days"),
    Label.HALF: say("half took at most"),
    Label.MOST: say("nine of ten took at most"),
    Label.NOTHING: say("nothing"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A chart to draw.

    Attributes:
        labels: In the language of the chat.
        english: The same, for where there is no font with the letters of that language.
    """

    stats: Stats
    labels: Mapping[Label, str]
    english: Mapping[Label, str]


ORDER = TypeAdapter(Order)


def order(stats: Stats, speak: Speak) -> Order:
    """Write an order for a chart of *stats*."""
    words: dict[Label, Sentence] = {Label.TITLE: heading(stats), **_WORDS}
    return Order(
        stats=stats,
        labels={label: speak(sentence) for label, sentence in words.items()},
        english={label: str(sentence) for label, sentence in words.items()},
    )
