"""The words people say to the bot, one grammar for every platform: a message -> a `Command`.

    review PR... [focus...] · ask PR QUESTION · dismiss N · undo · status · cancel · forget [thread|channel] · help
    digest [REPO...] [FILTERS] · subscribe REPO... [DAYS] [at HH:MM] [tz ZONE] [FILTERS] [also] · unsubscribe REPO|N
    subscribe REPO weekly stats [DAY] ... · stats REPO [WEEKS] · watch REPO [FILTERS] · unwatch REPO · list
    snooze [REPO|PR] 3d · i am @login · allow REPO · disallow REPO

A verb that is missing before a pull request is `review`. Nothing here raises: words that are no command where only
commands are taken, a link to something else and a slip in a verb become `Misunderstood`, with a sentence that says what
is understood.
"""

from __future__ import annotations

import difflib
import re
from enum import StrEnum
from pathlib import Path

from bot.domain.change import Target
from bot.domain.command import (
    AskCommand,
    CancelCommand,
    Command,
    DismissCommand,
    ForgetCommand,
    HelpCommand,
    ListCommand,
    Misunderstood,
    ReviewCommand,
    Scope,
    StatusCommand,
    UndoCommand,
)
from bot.domain.repository_words import VERBS_ABOUT_REPOSITORIES, about_oneself, about_repositories
from bot.domain.sentence import say
from bot.domain.targets import (
    AROUND,
    Here,
    after,
    explain,
    is_link,
    links_in,
    parse_target,
    sole_target,
    take,
    words,
)

__all__ = ["VERBS", "Heard", "parse", "parse_target"]

VERBS = (
    "review",
    "ask",
    "dismiss",
    "undo",
    *VERBS_ABOUT_REPOSITORIES,
    "list",
    "status",
    "cancel",
    "forget",
    "help",
)

_ALONE: dict[str, Command] = {
    "undo": UndoCommand(),
    "list": ListCommand(),
    "status": StatusCommand(),
    "cancel": CancelCommand(),
    "help": HelpCommand(),
}
_POLITE = {"", "please", "the", "this"}
_QUESTION_MARKS = ("?", "？")
_LONGEST_VERB = 40
_BEFORE_TARGET = ("review", "ask")
_SLIP = 0.75
"""How much alike a word and a verb are where it could be a question as well: `was` and `has` are 0.67 like `ask`."""

# <https://host/page|label> of Slack and [label](https://host/page) of markdown; a label may have spaces.
_LABELLED = re.compile(r"<(?P<slack>https?://[^|<>\s]+)(?:\|[^<>]*)?>|\[[^\[\]]*\]\((?P<markdown>https?://[^()\s]+)\)")


class Heard(StrEnum):
    """How a message reached the bot, which decides what counts in it.

    After a slash only commands count. Addressed, by a mention or in a thread the bot takes part in, words that are no
    command are a question. Of what people say to each other only links to pull requests count.
    """

    SLASH = "slash"
    ADDRESSED = "addressed"
    OVERHEARD = "overheard"


def parse(text: str, *, web_url: str, heard: Heard, local: bool = False, folder: Path = Path()) -> Command | None:
    """Understand a message; None when it is none of the bot's business, as most of what is overheard.

    Args:
        text: Without the slash command or the mention that led to us.
        web_url: Where the pages of the code host are.
        local: Whether files and ranges of this machine may be named; only for people who sit at it.
        folder: The repository that ranges are of.
    """
    here = Here(web_url=web_url, folder=folder if local else None)
    message = _LABELLED.sub(lambda match: match["slack"] or match["markdown"], text).strip()
    said = words(message)
    if heard is Heard.OVERHEARD:
        return _overheard(message, said, here)
    if not said:
        return HelpCommand()
    slash, rest = heard is Heard.SLASH, said[1:]
    match _bare(said[0]).removeprefix("/"):
        case "review":
            return _review(message, rest, here, slash=slash)
        case "ask":
            return _ask(message, rest, here, slash=slash)
        case "forget":
            return _forget(message, rest, slash=slash)
        case "dismiss":
            return _dismiss(message, rest, slash=slash)
        case "undo" | "list" | "status" | "cancel" | "help" as verb if slash or not _meant(rest):
            return _ALONE[verb]
        case verb if (about := _about(verb, rest, here, slash=slash)) is not None:
            return about
    return _without_verb(message, said, here, slash=slash)


def _about(verb: str, rest: list[str], here: Here, *, slash: bool) -> Command | None:
    """Understand what is said about repositories and oneself; None where a sentence only begins with such a word."""
    if verb == "i":
        return about_oneself(rest, at_needed=not slash)
    if verb not in VERBS_ABOUT_REPOSITORIES:
        return None
    understood = about_repositories(verb, rest, web_url=here.web_url)
    meant = slash or not rest or "/" in rest[0] or not isinstance(understood, Misunderstood)
    return understood if meant else None


def _overheard(message: str, said: list[str], here: Here) -> Command | None:
    links = links_in(message, here)
    if not links:
        return None
    focus = take(said[1:], here)[1] if _bare(said[0]) == "review" else ""
    return ReviewCommand(targets=links, focus=focus, overheard=True)


def _review(message: str, rest: list[str], here: Here, *, slash: bool) -> Command:
    targets, focus = take(rest, here)
    if targets:
        return ReviewCommand(targets=targets, focus=focus)
    if not rest:
        return Misunderstood(
            sentence=say("Review what? Name a pull request, as in `review owner/repository#12`, or paste its link.")
        )
    if slash or "://" in rest[0] or "#" in rest[0] or is_link(rest[0], here):
        return Misunderstood(sentence=explain(rest[0], here))
    return AskCommand(question=message)


def _ask(message: str, rest: list[str], here: Here, *, slash: bool) -> Command:
    target = sole_target(rest[0], here) if rest else None
    question = after(message, 2 if target else 1)
    if not question.strip(AROUND):
        return Misunderstood(sentence=say("Ask what? Say it like this: `ask owner/repository#12 is it safe to merge?`"))
    if target is None and is_link(rest[0], here):
        return Misunderstood(sentence=explain(rest[0], here))
    if target is None and not slash:
        return AskCommand(question=message)
    return AskCommand(question=question, target=target)


def _dismiss(message: str, rest: list[str], *, slash: bool) -> Command:
    number = _bare(rest[0]).removeprefix("#") if len(rest) == 1 else ""
    if number.isascii() and number.isdigit():
        return DismissCommand(finding=number)
    if not slash and rest:
        return AskCommand(question=message)
    return Misunderstood(sentence=say("Dismiss what? Say the number of a finding, as in `dismiss 2`."))


def _forget(message: str, rest: list[str], *, slash: bool) -> Command:
    what = _meant(rest)
    if not what:
        return ForgetCommand()
    if len(what) == 1 and what[0] in set(Scope):
        return ForgetCommand(scope=Scope(what[0]))
    if not slash:
        return AskCommand(question=message)
    return Misunderstood(sentence=say("Forget what? I understand `forget thread` and `forget channel`."))


def _without_verb(message: str, said: list[str], here: Here, *, slash: bool) -> Command:
    targets, focus = take(said, here, bare=True)
    if targets and sole_target(said[0], here):
        return ReviewCommand(targets=targets, focus=focus)
    if len(said) == 1 and not targets and is_link(said[0], here):
        return Misunderstood(sentence=explain(said[0], here))
    if slash:
        return _unknown(said[0], targets, focus)
    linked = links_in(message, here)
    if linked and ("review" in message.casefold() or not message.endswith(_QUESTION_MARKS)):
        return ReviewCommand(targets=linked)
    if len(said) > 1 and sole_target(said[1], here) and (verb := _nearest(said[0], _BEFORE_TARGET, cutoff=_SLIP)):
        return _did_you_mean(said[0], verb)
    return AskCommand(question=message, target=linked[0] if linked else None)


def _unknown(verb: str, targets: tuple[Target, ...], focus: str) -> Command:
    near = _nearest(verb, VERBS, cutoff=0.6)
    if near:
        return _did_you_mean(verb, near)
    if targets:
        return ReviewCommand(targets=targets, focus=focus)
    known = ", ".join(f"`{name}`" for name in VERBS)
    return Misunderstood(sentence=say("I do not know `{word}`. I understand {verbs}.", word=_shown(verb), verbs=known))


def _did_you_mean(word: str, verb: str) -> Misunderstood:
    return Misunderstood(sentence=say("I do not know `{word}`. Did you mean `{verb}`?", word=_shown(word), verb=verb))


def _nearest(word: str, verbs: tuple[str, ...], *, cutoff: float) -> str:
    return next(iter(difflib.get_close_matches(_shown(word).casefold(), verbs, n=1, cutoff=cutoff)), "")


def _shown(word: str) -> str:
    return "".join(letter for letter in (word.strip(AROUND) or word)[:_LONGEST_VERB] if letter.isprintable())


def _bare(word: str) -> str:
    return word.strip(AROUND).casefold()


def _meant(rest: list[str]) -> list[str]:
    """Return the words that say something."""
    return [bare for word in rest if (bare := _bare(word)) not in _POLITE]
