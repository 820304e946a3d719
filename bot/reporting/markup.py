"""Text of strangers put into markdown so that it reads as it was meant and cannot become anything else.

Only code spans survive: they are what models write names in. Links, images, HTML, headings, lists and fences
that somebody wrote into a title or a claim are shown as the characters they are made of.
Rules: CommonMark 0.31 and GitHub's extensions to it (tables, strikethrough).
"""

from __future__ import annotations

import re
from urllib.parse import quote

from bot.domain.plain_text import one_line, plain

_CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`)([^`](?:.*?[^`])?)(?<!`)\1(?!`)")

_SPECIAL = re.compile(
    r"\\(?=[!-/:-@\[-`{-~])"  # a backslash counts only before punctuation
    r"|[~`]|\*(?!(?<=\s\*)\s)"  # an asterisk between spaces is a product
    r"|(?<![^\W_])_|_(?![^\W_])"  # inside a word an underscore is no emphasis
    r"|<(?=[\w/!?])"  # a tag, a comment or an autolink
    r"|&(?=#?\w+;)"  # an entity
    r"|!(?=\[)|\[(?=\^)|\](?=[(\[:])|^\["  # images, footnotes, links, tasks
    r"|(?<=\s)#(?=#*$)"  # the end of a heading
)

_BLOCK_START = re.compile(r"^(?:([#>=+-])|(\d{1,9})([.)]))")

_URL_SAFE = ":/?#@!$&'*+,;=%-._~"

_PARAGRAPH_END = re.compile(r"\n[ \t]*\n")


def inline(text: str) -> str:
    """Put *text* on one line of markdown; it may stand at the beginning of a paragraph, list item or heading."""
    line = one_line(text)
    parts: list[str] = []
    end = 0
    for span in _CODE_SPAN.finditer(line):
        parts += [_escape(line[end : span.start()]), code(span[2])]
        end = span.end()
    return _BLOCK_START.sub(_escape_block, "".join([*parts, _escape(line[end:])]))


def paragraphs(text: str) -> str:
    """Keep the paragraphs of *text*, each made `inline`."""
    return "\n\n".join(filter(None, map(inline, _PARAGRAPH_END.split(plain(text)))))


def code(text: str) -> str:
    """Make a code span; its ticks are longer than any inside."""
    line = one_line(text)
    ticks = "`" * (_longest_run("`", line) + 1)
    padding = " " if "`" in (line[:1], line[-1:]) or not line else ""
    return f"{ticks}{padding}{line or ' '}{padding}{ticks}"


def fence(text: str) -> str:
    """Make a code block; its fence is longer than any run of ticks inside."""
    body = plain(text).strip("\n")
    ticks = "`" * max(3, _longest_run("`", body) + 1)
    return f"{ticks}\n{body}\n{ticks}"


def link(label: str, url: str) -> str:
    """Link a piece of finished markdown; without an address of the web it stays as it is."""
    return f"[{label}]({quote(url, safe=_URL_SAFE)})" if url.startswith(("https://", "http://")) else label


def _escape(text: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", text)


def _escape_block(match: re.Match[str]) -> str:
    return f"\\{match[1]}" if match[1] else f"{match[2]}\\{match[3]}"


def _longest_run(character: str, text: str) -> int:
    return max(map(len, re.findall(f"{re.escape(character)}+", text)), default=0)
