"""Streams: https://docs.slack.dev/reference/methods/chat.startStream and its neighbours.

How long Slack keeps a silent stream is undocumented: https://github.com/slackapi/python-slack-sdk/issues/1859.
"""

from __future__ import annotations

from typing import Any

from tests.standins.slack import limits
from tests.standins.slack.api.chat import gone_quiet, own
from tests.standins.slack.api.common import Refused, Workspace, composed, described, posted, writable
from tests.standins.slack.world import Message

LONGEST = 12_000


def start(slack: Workspace, arguments: dict[str, Any]) -> dict[str, Any]:
    """Begin a message that grows."""
    channel = writable(slack, arguments["channel"])
    if not arguments.get("thread_ts"):
        raise Refused("invalid_arguments")
    if not channel.person:
        for name in ("recipient_team_id", "recipient_user_id"):
            if not arguments.get(name):
                raise Refused(f"missing_{name}")
        if arguments["recipient_user_id"] not in slack.people:
            raise Refused("user_not_found")
    text = _said(arguments)
    message = composed(slack, channel, {"text": text or " ", "thread_ts": arguments["thread_ts"]})
    message.text, message.streaming, message.stream_touched = text, True, slack.now()
    posted(slack, message)
    return {"channel": channel.id, "ts": message.ts}


def append(slack: Workspace, arguments: dict[str, Any]) -> dict[str, Any]:
    """Add to it."""
    message = _growing(slack, arguments)
    text = _said(arguments)
    if not text:
        raise Refused("no_text")
    _grow(slack, message, text)
    return {"channel": message.channel, "ts": message.ts}


def stop(slack: Workspace, arguments: dict[str, Any]) -> dict[str, Any]:
    """Add the last of it, with blocks below, and end it."""
    message = _growing(slack, arguments)
    blocks = limits.decoded(arguments.get("blocks")) or []
    if code := limits.refusal(blocks)[0]:
        raise Refused(code)
    _grow(slack, message, _said(arguments))
    message.streaming = False
    message.metadata = limits.decoded(arguments.get("metadata")) or message.metadata
    if blocks:
        message.blocks = [{"type": "markdown", "text": message.text}, *blocks]
    return {"channel": message.channel, "ts": message.ts, "message": described(slack, message)}


def _growing(slack: Workspace, arguments: dict[str, Any]) -> Message:
    message = own(slack, arguments)
    if message.streaming and gone_quiet(slack, message):
        message.streaming = False
    if not message.streaming:
        raise Refused("message_not_in_streaming_state")
    return message


def _grow(slack: Workspace, message: Message, text: str) -> None:
    message.text += text
    message.stream_touched = slack.now()
    message.edits += 1
    message.look()


def _said(arguments: dict[str, Any]) -> str:
    chunks = limits.decoded(arguments.get("chunks")) or []
    text = str(arguments.get("markdown_text") or "")
    if chunks and text:
        raise Refused("invalid_arguments")
    if any(chunk.get("type") not in ("markdown_text", "task_update", "plan_update", "blocks") for chunk in chunks):
        raise Refused("invalid_chunks")
    text += "".join(chunk["text"] for chunk in chunks if chunk["type"] == "markdown_text")
    if len(text) > LONGEST:
        raise Refused("msg_too_long")
    return text
