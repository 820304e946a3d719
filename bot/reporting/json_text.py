"""Writes values as JSON that is valid UTF-8 and harmless to look at."""

from __future__ import annotations

import json
import re

from bot.domain.plain_text import encodable

_STEERING = re.compile("[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")


def json_text(value: object) -> str:
    """Write *value* with its keys in order and readable letters, ending in a line feed.

    Strings stay as they are, but what would steer a terminal is written as an escape of JSON, and lone surrogates,
    which many parsers refuse even as escapes, become U+FFFD.
    """
    text = json.dumps(value, ensure_ascii=False, indent=2)
    return encodable(_STEERING.sub(lambda match: f"\\u{ord(match[0]):04x}", text)) + "\n"
