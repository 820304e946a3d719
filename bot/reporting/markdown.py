"""A review for people: short enough for a chat, and honest about what was not read."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.review import Review
from bot.domain.sentence import Speak
from bot.reporting.parts.account import account
from bot.reporting.parts.findings import findings
from bot.reporting.parts.footer import footer
from bot.reporting.parts.headline import headline
from bot.reporting.parts.unread import unread


def render(review: Review, speak: Speak, *, explain: bool = False) -> str:
    """Write the review as markdown, ending in a line feed.

    Nothing that the model, the diff or the pull request says can become markup, except for code spans.

    Args:
        explain: Also list the claims that were dropped, with reasons.
    """
    return "\n\n".join(filter(None, _blocks(review, speak, explain=explain))) + "\n"


def _blocks(review: Review, speak: Speak, *, explain: bool) -> Iterator[str]:
    yield from headline(review, speak)
    yield from account(review, speak)
    yield from findings(review, speak, explain=explain)
    yield from unread(review.coverage, speak)
    yield from footer(review, speak)
