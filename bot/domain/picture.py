"""Something to look at, with the same in words."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.sentence import Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """An image for a chat.

    Attributes:
        name: For its file, without an ending: letters, digits, dots, dashes and underscores.
        png: The image, with a background of its own.
        words: Everything it shows, what matters most first; for those who do not see it, and to be found by.
    """

    name: str
    title: Sentence
    png: bytes
    words: tuple[Sentence, ...]
