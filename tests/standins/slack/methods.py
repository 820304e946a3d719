"""The methods of the Web API; each answers as https://docs.slack.dev/reference/methods says."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeAlias

from tests.standins.slack import limits
from tests.standins.slack.world import Channel, Message, World

Arguments: TypeAlias = dict[str, Any]
Body: TypeAlias = dict[str, Any]


class Refused(Exception):
    """Slack answers `ok: false`; carries its code and what else it says."""

    def __init__(self, code: str, **more: Any) -> None:
        super().__init__(code)
        self.code = code
        self.more = more


class Methods:
    """Answers calls against a `World`.

    Attributes:
        stream_life: How many pieces a stream takes before Slack has forgotten it; None for any number.
        uploads: Content by file id.
        expired: Triggers that are too old.
    """

    def __init__(self, world: World, base_url: Callable[[], str]) -> None:
        self._world = world
        self._base_url = base_url
        self.stream_life: int | None = None
        self.uploads: dict[str, str] = {}
        self.expired: set[str] = set()
        self._pieces: dict[str, int] = {}

    def answer(self, method: str, arguments: Arguments) -> Body:
        """Answer one call.

        Raises:
            Refused: As Slack refuses.
            LookupError: There is no such method.
        """
        name = re.sub(r"[^a-z]+", "_", re.sub(r"([A-Z])", r"_\1", method).lower())
        handle: Callable[[Arguments], Body] | None = getattr(self, f"do_{name}", None)
        if handle is None:
            raise LookupError(method)
        return handle(arguments)

    def do_auth_test(self, _: Arguments) -> Body:
        return {
            "url": "https://octo.slack.com/",
            "team": "Octo",
            "team_id": "T1",
            "user": "parley",
            "user_id": "UBOT",
            "bot_id": "BBOT",
        }

    def do_users_info(self, arguments: Arguments) -> Body:
        name = self._world.users.get(arguments["user"])
        if name is None:
            raise Refused("user_not_found")
        profile = {"display_name": name, "real_name": name.title()}
        return {"user": {"id": arguments["user"], "name": name, "tz": "Europe/Berlin", "profile": profile}}

    def do_users_conversations(self, arguments: Arguments) -> Body:
        user = arguments.get("user", "UBOT")
        seen = [
            channel
            for channel in self._world.channels.values()
            if user in channel.members
            and not channel.person
            and not channel.archived
            and (not channel.private or "UBOT" in channel.members)
        ]
        # Two a page, so that nobody reads the first only.
        start = int(arguments.get("cursor") or 0)
        more = str(start + 2) if start + 2 < len(seen) else ""
        channels = [{"id": channel.id, "name": channel.name} for channel in seen[start : start + 2]]
        return {"channels": channels, "response_metadata": {"next_cursor": more}}

    def do_conversations_info(self, arguments: Arguments) -> Body:
        channel = self._world.channels.get(arguments["channel"])
        if channel is None or (channel.private and "UBOT" not in channel.members):
            raise Refused("channel_not_found")
        return {"channel": {"id": channel.id, "name": channel.name, "is_member": "UBOT" in channel.members}}

    def do_chat_post_message(self, arguments: Arguments) -> Body:
        channel = self._writable(arguments["channel"])
        message = self._message(channel, arguments)
        self._world.messages.append(message)
        return {"channel": channel.id, "ts": message.ts, "message": {"ts": message.ts, "text": message.text}}

    def do_chat_post_ephemeral(self, arguments: Arguments) -> Body:
        channel = self._writable(arguments["channel"])
        if arguments["user"] not in channel.members:
            raise Refused("user_not_in_channel")
        message = self._message(channel, arguments)
        message.only_for = arguments["user"]
        self._world.messages.append(message)
        return {"message_ts": message.ts}

    def do_chat_update(self, arguments: Arguments) -> Body:
        channel = self._writable(arguments["channel"])
        message = self._world.find(channel.id, arguments["ts"])
        if message is None:
            raise Refused("message_not_found")
        if message.user != "UBOT" or message.only_for or message.streaming:
            raise Refused("cant_update_message")
        changed = self._message(channel, arguments)
        if len(changed.text) > 4000:
            raise Refused("msg_too_long")
        message.text, message.blocks, message.edits = changed.text, changed.blocks, message.edits + 1
        return {"channel": channel.id, "ts": message.ts, "text": message.text}

    def do_chat_get_permalink(self, arguments: Arguments) -> Body:
        message = self._world.find(arguments["channel"], arguments["message_ts"])
        if message is None:
            raise Refused("message_not_found")
        digits = message.ts.replace(".", "")
        return {"permalink": f"https://octo.slack.com/archives/{message.channel}/p{digits}"}

    def do_chat_start_stream(self, arguments: Arguments) -> Body:
        channel = self._writable(arguments["channel"])
        if not arguments.get("thread_ts"):
            raise Refused("invalid_arguments")
        if not channel.person and not (arguments.get("recipient_team_id") and arguments.get("recipient_user_id")):
            raise Refused("missing_recipient_team_id")
        message = self._message(channel, {**arguments, "text": self._streamed(arguments) or " ", "blocks": None})
        message.streaming = True
        self._world.messages.append(message)
        return {"channel": channel.id, "ts": message.ts}

    def do_chat_append_stream(self, arguments: Arguments) -> Body:
        message = self._stream(arguments)
        message.text += self._streamed(arguments)
        message.edits += 1
        return {"channel": message.channel, "ts": message.ts}

    def do_chat_stop_stream(self, arguments: Arguments) -> Body:
        message = self._stream(arguments)
        message.text += self._streamed(arguments)
        message.streaming = False
        return {"channel": message.channel, "ts": message.ts, "message": {"text": message.text}}

    def do_files_get_upload_u_r_l_external(self, arguments: Arguments) -> Body:
        number = f"F{len(self.uploads) + 1}"
        self.uploads[number] = ""
        assert int(arguments["length"]) > 0
        return {"upload_url": f"{self._base_url()}/upload/{number}", "file_id": number}

    def do_files_complete_upload_external(self, arguments: Arguments) -> Body:
        channel = self._writable(arguments["channel_id"])
        files = limits.decoded(arguments["files"])
        for file in files:
            message = self._message(channel, {**arguments, "text": file.get("title", "")})
            message.file = self.uploads[file["id"]]
            self._world.messages.append(message)
        return {"files": files}

    def do_views_publish(self, arguments: Arguments) -> Body:
        view = limits.decoded(arguments["view"])
        self._check_view(view)
        self._world.homes[arguments["user_id"]] = view
        return {"view": view}

    def do_views_open(self, arguments: Arguments) -> Body:
        view = limits.decoded(arguments["view"])
        if arguments["trigger_id"] in self.expired:
            raise Refused("expired_trigger_id")
        self._check_view(view)
        if not 1 <= len(view["title"]["text"]) <= 24 or len(view.get("private_metadata", "")) > 3000:
            raise Refused("invalid_arguments")
        self._world.modals.append(view)
        return {"view": {**view, "id": f"V{len(self._world.modals)}"}}

    def _check_view(self, view: Body) -> None:
        if code := limits.problem(view["blocks"], most=100):
            raise Refused("invalid_arguments", response_metadata={"messages": [code]})

    def _writable(self, channel_id: str) -> Channel:
        channel = self._world.channels.get(channel_id)
        if channel is None or (channel.private and "UBOT" not in channel.members):
            raise Refused("channel_not_found")
        if channel.archived:
            raise Refused("is_archived")
        if "UBOT" not in channel.members:
            raise Refused("not_in_channel")
        return channel

    def _message(self, channel: Channel, arguments: Arguments) -> Message:
        blocks = limits.decoded(arguments.get("blocks")) or []
        text = str(arguments.get("text") or "")
        if code := limits.problem(blocks):
            raise Refused(code)
        if not blocks and not text:
            raise Refused("no_text")
        thread = str(arguments.get("thread_ts") or "")
        if thread and self._world.find(channel.id, thread) is None:
            raise Refused("thread_not_found")
        return Message(
            channel=channel.id,
            ts=self._world.stamp(),
            user="UBOT",
            text=text[:40_000],
            thread_ts=thread,
            blocks=blocks,
        )

    def _streamed(self, arguments: Arguments) -> str:
        chunks = limits.decoded(arguments.get("chunks")) or []
        if any(chunk["type"] != "markdown_text" for chunk in chunks) or (chunks and arguments.get("markdown_text")):
            raise Refused("invalid_chunks")
        text = str(arguments.get("markdown_text") or "") + "".join(chunk["text"] for chunk in chunks)
        if len(text) > 12_000:
            raise Refused("msg_too_long")
        return text

    def _stream(self, arguments: Arguments) -> Message:
        message = self._world.find(arguments["channel"], arguments["ts"])
        if message is None:
            raise Refused("message_not_found")
        self._pieces[message.ts] = self._pieces.get(message.ts, 0) + 1
        if self.stream_life is not None and self._pieces[message.ts] > self.stream_life:
            message.streaming = False
        if not message.streaming:
            raise Refused("message_not_in_streaming_state")
        return message
