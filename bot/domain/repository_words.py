"""The part of the grammar that is about repositories: who sees them, and what is told of them regularly."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.domain.change import PullRequestRef, RepositoryPattern
from bot.domain.command import (
    AllowCommand,
    Command,
    DigestCommand,
    DisallowCommand,
    IdentifyCommand,
    Misunderstood,
    SnoozeCommand,
    StatsCommand,
    SubscribeCommand,
    UnsubscribeCommand,
    UnwatchCommand,
    WatchCommand,
)
from bot.domain.errors import NotUnderstood
from bot.domain.filter_words import is_filter, joined, only_bots, parse_filters
from bot.domain.filters import Filters
from bot.domain.links import parse_pattern, parse_pull_request
from bot.domain.schedule import parse_days, parse_time, parse_zone
from bot.domain.sentence import say
from bot.domain.span import parse_span
from bot.domain.stats import MOST_WEEKS, USUAL_WEEKS
from bot.domain.subscription import Kind

VERBS_ABOUT_REPOSITORIES = (
    "digest",
    "stats",
    "subscribe",
    "unsubscribe",
    "watch",
    "unwatch",
    "snooze",
    "allow",
    "disallow",
)

NOBODY = ("nobody", "noone", "anonymous")
_LOGIN = re.compile(r"@?(?P<login>[A-Za-z0-9](?:-?[A-Za-z0-9]){0,38}(?:_[A-Za-z0-9]+)?)")
_WEEKS = re.compile(r"(?:last )?(?P<count>[-−]?\d+(?:[.,]\d+)?) ?(?:w|wks?|weeks?)?", re.IGNORECASE)
_AWAKE = ("off", "0", "end", "stop")


def about_repositories(verb: str, rest: Sequence[str], *, web_url: str) -> Command:
    """Understand what follows one of `VERBS_ABOUT_REPOSITORIES`."""
    try:
        return _understood(verb, joined(rest), web_url)
    except NotUnderstood as error:
        return Misunderstood(sentence=error.sentence)


def parse_digest(words: Sequence[str], *, web_url: str) -> DigestCommand:
    """Understand repositories and filters, in any order.

    Raises:
        NotUnderstood: A word is neither.
    """
    said = joined(words)
    filters = parse_filters(word for word in said if is_filter(word))
    patterns = [parse_pattern(word, web_url=web_url) for word in said if not is_filter(word)]
    return DigestCommand(patterns=tuple(dict.fromkeys(patterns)), filters=filters)


def about_oneself(rest: Sequence[str], *, at_needed: bool) -> Command | None:
    """Understand what follows `i am`; None where it is the beginning of something else.

    Args:
        at_needed: Only a login that is written with an `@` counts: `i am lost` is what people say, too.
    """
    if len(rest) != 2 or rest[0].casefold() != "am":
        return None
    if rest[1].casefold() in NOBODY:
        return IdentifyCommand(login="")
    login = _LOGIN.fullmatch(rest[1].strip(".,!`"))
    return None if login is None or (at_needed and "@" not in rest[1]) else IdentifyCommand(login=login["login"])


def _understood(verb: str, rest: list[str], web_url: str) -> Command:
    match verb:
        case "digest":
            return parse_digest(rest, web_url=web_url)
        case "stats":
            return _stats(rest, web_url)
        case "subscribe":
            return _subscribe(rest, web_url)
        case "snooze":
            return _snooze(rest, web_url)
        case "watch" if rest:
            filters = parse_filters(rest[1:])
            return WatchCommand(pattern=parse_pattern(rest[0], web_url=web_url), filters=filters)
    return _of_one(verb, rest, web_url)


def _of_one(verb: str, rest: list[str], web_url: str) -> Command:
    if len(rest) != 1:
        raise NotUnderstood(say("Which repository? Say it like this: `{verb} owner/name`.", verb=verb))
    if verb == "unsubscribe":
        number = rest[0].removeprefix("#")
        if number.isascii() and number.isdigit():
            return UnsubscribeCommand(number=int(number[:6]))
        return UnsubscribeCommand(pattern=parse_pattern(rest[0], web_url=web_url))
    pattern = parse_pattern(rest[0], web_url=web_url)
    if verb == "unwatch":
        return UnwatchCommand(pattern=pattern)
    return AllowCommand(repository=str(pattern)) if verb == "allow" else DisallowCommand(repository=str(pattern))


def _stats(rest: list[str], web_url: str) -> StatsCommand:
    if not rest:
        raise NotUnderstood(say("Statistics of which repository? Say it like this: `stats owner/name 8`."))
    pattern = parse_pattern(rest[0], web_url=web_url)
    if pattern.repository is None:
        raise NotUnderstood(say("Statistics are of one repository, not of {name}.", name=str(pattern)))
    filters = only_bots(parse_filters(word for word in rest[1:] if is_filter(word)))
    said = " ".join(word for word in rest[1:] if not is_filter(word))
    weeks = _weeks(said, str(pattern)) if said else USUAL_WEEKS
    return StatsCommand(repository=pattern.repository, weeks=weeks, bots=filters.bots)


def _weeks(said: str, name: str) -> int:
    found = _WEEKS.fullmatch(said)
    count = float(found["count"].replace(",", ".").replace("−", "-")) if found else USUAL_WEEKS
    near = round(min(max(count, 1), MOST_WEEKS))
    if found is None or near != count:
        raise NotUnderstood(
            say(
                "`{word}` is no number of weeks from 1 to {most}: say it as in `stats {name} {near}`.",
                word=said[:20],
                most=MOST_WEEKS,
                name=name,
                near=near,
            )
        )
    return near


def _subscribe(rest: list[str], web_url: str) -> SubscribeCommand:
    if not rest:
        raise NotUnderstood(
            say("Subscribe to what? Say it like this: `subscribe owner/name weekdays at 09:30 tz Europe/Berlin`.")
        )
    patterns = [parse_pattern(rest[0], web_url=web_url)]
    words = rest[1:]
    while words and ("/" in words[0] and not is_filter(words[0])):
        patterns.append(parse_pattern(words.pop(0), web_url=web_url))
    command = SubscribeCommand(patterns=tuple(dict.fromkeys(patterns)), kind=_kind(words))
    while words:
        word = words.pop(0)
        match word.casefold():
            case "at" if words:
                command = replace(command, at=parse_time(words.pop(0)))
            case "tz" if words:
                command = replace(command, timezone=parse_zone(words.pop(0)))
            case "at" | "tz":
                raise NotUnderstood(say("Something is missing after `{word}`.", word=word))
            case "also":
                command = replace(command, also=True)
            case _ if is_filter(word):
                terms = (*command.filters.terms, *parse_filters([word]).terms)
                command = replace(command, filters=Filters(terms=terms))
            case _:
                command = replace(command, days=parse_days(word))
    return command


def _kind(words: list[str]) -> Kind:
    """Take `weekly stats`, or `stats` alone, out of *words*."""
    folded = [word.casefold() for word in words]
    if "weekly" in folded and "stats" not in folded:
        raise NotUnderstood(say("Weekly what? Say `weekly stats`, or for a digest a day such as mon."))
    words[:] = [word for word in words if word.casefold() not in ("weekly", "stats")]
    return Kind.STATS if "stats" in folded else Kind.DIGEST


def _snooze(rest: list[str], web_url: str) -> SnoozeCommand:
    if not rest:
        raise NotUnderstood(
            say("Snooze what, and for how long? Say `snooze owner/name 3d`, `snooze owner/name#12 1w` or `snooze 2d`.")
        )
    *named, last = [word for word in rest if word.casefold() != "for"] or rest
    ends = last.casefold() in _AWAKE
    if named and last.casefold() in ("days", "day", "weeks", "week", "hours", "hour"):
        last = f"{named.pop()} {last}"
    if len(named) > 1:
        raise NotUnderstood(say("One thing at a time: `snooze owner/name 3d`."))
    return SnoozeCommand(
        what=_snoozed(named[0], web_url) if named else None, span=timedelta() if ends else parse_span(last)
    )


def _snoozed(word: str, web_url: str) -> PullRequestRef | RepositoryPattern | None:
    if word.casefold() in ("channel", "all", "everything"):
        return None
    try:
        return parse_pull_request(word, web_url=web_url)
    except NotUnderstood:
        return parse_pattern(word, web_url=web_url)
