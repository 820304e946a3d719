"""Weak models go round in circles: the same few sentences until the limit of tokens."""

from __future__ import annotations

import re

_SENTENCE = re.compile(r"(?:[^\n.!?。！？]|[.!?](?=\S))*(?:[.!?](?=\s|$)|[。！？\n])")
_LONGEST_CIRCLE = 4
_LEAST_LENGTH = 12
"""Characters of a circle: shorter ones are lists, rules and brackets."""


def before_loop(text: str) -> tuple[str, bool]:
    """Cut *text* where its last sentences or lines were said three times in a row; tell whether they were.

    One round is kept. What follows the last complete sentence is not looked at.
    """
    found = [(match.group().strip(), match.end()) for match in _SENTENCE.finditer(text) if match.group().strip()]
    said = [sentence for sentence, _ in found]
    for size in range(1, min(_LONGEST_CIRCLE, len(said) // 3) + 1):
        rounds = _rounds(said, size)
        if rounds >= 3 and len("".join(said[-size:])) >= _LEAST_LENGTH:
            _, end_of_first = found[len(found) - (rounds - 1) * size - 1]
            return text[:end_of_first].rstrip(), True
    return text, False


def _rounds(said: list[str], size: int) -> int:
    """Count how often the last *size* sentences stand there one round after the other."""
    last, count = said[-size:], 1
    while said[-(count + 1) * size : -count * size] == last:
        count += 1
    return count
