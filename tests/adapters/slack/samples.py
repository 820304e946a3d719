"""Payloads as Slack's documentation shows them; each call gives a copy that a test may change.

https://docs.slack.dev/reference/events and https://docs.slack.dev/reference/interaction-payloads
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[2] / "samples" / "slack"

ME, TEAM = "U0BOT", "T0LAN"
WEB_URL = "https://github.com"
LINK = "https://github.com/octo/stats/pull/12"


def sample(name: str) -> dict[str, Any]:
    """Read a payload."""
    return dict(json.loads((FOLDER / f"{name}.json").read_text()))


def event(name: str, **fields: Any) -> dict[str, Any]:
    """Read an event, some fields of which are different."""
    body = sample(name)
    body["event"] |= fields
    return body
