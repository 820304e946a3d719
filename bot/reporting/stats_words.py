"""The words of statistics, which say everything that a chart of them shows."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.sentence import Sentence, say, say_many
from bot.domain.stats import AgeGroup, Spread, Stats, Week
from bot.reporting.words import listed


def heading(stats: Stats) -> Sentence:
    """Say whose statistics they are, and of when."""
    return say_many(
        "Pull requests of {name}, the week from {start}",
        "Pull requests of {name}, {count} weeks from {start}",
        len(stats.weeks),
        name=str(stats.repository),
        start=f"{stats.weeks[0].start}",
    )


def in_words(stats: Stats) -> Iterator[Sentence]:
    """Say it all: what came of all weeks together, what is open, then week by week, then what is left out."""
    yield say(
        "All in all: {opened} opened, {merged} merged, {closed} closed without a merge.",
        opened=sum(week.opened for week in stats.weeks),
        merged=sum(week.merged for week in stats.weeks),
        closed=sum(week.closed for week in stats.weeks),
    )
    if stats.to_review is not None:
        yield say("Until the first review by another person: {spread}.", spread=_spread(stats.to_review))
    if stats.to_merge is not None:
        yield say("Until the merge: {spread}.", spread=_spread(stats.to_merge))
    yield _open(stats)
    yield from map(_week, stats.weeks)
    yield from _left_out(stats)


def span(hours: float) -> Sentence:
    """Say how long something took, as exactly as people need it."""
    if round(hours * 60) < 60:
        return say("{minutes} min", minutes=round(hours * 60))
    if hours < 48:
        return say("{hours} h", hours=_rounded(hours))
    return say("{days} d", days=_rounded(hours / 24))


def _spread(spread: Spread) -> Sentence:
    return say("half in {median}, 90% in {most}", median=span(spread.median), most=span(spread.most))


def _open(stats: Stats) -> Sentence:
    if not stats.open:
        return say("Nothing is open.")
    groups = [say("{age}: {count}", age=_age(one), count=one.total) for one in stats.ages if one.total]
    told = say_many("Open: {count}", "Open: {count}", stats.open)
    if drafts := sum(group.drafts for group in stats.ages):
        told = say_many("{open}, {count} of them a draft", "{open}, {count} of them drafts", drafts, open=told)
    return say("{open}. By age: {groups}.", open=told, groups=listed(groups))


def _age(group: AgeGroup) -> Sentence:
    if group.below is None:
        return say("{least} days and more", least=group.least)
    if not group.least:
        return say_many("less than {count} day", "less than {count} days", group.below)
    return say("{least} to {below} days", least=group.least, below=group.below)


def _week(week: Week) -> Sentence:
    told = say(
        "{opened} opened, {merged} merged, {closed} closed", opened=week.opened, merged=week.merged, closed=week.closed
    )
    if week.to_review is not None:
        told = say("{week}; first review: {spread}", week=told, spread=_spread(week.to_review))
    if week.to_merge is not None:
        told = say("{week}; merge: {spread}", week=told, spread=_spread(week.to_merge))
    if week.running:
        return say("{start}, so far: {week}", start=f"{week.start}", week=told)
    return say("{start}: {week}", start=f"{week.start}", week=told)


def _left_out(stats: Stats) -> Iterator[Sentence]:
    if stats.bots:
        yield say_many(
            "{count} by a bot is not counted; `bots:yes` counts it.",
            "{count} by bots are not counted; `bots:yes` counts them.",
            stats.bots,
        )
    if stats.unread:
        yield say_many(
            "The oldest open one is not counted: there are too many.",
            "The {count} oldest open ones are not counted: there are too many.",
            stats.unread,
        )
    if len(stats.weeks) < stats.wanted:
        yield say("More happened than is read at once: of {wanted} weeks these are the last.", wanted=stats.wanted)


def _rounded(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
