"""Slack's way of writing -> plain words: https://docs.slack.dev/messaging/formatting-message-text."""

from __future__ import annotations

import html
import re

from bot.domain.plain_text import plain

_LINK = re.compile(r"<(?P<url>[A-Za-z][A-Za-z0-9+.-]*:[^|<>\s]*)(?:\|(?P<label>[^<>]*))?>")
_PERSON = re.compile(r"<@(?P<id>[A-Z0-9]+)(?:\|(?P<name>[^<>]*))?>")
_OTHER = re.compile(r"<[#!][^<>|]*(?:\|(?P<name>[^<>]*))?>")


def spoken(text: str, *, web_url: str) -> str:
    """Read what somebody wrote.

    Args:
        web_url: Where the pages of the code host are; links to it that were typed without a scheme get its scheme.
    """
    said = _LINK.sub(lambda match: _address(match, web_url), text)
    said = _PERSON.sub(lambda match: f"@{match['name'] or match['id']}", said)
    said = _OTHER.sub(lambda match: match["name"] or "", said)
    return plain(html.unescape(said)).strip()


def _address(match: re.Match[str], web_url: str) -> str:
    url, label = html.unescape(match["url"]), html.unescape(match["label"] or "")
    if not url.startswith(("http:", "https:")):
        return label or url  # of a mail address or telephone number the label is what was typed
    # A link that was typed without its scheme is written as http by Slack, whatever its host speaks.
    scheme, _, host = web_url.rstrip("/").partition("://")
    if url.casefold() == f"http://{label}".casefold() and label.casefold().startswith(f"{host.casefold()}/"):
        return f"{scheme}://{label}"
    return url
