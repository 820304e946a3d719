"""Slack's rich text: text that Slack does not parse, so that nothing in it can ping, link or become markup.

In `mrkdwn` a stranger's `<!channel>` would have to be escaped and three ticks would end a code block; the elements of
a `rich_text` block are taken as they are: https://docs.slack.dev/reference/block-kit/blocks/rich-text-block.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from bot.domain.plain_text import plain

Block: TypeAlias = dict[str, Any]
Element: TypeAlias = dict[str, Any]

_CODE = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
_URL = re.compile(r"https?://[^\s<>\"'`]+[^\s<>\"'`.,;:!?)]")

LONGEST_URL = 1_000
"""A longer address counts for more of a message than what it leads to is worth; Slack takes 3,000 characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A message.

    Attributes:
        text: What is shown where blocks cannot be, as in a notification; not escaped yet.
        whole: Nothing was left out or cut for want of room.
    """

    blocks: list[Block]
    text: str
    whole: bool = True


def text(words: str, **style: bool) -> Element:
    """Make an element of plain words, with `bold`, `italic`, `strike` or `code` where they are set."""
    element: Element = {"type": "text", "text": plain(words)}
    return {**element, "style": {name: True for name, on in style.items() if on}} if any(style.values()) else element


def link(url: str, words: str, **style: bool) -> Element:
    """Link *words*; without an address of the web they stay words."""
    if not url.startswith(("https://", "http://")) or len(url) > LONGEST_URL:
        return text(words, **style)
    return {**text(words, **style), "type": "link", "url": url}


def mention(person: str) -> Element:
    """Mention somebody who wants that; *person* as in `Audience.person`. Nothing else here reaches anybody."""
    return {"type": "user", "user_id": person.rpartition("/")[2]}


def spans(words: str, *, hosts: Sequence[str] = (), **style: bool) -> list[Element]:
    """Split words into elements: code spans are kept, and addresses below *hosts* become links."""
    return [element for element in _spans(plain(words), hosts, style) if element["text"]]


def section(*elements: Element) -> Element:
    """Put elements into one paragraph; empty ones are not allowed there."""
    return {"type": "rich_text_section", "elements": [element for element in elements if element.get("text", True)]}


def bullets(items: Sequence[Sequence[Element]], *, style: str = "bullet") -> Element:
    """Make a list, `bullet` or `ordered`; items without words are left out."""
    sections = [made for made in (section(*item) for item in items) if made["elements"]]
    return {"type": "rich_text_list", "style": style, "elements": sections}


def preformatted(words: str) -> Element:
    """Make a code block."""
    return {"type": "rich_text_preformatted", "elements": [text(words.strip("\n") or " ")]}


def rich_text(*parts: Element, block_id: str = "") -> Block:
    """Make a block of sections, lists and code."""
    block: Block = {"type": "rich_text", "elements": [part for part in parts if part["elements"]]}
    return {**block, "block_id": block_id} if block_id else block


def letters(blocks: Sequence[Block]) -> int:
    """Count the characters that blocks show or carry, which is what Slack limits over a whole message."""
    return sum(_letters(block) for block in blocks)


def escaped(words: str) -> str:
    """Make words safe where Slack does parse: https://docs.slack.dev/messaging/formatting-message-text#escaping."""
    return plain(words).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def clipped(words: str, most: int) -> str:
    """Cut words that are too long, and show that they were."""
    return words if len(words) <= most else f"{words[: most - 1]}…"


def escaped_and_clipped(words: str, most: int) -> str:
    """Do both, the second without leaving half of an escape."""
    safe = escaped(words)
    return safe if len(safe) <= most else f"{re.sub(r'&[a-z]*$', '', safe[: most - 1])}…"


def _spans(words: str, hosts: Sequence[str], style: dict[str, bool]) -> Iterator[Element]:
    end = 0
    for code in _CODE.finditer(words):
        yield from _linked(words[end : code.start()], hosts, style)
        yield text(code[2].strip() or " ", **{**style, "code": True})
        end = code.end()
    yield from _linked(words[end:], hosts, style)


def _linked(words: str, hosts: Sequence[str], style: dict[str, bool]) -> Iterator[Element]:
    end = 0
    for url in _URL.finditer(words):
        if any(host and url[0].startswith(f"{host.rstrip('/')}/") for host in hosts):
            yield text(words[end : url.start()], **style)
            yield link(url[0], url[0], **style)
            end = url.end()
    yield text(words[end:], **style)


def _letters(value: object) -> int:
    if isinstance(value, str):
        return len(value)
    if isinstance(value, dict):
        return sum(_letters(inner) for name, inner in value.items() if name not in ("type", "style"))
    return sum(map(_letters, value)) if isinstance(value, list) else 0
