"""What the bot says in its own words, kept apart from the language it is said in.

A sentence travels as data, inside errors, progress and coverage, and becomes text only where it is shown.
The English text is the message id of the gettext catalogue in `bot/language`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

Value: TypeAlias = "str | int | float | Sentence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence of the bot, not yet in anybody's language.

    Attributes:
        text: English, with `str.format` fields.
        plural: The form for several, empty where there is only one form.
        count: What decides between the two forms, also the field `{count}`.
        values: What fills the fields; a sentence among them is spoken first.
    """

    text: str
    plural: str = ""
    count: int = 0
    values: Mapping[str, Value] = field(default_factory=dict)

    def __str__(self) -> str:
        template = self.plural if self.plural and self.count != 1 else self.text
        return fill(self, template, str)


Speak: TypeAlias = Callable[[Sentence], str]
"""Turns a sentence into text of the language a reader asked for. `str` speaks English."""


def say(text: str, /, **values: Value) -> Sentence:
    """Make a sentence; the first argument is what translators see, so it is always a literal."""
    return Sentence(text=text, values=values)


def say_many(one: str, many: str, count: int, /, **values: Value) -> Sentence:
    """Make a sentence that has another form for several things."""
    return Sentence(text=one, plural=many, count=count, values=values)


def fill(sentence: Sentence, template: str, speak: Speak) -> str:
    """Put the values of *sentence* into *template*, a translation of its text."""
    spoken = {name: speak(value) if isinstance(value, Sentence) else value for name, value in sentence.values.items()}
    return template.format(**{"count": sentence.count, **spoken})
