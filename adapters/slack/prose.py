"""A model's markdown as rich text: paragraphs, lists, code, bold and italic.

Models write CommonMark, seldom more than this of it. What is not understood is shown as it was written, which nobody
can misuse: see `rich`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from adapters.slack.rich import Element, bullets, link, preformatted, section, spans, text
from bot.domain.plain_text import plain

_FENCE = re.compile(r"\s{0,3}(`{3,}|~{3,})[^`]*$")
_ITEM = re.compile(r"\s*(?:([-*+])|\d{1,3}[.)])\s+(\S.*)")
_HEADING = re.compile(r"\s{0,3}#{1,6}\s+(\S.*?)[\s#]*$")
_MARKUP = re.compile(
    r"(?P<code>(?<!`)(?P<ticks>`+)(?!`)(?:.+?)(?<!`)(?P=ticks)(?!`))"
    r"|\*\*(?P<bold>\S(?:.*?\S)?)\*\*"
    r"|(?<![\w*])\*(?P<italic>[^\s*](?:[^*\n]*[^\s*])?)\*(?![\w*])"
    r"|!?\[(?P<label>[^\[\]\n]*)\]\((?P<url>[^\s()]+)\)",
    re.DOTALL,
)


@dataclass(slots=True)
class _Pile:
    """Lines of one kind that belong together: `text`, `code`, `bullet` or `ordered`."""

    kind: str
    lines: list[str] = field(default_factory=list)


def prose(markdown: str, *, hosts: Sequence[str] = ()) -> list[Element]:
    """Lay out *markdown* as parts of a rich text block; links lead only to *hosts*, others show their address."""
    parts = [_part(pile, hosts) for pile in _piles(plain(markdown).split("\n"))]
    return [part for part in parts if part["elements"]]


def line(markdown: str, *, hosts: Sequence[str] = (), **style: bool) -> list[Element]:
    """Lay out words of one paragraph."""
    return [element for element in _inline(plain(markdown), hosts, style) if element["text"]]


def _piles(lines: Sequence[str]) -> Iterator[_Pile]:
    pile, fence = _Pile("text"), ""
    for one in lines:
        if fence:
            if one.strip().startswith(fence) and not one.strip().strip(fence[0]):
                fence = ""
                yield pile
                pile = _Pile("text")
            else:
                pile.lines.append(one)
            continue
        kind, words = _kind(one)
        if kind != pile.kind or kind == "heading":
            yield pile
            pile = _Pile(kind)
        if kind == "code":
            fence = words
        else:
            pile.lines.append(words)
    yield pile


def _kind(one: str) -> tuple[str, str]:
    if opened := _FENCE.match(one):
        return "code", opened[1]
    if item := _ITEM.fullmatch(one):
        return ("bullet" if item[1] else "ordered"), item[2]
    if heading := _HEADING.fullmatch(one):
        return "heading", heading[1]
    return "text", one


def _part(pile: _Pile, hosts: Sequence[str]) -> Element:
    match pile.kind:
        case "bullet" | "ordered":
            return bullets([line(one, hosts=hosts) for one in pile.lines], style=pile.kind)
        case "code" if "".join(pile.lines).strip():
            return preformatted("\n".join(pile.lines))
        case "heading":
            return section(*line("\n".join(pile.lines), hosts=hosts, bold=True))
    return section(*line("\n".join(pile.lines).strip(), hosts=hosts))


def _inline(words: str, hosts: Sequence[str], style: dict[str, bool]) -> Iterator[Element]:
    end = 0
    for found in _MARKUP.finditer(words):
        yield from spans(words[end : found.start()], hosts=hosts, **style)
        end = found.end()
        if found["code"]:
            yield from spans(found["code"], hosts=hosts, **style)
        elif found["bold"]:
            yield from spans(found["bold"], hosts=hosts, **{**style, "bold": True})
        elif found["italic"]:
            yield from spans(found["italic"], hosts=hosts, **{**style, "italic": True})
        else:
            yield _link(found, hosts, style)
    yield from spans(words[end:], hosts=hosts, **style)


def _link(found: re.Match[str], hosts: Sequence[str], style: dict[str, bool]) -> Element:
    """Make a link whose words hide nothing: elsewhere its address is part of what one reads."""
    label, url = found["label"].strip(), found["url"]
    if not found[0].startswith("!") and any(host and url.startswith(f"{host.rstrip('/')}/") for host in hosts):
        return link(url, label or url, **style)
    return text(f"{label} ({url})" if label else url, **style)
