"""Slack's limits on what is posted.

https://docs.slack.dev/reference/block-kit/blocks and chat.postMessage; the sum over all blocks is
https://github.com/slackapi/bolt-js/issues/2509.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

MOST_LETTERS = 13_200
KNOWN = {"section", "header", "context", "actions", "divider", "rich_text", "markdown", "input", "table", "image"}
LONGEST = {"section": 3000, "header": 150, "markdown": 12_000}
ELEMENTS = {"actions": 25, "context": 10}


def problem(blocks: list[dict[str, Any]], *, most: int = 50) -> str:
    """Return Slack's code for what is wrong with *blocks*, empty when they are fine."""
    if len(blocks) > most:
        return "invalid_blocks"
    if sum(_letters(block) for block in blocks) > MOST_LETTERS:
        return "msg_blocks_too_long"
    if any(count > 1 for count in Counter(filter(None, (block.get("block_id") for block in blocks))).values()):
        return "invalid_blocks"
    return next(("invalid_blocks" for block in blocks for _ in _wrong(block)), "")


def _wrong(block: dict[str, Any]) -> Iterator[str]:
    kind = block.get("type", "")
    if kind not in KNOWN or len(block.get("block_id", "")) > 255:
        yield "block"
    if kind in LONGEST and not 1 <= len(_text(block)) <= LONGEST[kind]:
        yield "text"
    if kind in ELEMENTS and not 1 <= len(block["elements"]) <= ELEMENTS[kind]:
        yield "elements"
    if kind == "actions":
        names = [element.get("action_id") for element in block["elements"]]
        if len(set(names)) < len(names):
            yield "action ids"
    if kind == "rich_text":
        yield from _wrong_rich_text(block)
    for element in block.get("elements", []):
        if element.get("type") == "button":
            yield from _wrong_button(element)


def _text(block: dict[str, Any]) -> str:
    text = block.get("text", "")
    return str(text["text"] if isinstance(text, dict) else text)


def _wrong_button(button: dict[str, Any]) -> Iterator[str]:
    if not 1 <= len(button["text"]["text"]) <= 75 or button["text"]["type"] != "plain_text":
        yield "button text"
    if len(button.get("value", "")) > 2000 or not 1 <= len(button["action_id"]) <= 255:
        yield "button value"


def _wrong_rich_text(block: dict[str, Any]) -> Iterator[str]:
    if not block["elements"]:
        yield "no elements"
    for part in block["elements"]:
        if part["type"] not in ("rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote"):
            yield "part"
        if not part["elements"]:
            yield "empty part"
        inner = [one for item in part["elements"] for one in item.get("elements", [item])]
        for element in inner:
            if element["type"] not in ("text", "link") or not element["text"]:
                yield "element"
            if element["type"] == "link" and not element["url"].startswith(("http://", "https://")):
                yield "link"
            if set(element.get("style", {})) - {"bold", "italic", "strike", "code"}:
                yield "style"


def _letters(value: Any) -> int:
    if isinstance(value, str):
        return len(value)
    if isinstance(value, dict):
        return sum(_letters(inner) for name, inner in value.items() if name not in ("type", "style"))
    return sum(map(_letters, value)) if isinstance(value, list) else 0


def pings(blocks: list[dict[str, Any]], text: str) -> list[str]:
    """Return the mentions and broadcasts that Slack would make of a message."""
    parsed = [text, *_parsed(blocks)]
    return [piece for words in parsed for piece in ("<!", "<@", "<#") if piece in words]


def _parsed(value: Any) -> Iterator[str]:
    """Yield the texts that Slack parses: mrkdwn and markdown, not plain_text and rich_text."""
    if isinstance(value, list):
        for inner in value:
            yield from _parsed(inner)
    elif isinstance(value, dict):
        if value.get("type") in ("mrkdwn", "markdown"):
            yield value["text"]
        else:
            yield from _parsed([inner for inner in value.values() if isinstance(inner, dict | list)])


def decoded(value: Any) -> Any:
    """Read an argument that the client may have written as JSON."""
    return json.loads(value) if isinstance(value, str) and value[:1] in ("[", "{") else value
