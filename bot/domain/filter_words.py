"""The words for filters -> `Filters`: `label:urgent -author:renovate path:src/* age:2d`."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

from bot.domain.errors import NotUnderstood
from bot.domain.filters import ANY, SPANS, STATES, SWITCHES, Filters, Key, Term
from bot.domain.sentence import Sentence, say
from bot.domain.span import parse_span, span_in_words

_TERM = re.compile(r"(?P<minus>-?)(?P<key>[A-Za-z_]+):(?!//|\d+/)(?P<value>.*)", re.DOTALL)
"""No address, and no host with a port."""

_VALUE = re.compile(r"\"([^\"]*)\"|([^,\"]+)")
_CURLY = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‐": "-", "–": "-", "—": "-", "−": "-"})
"""What chats and phones make of quotes and minus."""

_YES = {"yes": True, "y": True, "true": True, "on": True, "no": False, "n": False, "false": False, "off": False}


def is_filter(word: str) -> bool:
    """Tell whether a word has the form of a filter."""
    return _TERM.fullmatch(word.translate(_CURLY)) is not None


def parse_filters(words: Iterable[str]) -> Filters:
    """Read filters; of one that is said twice both count.

    Raises:
        NotUnderstood: A word is none; the sentence says what would be.
    """
    return Filters(terms=tuple(map(_parse_term, joined(words))))


def only_bots(filters: Filters) -> Filters:
    """Return *filters*, if they are such as statistics know.

    Raises:
        NotUnderstood: They look at something else.
    """
    other = next((term for term in filters.terms if term.key is not Key.BOTS), None)
    if other is not None:
        raise NotUnderstood(say("Statistics know `bots:yes` only; `{filter}` is for digests.", filter=str(other)))
    return filters


def joined(words: Iterable[str]) -> list[str]:
    """Put words together again that stand in one pair of quotes, as in `label:"good first issue"`."""
    whole: list[str] = []
    for word in words:
        straight = word.translate(_CURLY) if is_filter(word) or '"' in word.translate(_CURLY) else word
        if whole and whole[-1].count('"') % 2:
            whole[-1] = f"{whole[-1]} {straight}"
        else:
            whole.append(straight)
    return [word[1:-1] if word.startswith('"') and word.endswith('"') else word for word in whole]


def _parse_term(word: str) -> Term:
    found = _TERM.fullmatch(word.translate(_CURLY))
    if found is None:
        raise NotUnderstood(
            say("`{word}` is no filter: say it as in label:urgent, -author:renovate or age:2d.", word=word[:40])
        )
    key = _key(found["key"].casefold())
    values = tuple(filter(None, (_value(key, text) for text in _values(found["value"]))))
    exclude = bool(found["minus"])
    if not values:
        raise NotUnderstood(say("Something is missing after `{word}`.", word=f"{found['minus']}{key}:"))
    if exclude and (key in SWITCHES or key in SPANS):
        raise NotUnderstood(say("`{key}` cannot be taken out: say `{key}:{value}`.", key=key.value, value=values[0]))
    return Term(key=key, values=values[:1] if key in SWITCHES or key in SPANS else values, exclude=exclude)


def _key(word: str) -> Key:
    if word in set(Key):
        return Key(word)
    hint = _hint([f"{key}:" for key in difflib.get_close_matches(word, list(Key), n=1, cutoff=0.5)])
    known = ", ".join(f"{key}:" for key in Key)
    raise NotUnderstood(
        say("I know no filter `{word}:`{hint}. There are {known}", word=word[:20], hint=hint, known=known)
    )


def _values(text: str) -> list[str]:
    return [(quoted or plain).strip() for quoted, plain in _VALUE.findall(text)]


def _value(key: Key, text: str) -> str:
    """Check a value, and write it as it is kept."""
    if text == ANY or not text:
        return text
    if key in SPANS:
        return span_in_words(parse_span(text))
    if key in SWITCHES:
        if text.casefold() not in _YES:
            raise NotUnderstood(say("`{key}:` takes yes or no, not `{word}`.", key=key.value, word=text[:20]))
        return "yes" if _YES[text.casefold()] else "no"
    if key is Key.STATE:
        return _state(text.casefold().replace("-", "_").replace(" ", "_"))
    if key is Key.TEAM:
        return text.rpartition("/")[2].removeprefix("@")
    return text.removeprefix("@") if key in (Key.AUTHOR, Key.REVIEWER) else text


def _state(word: str) -> str:
    if word in STATES:
        return word
    hint = _hint(difflib.get_close_matches(word, STATES, n=1, cutoff=0.4))
    known = ", ".join(STATES)
    raise NotUnderstood(
        say("There is no state `{word}`{hint}. There are {known}.", word=word[:20], hint=hint, known=known)
    )


def _hint(near: list[str]) -> Sentence | str:
    return say(", did you mean {near}", near=near[0]) if near else ""
