"""The words of a card, for everything that draws one."""

from __future__ import annotations

from bot.domain.change import CiState
from bot.domain.digest import Fate
from bot.domain.sentence import Sentence, say, say_many
from bot.domain.watch import Card
from bot.reporting import words
from bot.reporting.digest_words import DECISIONS

STATES = {
    None: say("Open"),
    Fate.MERGED: say("Merged"),
    Fate.CLOSED: say("Closed"),
    Fate.UNKNOWN: say("No longer open"),
}
DRAFT = say("Draft")

_SHORT = 7


def state(card: Card) -> Sentence:
    """Say in a word how the pull request stands."""
    return DRAFT if card.entry.draft and card.fate is None else STATES[card.fate]


def card_facts(card: Card) -> tuple[Sentence, ...]:
    """Say who wrote it, how large it is, and while it is open what checks and reviewers say and who is asked."""
    entry = card.entry
    told = [say("by {author}", author=entry.author)] if entry.author else []
    if entry.additions or entry.deletions:
        told.append(say("+{added} −{removed}", added=entry.additions, removed=entry.deletions))
    if card.fate is not None:
        return tuple(told)
    if entry.ci in words.CHECKS and entry.ci is not CiState.NONE:
        told.append(words.CHECKS[entry.ci])
    if entry.conflicts:
        told.append(say("conflicts"))
    if entry.decision in DECISIONS:
        told.append(DECISIONS[entry.decision])
    if names := (*entry.requested, *entry.teams):
        told.append(say("asked: {names}", names=", ".join(names)))
    return tuple(told)


def review_line(card: Card) -> Sentence:
    """Say what the last review in the channel found, and whether there were commits since."""
    if card.verdict is None:
        return say("The review comes in the thread.")
    found = say(
        "Review: {verdict}, {findings}",
        verdict=words.VERDICTS[card.verdict],
        findings=say_many("{count} finding", "{count} findings", card.findings),
    )
    if card.fate is None and card.reviewed != card.entry.head_sha:
        return say("{found}, at {head}; there are commits since.", found=found, head=card.reviewed[:_SHORT] or "?")
    return say("{found}, at {head}.", found=found, head=card.reviewed[:_SHORT] or "?")
