"""The part of the grammar that is about repositories: who sees them, and what is told of them regularly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.command import (
    AllowCommand,
    Command,
    DigestCommand,
    DisallowCommand,
    Misunderstood,
    SubscribeCommand,
    UnsubscribeCommand,
)
from bot.domain.errors import NotUnderstood
from bot.domain.links import parse_repository
from bot.domain.schedule import parse_days, parse_time, parse_zone
from bot.domain.sentence import say

VERBS_ABOUT_REPOSITORIES = ("digest", "subscribe", "unsubscribe", "allow", "disallow")


def about_repositories(verb: str, rest: Sequence[str], *, web_url: str) -> Command:
    """Understand what follows one of `VERBS_ABOUT_REPOSITORIES`."""
    try:
        return _understood(verb, rest, web_url)
    except NotUnderstood as error:
        return Misunderstood(sentence=error.sentence)


def _understood(verb: str, rest: Sequence[str], web_url: str) -> Command:
    if verb == "digest":
        return DigestCommand(repositories=tuple(dict.fromkeys(parse_repository(one, web_url=web_url) for one in rest)))
    if verb == "subscribe":
        return _subscribe(rest, web_url)
    if len(rest) != 1:
        raise NotUnderstood(say("Which repository? Say it like this: `{verb} owner/name`.", verb=verb))
    if verb == "unsubscribe":
        return UnsubscribeCommand(repository=parse_repository(rest[0], web_url=web_url))
    pattern = _pattern(rest[0], web_url)
    return AllowCommand(repository=pattern) if verb == "allow" else DisallowCommand(repository=pattern)


def _pattern(word: str, web_url: str) -> str:
    """Return `owner/name`, or `owner/*` for all of an owner."""
    owner, slash, name = word.strip("`'\"").partition("/")
    if slash and name == "*":
        return f"{parse_repository(f'{owner}/x', web_url=web_url).owner}/*"
    return str(parse_repository(word, web_url=web_url))


def _subscribe(rest: Sequence[str], web_url: str) -> SubscribeCommand:
    if not rest:
        raise NotUnderstood(
            say("Subscribe to what? Say it like this: `subscribe owner/name weekdays at 09:30 tz Europe/Berlin`.")
        )
    command = SubscribeCommand(repository=parse_repository(rest[0], web_url=web_url))
    words = list(rest[1:])
    while words:
        word = words.pop(0)
        match word.casefold():
            case "at" if words:
                command = replace(command, at=parse_time(words.pop(0)))
            case "tz" if words:
                command = replace(command, timezone=parse_zone(words.pop(0)))
            case "at" | "tz":
                raise NotUnderstood(say("Something is missing after `{word}`.", word=word))
            case _ if ":" in word:
                raise NotUnderstood(
                    say("I do not know `{word}`. I understand days, `at HH:MM` and `tz ZONE`.", word=word[:40])
                )
            case _:
                command = replace(command, days=parse_days(word))
    return command
