"""How Slack writes down what people type, and what people read of what is written down.

https://docs.slack.dev/messaging/formatting-message-text: `&`, `<` and `>` are escaped, links and mentions stand in
angle brackets; a link that was typed without its scheme becomes `http`, and keeps what was typed as its label.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any

_PIECE = re.compile(
    r"`(?P<code>[^`\n]+)`"
    r"|\[(?P<label>[^\[\]\n]+)\]\((?P<labelled>https?://[^\s()]+)\)"
    r"|(?P<url>https?://[^\s<>\"`]*[^\s<>\"`.,;:!?)])"
    r"|(?<![\w./@])(?P<bare>(?:(?:[a-z0-9-]+\.)+[a-z]{2,}|127\.0\.0\.1:\d+)/[^\s<>\"`]*[^\s<>\"`.,;:!?)])"
    r"|(?<!\w)@(?P<name>[a-z]+)"
    r"|(?<!\w)#(?P<channel>[a-z][a-z0-9_-]+)"
)
_BROADCASTS = ("channel", "here", "everyone")


def typed(words: str, *, people: Mapping[str, str], channels: Mapping[str, str]) -> tuple[str, list[dict[str, Any]]]:
    """Return the `text` and the `blocks` of a message that a person typed.

    Args:
        people: Ids by the names that can be mentioned.
        channels: Ids by name.
    """
    text, elements, end = "", [], 0
    for piece in _PIECE.finditer(words):
        written, element = _written(piece, people, channels)
        between = words[end : piece.start()]
        text += html.escape(between, quote=False) + written
        elements += [*([_text(between)] if between else []), element]
        end = piece.end()
    if rest := words[end:]:
        text += html.escape(rest, quote=False)
        elements.append(_text(rest))
    section = {"type": "rich_text_section", "elements": elements}
    return text, [{"type": "rich_text", "block_id": "typed", "elements": [section]}] if elements else []


def _written(
    piece: re.Match[str], people: Mapping[str, str], channels: Mapping[str, str]
) -> tuple[str, dict[str, Any]]:
    known = {name: found for name, found in piece.groupdict().items() if found}
    match known:
        case {"code": code}:
            return f"`{html.escape(code, quote=False)}`", {**_text(code), "style": {"code": True}}
        case {"label": label, "labelled": url}:
            written = f"<{html.escape(url, quote=False)}|{html.escape(label, quote=False)}>"
            return written, {"type": "link", "url": url, "text": label}
        case {"url": url}:
            return f"<{html.escape(url, quote=False)}>", {"type": "link", "url": url}
        case {"bare": bare}:
            escaped = html.escape(bare, quote=False)
            return f"<http://{escaped}|{escaped}>", {"type": "link", "url": f"http://{bare}", "text": bare}
        case {"name": name} if name in people:
            return f"<@{people[name]}>", {"type": "user", "user_id": people[name]}
        case {"name": name} if name in _BROADCASTS:
            return f"<!{name}>", {"type": "broadcast", "range": name}
        case {"channel": name} if name in channels:
            return f"<#{channels[name]}|{name}>", {"type": "channel", "channel_id": channels[name]}
    return html.escape(piece[0], quote=False), _text(piece[0])


def _text(words: str) -> dict[str, Any]:
    return {"type": "text", "text": words}


_LINES = ("rich_text_section", "rich_text_preformatted", "rich_text_quote", "context", "actions")


def shown(value: Any) -> str:
    """Return what people read of blocks; mentions and special links as they are written."""
    if isinstance(value, list):
        return "".join(map(shown, value))
    if not isinstance(value, dict):
        return ""
    kind = str(value.get("type"))
    if kind in _LINES:
        return f"{shown(value['elements'])}\n"
    if kind in ("section", "header", "input"):
        return "".join(shown(value.get(name)) for name in ("label", "text", "fields", "accessory")) + "\n"
    if kind == "rich_text_list":
        return "".join(f"• {shown(item)}" for item in value["elements"])
    return _word(kind, value) or shown(value.get("elements"))


def _word(kind: str, value: dict[str, Any]) -> str:
    match kind:
        case "text" | "plain_text" | "markdown":
            return str(value.get("text", ""))
        case "mrkdwn":
            return html.unescape(str(value.get("text", "")))
        case "link":
            return str(value.get("text") or value.get("url"))
        case "user" | "channel" | "broadcast" | "emoji":
            return f"<{value.get('user_id') or value.get('channel_id') or value.get('range') or value.get('name')}>"
        case "button":
            return f"[{shown(value['text'])}] "
    return ""


def pings(text: str, blocks: list[dict[str, Any]]) -> list[str]:
    """Return everybody whom Slack would notify of a message: people, groups and broadcasts."""
    parsed = [text, *_parsed(blocks)]
    found = [piece[0] for words in parsed for piece in re.finditer(r"<(?:@[A-Z0-9]|!(?!date))[^<>]*>?", words)]
    return [*found, *_named(blocks)]


def _parsed(value: Any) -> list[str]:
    """Return the texts that Slack parses: mrkdwn and markdown, but not plain_text and rich_text."""
    if isinstance(value, list):
        return [words for inner in value for words in _parsed(inner)]
    if not isinstance(value, dict):
        return []
    if value.get("type") in ("mrkdwn", "markdown"):
        return [str(value["text"])]
    return [words for inner in value.values() for words in _parsed(inner)]


def _named(value: Any) -> list[str]:
    if isinstance(value, list):
        return [name for inner in value for name in _named(inner)]
    if not isinstance(value, dict):
        return []
    mine = [str(value["type"])] if value.get("type") in ("user", "usergroup", "broadcast") else []
    return [*mine, *(name for inner in value.values() for name in _named(inner))]
