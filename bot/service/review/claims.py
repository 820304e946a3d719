"""What the model is allowed to answer about a chunk, and how its answer is read, whole or cut.

A `Claim` is what the model says, not yet a finding: nobody has looked whether its quotation exists.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from bot.domain.finding import Category, Severity

Word = TypeVar("Word", Severity, Category)

MOST_CLAIMS = 4
"""Per answer. A weak model that has more to say than this about one chunk is repeating itself."""

LENGTHS = {"quote": 160, "title": 80, "problem": 280, "fix": 280}
SUMMARY_LENGTH = 240


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One problem the model says it sees.

    Attributes:
        quote: The line it speaks of, as it remembers it.
        line: Its number as the model remembers it, 0 where it gave none.
    """

    path: str
    quote: str
    line: int
    severity: Severity
    category: Category
    title: str
    detail: str
    suggestion: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What could be read of an answer.

    Attributes:
        summary: What the chunk does; empty when the answer was cut before it ended.
    """

    summary: str
    claims: tuple[Claim, ...]


def schema(paths: Sequence[str]) -> Mapping[str, object]:
    """Describe an answer about a chunk that shows *paths*; every string and array in it is bounded."""
    claim = {
        "path": {"enum": list(paths)},
        "line": {"type": "integer", "minimum": 0, "maximum": 999999},
        "quote": _string("quote"),
        "title": _string("title"),
        "problem": _string("problem"),
        "severity": {"enum": [severity.value for severity in Severity]},
        "category": {"enum": [category.value for category in Category]},
        "fix": _string("fix"),
    }
    return _object(
        {
            "summary": {"type": "string", "maxLength": SUMMARY_LENGTH},
            "findings": {"type": "array", "maxItems": MOST_CLAIMS, "items": _object(claim)},
        }
    )


def _string(name: str) -> Mapping[str, object]:
    return {"type": "string", "maxLength": LENGTHS[name]}


def _object(properties: Mapping[str, object]) -> Mapping[str, object]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def read(text: str) -> Reply | None:
    """Read an answer, keeping what is complete of a cut one; None when there is nothing complete in it."""
    value = whole_object(text)
    if value is None:
        summary, items = complete_string(text, "summary"), list(_complete_items(text))
        if not items:
            return None
    else:
        summary, items = _text(value.get("summary")), _list(value.get("findings"))
        if not summary and not items and "findings" not in value:
            return None
    claims = tuple(claim for item in items if isinstance(item, dict) and (claim := _claim(item)))
    return Reply(summary=summary, claims=claims)


def whole_object(text: str) -> dict[str, object] | None:
    """Read the first JSON object in *text*, whatever stands around it; None when none is complete."""
    start = text.find("{")
    if start < 0:
        return None
    try:
        # strict=False: some models put raw line feeds into strings.
        value, _ = json.JSONDecoder(strict=False).raw_decode(text, start)
    except (json.JSONDecodeError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def complete_string(text: str, name: str) -> str:
    """Read the value of the first member *name* if it is a complete string, else return an empty one."""
    found = re.search(rf'"{name}"\s*:\s*(?=")', text)
    if not found:
        return ""
    try:
        value, _ = json.JSONDecoder(strict=False).raw_decode(text, found.end())
    except json.JSONDecodeError:
        return ""
    return _text(value)


def _complete_items(text: str) -> Iterator[object]:
    found = re.search(r'"findings"\s*:\s*\[\s*', text)
    decoder, at = json.JSONDecoder(strict=False), found.end() if found else len(text)
    while at < len(text):
        try:
            value, at = decoder.raw_decode(text, at)
        except (json.JSONDecodeError, RecursionError):
            return
        yield value
        at += len(text[at:]) - len(text[at:].lstrip(", \t\r\n"))


def _claim(item: Mapping[str, object]) -> Claim | None:
    title = _text(item.get("title"))
    if not title:
        return None
    line = item.get("line")
    return Claim(
        path=_text(item.get("path")),
        quote=_text(item.get("quote")),
        line=line if isinstance(line, int) and not isinstance(line, bool) else 0,
        severity=_word(Severity, item.get("severity"), Severity.MEDIUM),
        category=_word(Category, item.get("category"), Category.BUG),
        title=title,
        detail=_text(item.get("problem")),
        suggestion=_text(item.get("fix")),
    )


def _word(kind: type[Word], value: object, otherwise: Word) -> Word:
    try:
        return kind(_text(value).lower())
    except ValueError:
        return otherwise


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
