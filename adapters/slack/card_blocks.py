"""The card of a watched pull request as Slack's blocks."""

from __future__ import annotations

from adapters.slack.render import note
from adapters.slack.rich import Rendered, clipped, link, rich_text, section, text
from bot.domain.plain_text import one_line
from bot.domain.sentence import Speak
from bot.domain.watch import Card
from bot.reporting.card_words import card_facts, review_line, state


def of_card(card: Card, speak: Speak) -> Rendered:
    """Lay out a card in three lines; not in rich text alone, which cannot be edited (`block_mismatch`)."""
    entry = card.entry
    title, name = clipped(one_line(entry.title), 250), clipped(str(entry.ref), 150)
    facts = " · ".join(one_line(speak(fact)) for fact in card_facts(card))
    said = speak(state(card))
    heading = rich_text(
        section(link(entry.url, title, bold=True), text(f" {name}")),
        section(text(said, bold=True), text(f" · {clipped(facts, 500)}" if facts else "")),
    )
    return Rendered(blocks=[heading, note(speak(review_line(card)))], text=clipped(f"{name} {title}: {said}", 500))
