"""One finding as Slack's blocks: where, what, the line it is about, why, and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import dedent
from typing import TypeVar

from adapters.slack.prose import line, prose
from adapters.slack.render import DISMISS, button, buttons
from adapters.slack.rich import Block, Element, clipped, link, preformatted, rich_text, section, text
from bot.domain.conversation import ReviewRecord
from bot.domain.diff import Side
from bot.domain.finding import Finding
from bot.domain.plain_text import one_line, plain
from bot.domain.review import Review
from bot.domain.sentence import Speak, say
from bot.reporting import words
from bot.reporting.links import location_url
from bot.reporting.parts.findings import is_new

Thing = TypeVar("Thing")


class Cut:
    """Cuts what is too long for a message, and knows whether it had to.

    Args:
        times: By how much everything may be longer than usual.

    Attributes:
        happened: Something was cut, so that the message is not the whole review.
    """

    def __init__(self, *, times: int = 1) -> None:
        self._times = times
        self.happened = False

    def __call__(self, words_of: str, most: int) -> str:
        """Return at most so many characters."""
        cut = clipped(words_of, most * self._times)
        self.happened |= cut != words_of
        return cut

    def first(self, things: Sequence[Thing], most: int) -> Sequence[Thing]:
        """Return at most so many things."""
        self.happened |= len(things) > most
        return things[:most]


def finding_blocks(
    number: int, finding: Finding, record: ReviewRecord, speak: Speak, *, cut: Cut, dismissible: bool = True
) -> list[Block]:
    """Lay out a finding under the number that people call it by."""
    heading = text(f"{number}. {speak(words.SEVERITIES[finding.severity])} · ", bold=True)
    parts = [section(heading, *title_of(finding, cut, bold=True)), section(*_place(finding, record.review, speak, cut))]
    if finding.evidence.strip():
        parts.append(preformatted(cut(dedent(plain(finding.evidence)), 600)))
    parts += prose(cut(finding.detail, 800))
    if finding.suggestion.strip():
        parts += [section(text(speak(words.SUGGESTION), bold=True)), *_suggestion(finding.suggestion, cut)]
    if not dismissible:
        return [rich_text(*parts)]
    dismiss = button(DISMISS, speak(say("Dismiss")), f"{record.id}:{finding.id}")
    return [rich_text(*parts), buttons(f"finding-{number}-{finding.id}", dismiss)]


def title_of(finding: Finding, cut: Cut, *, bold: bool = False, strike: bool = False) -> list[Element]:
    """Lay out what a finding claims, on one line."""
    return line(cut(one_line(finding.title), 200), bold=bold, strike=strike)


def _place(finding: Finding, review: Review, speak: Speak, cut: Cut) -> Iterator[Element]:
    where = cut(one_line(str(finding.location)), 200)
    yield link(location_url(review.pull_request, finding.location), where)
    facts = [speak(words.CATEGORIES[finding.category])]
    if finding.location.side is Side.OLD:
        facts.insert(0, speak(say("old file")))
    if is_new(finding, review):
        facts.insert(0, speak(words.NEW))
    if finding.source != "model":
        facts.append(speak(say("found by {source}", source=cut(one_line(finding.source), 100))))
    yield text(f" · {' · '.join(facts)}")


def _suggestion(suggestion: str, cut: Cut) -> list[Element]:
    """Lay out a suggestion as the words it is, and as code where it has several lines."""
    said = cut(plain(suggestion).strip(), 700)
    return [preformatted(said)] if "\n" in said and "```" not in said else prose(said)
