"""`chat.*` but for streams: https://docs.slack.dev/reference/methods/chat.postMessage and its neighbours."""

from __future__ import annotations

from typing import Any

from tests.standins.slack.api.common import Refused, Workspace, changed, composed, described, placed, posted, writable
from tests.standins.slack.world import BOT, Message

LONGEST_UPDATE = 4_000


def post_message(slack: Workspace, arguments: dict[str, Any]) -> dict[str, Any]:
    """Post for everybody."""
    return posted(slack, composed(slack, writable(slack, arguments["channel"]), arguments))


def post_ephemeral(slack: Workspace, arguments: dict[str, Any]) -> dict[str, Any]:
    """Post for one person, who must be there."""
    channel = writable(slack, arguments["channel"])
    if arguments["user"] not in channel.members:
        raise Refused("user_not_in_channel")
    message = composed(slack, channel, arguments)
    message.only_for = arguments["user"]
    return {"message_ts": posted(slack, message)["ts"]}


def update(slack: Workspace, arguments: dict[str, Any]) -> dict[str, Any]:
    """Replace text and blocks of one of the bot's own messages; a text without blocks drops the old blocks."""
    message = own(slack, arguments)
    if message.streaming and not gone_quiet(slack, message):
        raise Refused("streaming_state_conflict")
    if len(str(arguments.get("text") or "")) > LONGEST_UPDATE:
        raise Refused("msg_too_long")
    wanted = composed(slack, slack.channels[message.channel], {**arguments, "thread_ts": ""})
    before = described(slack, message)
    message.text, message.blocks, message.streaming = wanted.text, wanted.blocks, False
    message.metadata = wanted.metadata or message.metadata  # what is not mentioned stays
    changed(slack, message, before)
    return {"channel": message.channel, "ts": message.ts, "text": message.text, "message": described(slack, message)}


def delete(slack: Workspace, arguments: dict[str, Any]) -> dict[str, Any]:
    """Delete one of the bot's own messages."""
    message = own(slack, arguments)
    before = described(slack, message)
    message.deleted = True
    where = placed(slack, message, ts=slack.stamp())
    gone = {"subtype": "message_deleted", "hidden": True, "deleted_ts": message.ts, "previous_message": before}
    slack.happen({"type": "message", **gone, **where})
    return {"channel": message.channel, "ts": message.ts}


def get_permalink(slack: Workspace, arguments: dict[str, Any]) -> dict[str, Any]:
    """Return the address of a message."""
    message = slack.find(arguments["channel"], arguments["message_ts"])
    if message is None or message.deleted:
        raise Refused("message_not_found")
    address = f"https://octo.slack.com/archives/{message.channel}/p{message.ts.replace('.', '')}"
    thread = f"?thread_ts={message.thread_ts}&cid={message.channel}" if message.thread_ts else ""
    return {"channel": message.channel, "permalink": address + thread}


def own(slack: Workspace, arguments: dict[str, Any]) -> Message:
    """Return the bot's own message that is meant.

    Raises:
        Refused: It is gone, or somebody else's.
    """
    channel = writable(slack, arguments["channel"])
    message = slack.find(channel.id, str(arguments["ts"]))
    if message is None or message.deleted:
        raise Refused("message_not_found")
    if message.user != BOT:
        raise Refused("cant_update_message")
    return message


def gone_quiet(slack: Workspace, message: Message) -> bool:
    """Tell whether Slack has forgotten that this message is streamed."""
    return slack.now() - message.stream_touched > slack.stream_seconds
