"""What was typed into the form of App Home -> what is wanted, or what is wrong with it, input by input."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from adapters.slack.views import AT, DAYS, FILTERS, REPOSITORY, TIMEZONE, Edited
from bot.domain.command import SubscribeCommand
from bot.domain.errors import NotUnderstood
from bot.domain.filter_words import parse_filters
from bot.domain.filters import Filters
from bot.domain.links import parse_pattern
from bot.domain.schedule import parse_days, parse_time, parse_zone
from bot.domain.sentence import Sentence
from bot.domain.subscription import Kind
from bot.domain.targets import words

Read = TypeVar("Read")


class FormRejected(Exception):
    """What was typed into the form cannot be taken.

    Attributes:
        problems: A sentence for each input that is wrong.
    """

    def __init__(self, problems: Mapping[str, Sentence]) -> None:
        super().__init__(str(problems))
        self.problems = problems


def command_of(values: Mapping[str, Any], *, web_url: str, edited: Edited | None = None) -> SubscribeCommand:
    """Read what was typed into the form.

    Args:
        edited: What it changes; None for what is new.
        values: `view.state.values` of https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload.
        web_url: Where the pages of the code host are.

    Raises:
        FormRejected: Something cannot be understood.
    """
    problems: dict[str, Sentence] = {}

    def understood(name: str, read: Callable[[str], Read]) -> Read | None:
        known = values[name][name]
        try:
            return read(str(known.get("value") or known.get("selected_time") or ""))
        except NotUnderstood as error:
            problems[name] = error.sentence
            return None

    pattern = understood(REPOSITORY, lambda text: parse_pattern(text, web_url=web_url))
    at = understood(AT, parse_time)
    zone = understood(TIMEZONE, parse_zone)
    filters = understood(FILTERS, lambda text: parse_filters(words(text)))
    if problems or pattern is None:
        raise FormRejected(problems)
    chosen = ",".join(option["value"] for option in values[DAYS][DAYS].get("selected_options") or [])
    return SubscribeCommand(
        patterns=(pattern,),
        days=parse_days(chosen or "daily"),
        at=at,
        timezone=zone or "",
        filters=filters or Filters(),
        also=edited is None,
        replaces=edited.id if edited else "",
        kind=edited.kind if edited else Kind.DIGEST,
    )
