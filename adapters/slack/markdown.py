"""A model's markdown for where Slack parses it: in streams, which take nothing else, and in `markdown` blocks.

What could mention somebody, show a picture, or lead elsewhere under another name is taken out; everything else is kept,
code above all. https://docs.slack.dev/reference/block-kit/blocks/markdown-block
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from bot.domain.plain_text import plain

MOST = 11_000
"""Characters of one message; all `markdown` blocks of one together may have 12,000."""

_PING = re.compile(r"(?:<|&(?:lt|#0*60|#x0*3c);)(?=[!@#])", re.IGNORECASE)
"""An escape would be shown as such inside of code, so that a character takes its place that only looks alike.

Written as an entity it is replaced too: markdown reads that as the character.
"""

_FENCE = re.compile(r"(\s{0,3})(`{3,20}|~{3,20})(.*)")
_SPAN = re.compile(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)")
_LINK = re.compile(r"(?P<image>!?)\[(?P<label>[^\[\]\n]*)\]\((?P<url>[^\s()<>]+)\)")
_OPEN = re.compile(r"\](?=[(\[])|^(\s*)\[(?=[^\]]*\]:)|!(?=\[)")
"""What is left of links, reference links, their definitions and pictures when those we know are rewritten."""

_TAIL = re.compile(r"\S*[`\[].*\Z|\S*\Z", re.DOTALL)
"""What may turn into something else as long as its line goes on: a code span, a link, a word."""


def harmless(markdown: str, *, host: str) -> str:
    """Take out what could do more than be read; links that lead to *host* stay."""
    return _PING.sub("‹", "".join(_lines(plain(markdown), host)))


def settled(markdown: str, *, host: str) -> str:
    """Return the beginning of `harmless` that stays as it is whatever is written next."""
    whole, end, last = markdown.rpartition("\n")
    spans = [span.end() for span in _SPAN.finditer(last) if span.end() < len(last)]
    known = spans[-1] if spans else 0
    return harmless(f"{whole}{end}{last[:known]}{_TAIL.sub('', last[known:], count=1)}", host=host)


def split(markdown: str, most: int = MOST) -> Iterator[str]:
    """Split an answer at line ends into messages; a code block that is cut is closed and opened again."""
    page, fence = "", ""
    for line in markdown.splitlines(keepends=True):
        after = _fence_after(line, fence)
        for piece in _short(line, most // 2):
            if len(page) + len(piece) + max(len(fence), len(after)) + 1 > most:
                yield _closed(page, fence)
                page = f"{fence}\n" if fence else ""
            page += piece
        fence = after
    if page.strip():
        yield page


def _closed(page: str, fence: str) -> str:
    return f"{page.rstrip(chr(10))}\n{fence}" if fence else page


def _fence_after(line: str, fence: str) -> str:
    """Return the fence that is open after *line*, empty outside of code."""
    found = _FENCE.match(line)
    if not found:
        return fence
    if not fence:
        return "" if "`" in found[3] else found[2]
    ends = found[2].startswith(fence) and not found[3].strip()
    return "" if ends else fence


def _lines(markdown: str, host: str) -> Iterator[str]:
    fence = ""
    for line in markdown.splitlines(keepends=True):
        before, fence = fence, _fence_after(line, fence)
        yield line if before or fence else _outside_of_code(line, host)


def _outside_of_code(line: str, host: str) -> str:
    parts, end = [], 0
    for span in _SPAN.finditer(line):
        parts += [_linkless(line[end : span.start()], host), span[0]]
        end = span.end()
    return "".join((*parts, _linkless(line[end:], host)))


def _linkless(words: str, host: str) -> str:
    parts, end = [], 0
    for found in _LINK.finditer(words):
        parts += [_broken(words[end : found.start()]), _link(found, host)]
        end = found.end()
    return "".join((*parts, _broken(words[end:])))


def _link(found: re.Match[str], host: str) -> str:
    label, url = found["label"].strip(), found["url"]
    if host and url.startswith(f"{host.rstrip('/')}/") and not found["image"]:
        return found[0]
    if not url.startswith(("https://", "http://")):
        return _broken(found[0])  # more likely code that is not marked as such
    return f"{label} ({url})" if label else url


def _broken(words: str) -> str:
    """Escape the bracket or mark without which there is no link."""
    return _OPEN.sub(lambda found: rf"{found[1]}\[" if found[1] is not None else rf"\{found[0]}", words)


def _short(line: str, most: int) -> Iterator[str]:
    for begin, end in pairwise((*range(0, len(line), most), len(line))):
        yield line[begin:end]
