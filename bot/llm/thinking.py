"""What a person sees of the bytes a model writes: whole characters, and no reasoning."""

from __future__ import annotations

import codecs

TAGS = (("<think>", "</think>"), ("[THINK]", "[/THINK]"))
"""How models mark reasoning: most of them, and Mistral's."""

_OPENING = dict(TAGS)
_CLOSING = tuple(closing for _, closing in TAGS)


class VisibleText:
    """Lets text through as it comes, except for reasoning.

    Tags may arrive in pieces: what could be the beginning of one is held back. A block that is never closed hides
    everything behind it. A closing tag without an opening one is dropped.

    Attributes:
        thinking: The text is inside a block.
    """

    def __init__(self, *, hide_reasoning: bool) -> None:
        self.thinking = False
        self._hide = hide_reasoning
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._held = ""
        self._awaited: tuple[str, ...] = ()
        self._fresh = True

    def push(self, piece: bytes) -> str:
        """Take the next bytes and return what may be shown now."""
        text = self._decoder.decode(piece)
        if not self._hide:
            return text
        self._held += text
        return self._release()

    def finish(self) -> str:
        """Return what was held back and turned out to be no tag; half a character at the end is dropped."""
        rest, self._held = self._held, ""
        return "" if self.thinking else self._trimmed(rest)

    def _release(self) -> str:
        shown = ""
        while (found := self._first_tag()) is not None:
            at, tag = found
            if not self.thinking:
                shown += self._trimmed(self._held[:at])
            self._held = self._held[at + len(tag) :]
            self._pass(tag)
        keep = self._beginning_of_a_tag()
        ready, self._held = self._held[: len(self._held) - keep], self._held[len(self._held) - keep :]
        return shown if self.thinking else shown + self._trimmed(ready)

    def _first_tag(self) -> tuple[int, str] | None:
        found = [(at, tag) for tag in self._expected() if (at := self._held.find(tag)) >= 0]
        return min(found, default=None)

    def _expected(self) -> tuple[str, ...]:
        return self._awaited if self.thinking else (*_OPENING, *_CLOSING)

    def _pass(self, tag: str) -> None:
        self.thinking = tag in _OPENING
        self._awaited = (_OPENING[tag],) if self.thinking else ()
        self._fresh = True

    def _beginning_of_a_tag(self) -> int:
        """Count the characters at the end that could still become a tag."""
        longest = max(len(tag) for tag in self._expected()) - 1
        sizes = range(min(longest, len(self._held)), 0, -1)
        return next((n for n in sizes if any(tag.startswith(self._held[-n:]) for tag in self._expected())), 0)

    def _trimmed(self, text: str) -> str:
        """Drop white space where the visible text begins, before an answer and behind a block."""
        if self._fresh:
            text = text.lstrip()
            self._fresh = not text
        return text
