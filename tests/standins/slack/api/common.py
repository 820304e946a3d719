"""What the methods share: how Slack refuses, and where the bot may write."""

from __future__ import annotations

import uuid
from typing import Any

from tests.standins.slack import limits
from tests.standins.slack.world import APP, BOT, BOT_ID, TEAM, Channel, Message, World

LONGEST_TEXT = 40_000
LONGEST_MARKDOWN = 12_000


class Refused(Exception):
    """Slack answers `ok: false`; carries its code and what else it says."""

    def __init__(self, code: str, **more: Any) -> None:
        super().__init__(code)
        self.code = code
        self.more = more


class Workspace(World):
    """A world with an app in it.

    Attributes:
        url: Where it is served.
        scopes: What the bot may do.
        uploads: Content by file id.
        alts: What images show, in words, by file id.
        stream_seconds: How long a stream may be silent before Slack forgets it.
        mistakes: What no correct app does, such as calling a method that there is not; the test fails of them.
    """

    def __init__(self, scopes: tuple[str, ...]) -> None:
        super().__init__()
        self.url = ""
        self.scopes = scopes
        self.uploads: dict[str, bytes] = {}
        self.alts: dict[str, str] = {}
        self.stream_seconds = 300.0
        self.mistakes: list[str] = []

    def happen(self, event: dict[str, Any], *, event_id: str = "") -> object:
        """Tell the app about an event."""
        raise NotImplementedError

    def trigger(self) -> str:
        """Issue a trigger id."""
        name = f"{len(self.triggers) + 1}.{uuid.uuid4().hex[:8]}"
        self.triggers[name] = self.now()
        return name


def readable(slack: Workspace, channel_id: str) -> Channel:
    """Return a channel that the bot can see.

    Raises:
        Refused: There is none, as far as the bot knows.
    """
    channel = slack.direct(channel_id) if channel_id in slack.people else slack.channels.get(channel_id)
    if channel is None or (channel.private and BOT not in channel.members):
        raise Refused("channel_not_found")
    return channel


def writable(slack: Workspace, channel_id: str) -> Channel:
    """Return a channel that the bot may write to.

    Raises:
        Refused: It may not.
    """
    channel = readable(slack, channel_id)
    if channel.archived:
        raise Refused("is_archived")
    if BOT not in channel.members:
        raise Refused("not_in_channel")
    return channel


def composed(slack: Workspace, channel: Channel, arguments: dict[str, Any]) -> Message:
    """Make a message of the arguments that `chat.postMessage` and its neighbours share.

    Raises:
        Refused: It is too long, malformed or empty.
    """
    blocks = limits.decoded(arguments.get("blocks")) or []
    text = str(arguments.get("text") or "")
    if markdown := str(arguments.get("markdown_text") or ""):
        if text or blocks:
            raise Refused("markdown_text_conflict")
        if len(markdown) > LONGEST_MARKDOWN:
            raise Refused("msg_too_long")
        blocks = [{"type": "markdown", "text": markdown}]
    code, problems = limits.refusal(blocks)
    if code:
        raise Refused(code, errors=problems, response_metadata={"messages": [f"[ERROR] {one}" for one in problems]})
    if not blocks and not text:
        raise Refused("no_text")
    return Message(
        channel=channel.id,
        ts=slack.stamp(),
        user=BOT,
        text=text[:LONGEST_TEXT],
        thread_ts=_thread(slack, channel, str(arguments.get("thread_ts") or "")),
        blocks=blocks,
        metadata=limits.decoded(arguments.get("metadata")) or {},
    )


def _thread(slack: Workspace, channel: Channel, ts: str) -> str:
    if not ts:
        return ""
    parent = slack.find(channel.id, ts)
    if parent is None:
        raise Refused("thread_not_found")
    if parent.thread_ts:
        slack.mistakes.append(f"replied to a reply: {ts}; a thread is named by its first message")
    return ts


def posted(slack: Workspace, message: Message) -> dict[str, Any]:
    """Show a new message, and tell the app about it, as Slack tells apps about their own messages too."""
    message.look()
    slack.messages.append(message)
    if not message.only_for:
        slack.happen({**described(slack, message), **placed(slack, message)})
    return {"channel": message.channel, "ts": message.ts, "message": described(slack, message)}


def changed(slack: Workspace, message: Message, before: dict[str, Any]) -> None:
    """Show what a message says now, and tell the app."""
    message.edits += 1
    message.look()
    now = {**described(slack, message), "edited": {"user": message.user, "ts": slack.stamp()}}
    change = {"subtype": "message_changed", "hidden": True, "message": now, "previous_message": before}
    slack.happen({"type": "message", **change, **placed(slack, message, ts=slack.stamp())})


def placed(slack: Workspace, message: Message, *, ts: str = "") -> dict[str, Any]:
    """Return the fields of an event that say where it happened."""
    ts = ts or message.ts
    kind = slack.channels[message.channel].kind
    return {"channel": message.channel, "channel_type": kind, "ts": ts, "event_ts": ts}


def described(slack: Workspace, message: Message) -> dict[str, Any]:
    """Return a message as payloads contain it: https://docs.slack.dev/reference/events/message."""
    about: dict[str, Any] = {
        "type": "message",
        "user": message.user,
        "ts": message.ts,
        "text": message.text,
        "team": TEAM,
        "blocks": message.blocks,
    }
    if message.user == BOT:
        about |= {"bot_id": BOT_ID, "app_id": APP, "bot_profile": {"id": BOT_ID, "app_id": APP, "name": "parley"}}
    elif bot_id := (slack.people[message.user].bot_id if message.user in slack.people else ""):
        about |= {"bot_id": bot_id, "app_id": "A9"}
    else:
        about["client_msg_id"] = str(uuid.uuid5(uuid.NAMESPACE_OID, message.ts))
    parent = slack.find(message.channel, message.thread_ts) if message.thread_ts else None
    if parent is not None:
        about |= {"thread_ts": message.thread_ts, "parent_user_id": parent.user}
    elif any(m.thread_ts == message.ts for m in slack.messages):
        about["thread_ts"] = message.ts  # it began a thread
    for name, value in (("subtype", message.subtype), ("attachments", message.attachments)):
        about |= {name: value} if value else {}
    return about
