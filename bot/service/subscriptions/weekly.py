"""What a subscription to statistics can be: of one repository, on one day of the week."""

from __future__ import annotations

from bot.domain.errors import NotUnderstood
from bot.domain.filter_words import only_bots
from bot.domain.sentence import say
from bot.domain.subscription import Day, Kind, Subscription

USUAL_DAY = Day.MONDAY


def check(one: Subscription) -> None:
    """See to it that statistics can be made of a subscription to them; any other is fine.

    Raises:
        NotUnderstood: They cannot.
    """
    if one.kind is not Kind.STATS:
        return
    if one.pattern.repository is None:
        raise NotUnderstood(say("Statistics are of one repository, not of {name}.", name=str(one.pattern)))
    if len(one.days) > 1:
        raise NotUnderstood(say("Statistics come once a week: name one day, as in `weekly stats mon`."))
    only_bots(one.filters)
