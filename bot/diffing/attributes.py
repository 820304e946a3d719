"""What a repository's own `.gitattributes` says about its files; only `linguist-generated` is asked.

Source of the rules: https://git-scm.com/docs/gitattributes and gitignore's pattern format, which it refers to.
Macros and POSIX character classes are not understood; such lines match nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

_ATTRIBUTE = "linguist-generated"
_ANY_DEPTH = "**"
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"(.*)')
_ESCAPED = re.compile(r"\\(.)")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    segments: tuple[str, ...]
    generated: bool


def generated_paths(attributes: str, paths: Iterable[str]) -> frozenset[str]:
    """Tell which of *paths* the text of a root `.gitattributes` calls generated; the last line that matches decides."""
    rules = [rule for line in attributes.splitlines() if (rule := _rule(line.strip())) is not None]
    return frozenset(path for path in paths if _is_generated(path.split("/"), rules))


def _is_generated(parts: Sequence[str], rules: Sequence[_Rule]) -> bool:
    return next((rule.generated for rule in reversed(rules) if _matches(parts, rule.segments)), False)


def _rule(line: str) -> _Rule | None:
    pattern, states = _split(line)
    generated = _decision(states)
    if generated is None or not pattern or pattern.startswith(("#", "!", "[attr]")) or pattern.endswith("/"):
        return None
    return _Rule(segments=_segments(pattern), generated=generated)


def _split(line: str) -> tuple[str, list[str]]:
    if quoted := _QUOTED.fullmatch(line):
        return _ESCAPED.sub(r"\1", quoted[1]), quoted[2].split()
    pattern, *states = line.split() or [""]
    return pattern, states


def _decision(states: Sequence[str]) -> bool | None:
    """Return what a line says of the attribute, None where it does not mention it."""
    decision: bool | None = None
    for state in states:
        name, _, value = state.partition("=")
        if name.lstrip("-!") == _ATTRIBUTE:
            decision = name == _ATTRIBUTE and value != "false"
    return decision


def _segments(pattern: str) -> tuple[str, ...]:
    """Split a pattern at its slashes; one without a slash matches at any depth."""
    anchored = "/" in pattern
    segments = tuple(_as_fnmatch(segment) for segment in pattern.removeprefix("/").split("/"))
    return segments if anchored else (_ANY_DEPTH, *segments)


def _as_fnmatch(segment: str) -> str:
    """Rewrite what git spells otherwise than fnmatch: escapes, and `[^a]` for `[!a]`."""
    return _ESCAPED.sub(lambda match: f"[{match[1]}]", segment).replace("[^", "[!")


def _matches(parts: Sequence[str], segments: Sequence[str]) -> bool:
    """Walk over the pattern with the set of places in the path that it can have come to."""
    places = {0}
    for position, segment in enumerate(segments):
        if segment == _ANY_DEPTH and places:
            behind = position == len(segments) - 1
            places = set(range(min(places) + behind, len(parts) + behind))
        else:
            places = {at + 1 for at in places if at < len(parts) and fnmatchcase(parts[at], segment)}
    return len(parts) in places
