"""What people do in the workspace, and what the app is told about it."""

from __future__ import annotations

import html
import itertools
import uuid
from typing import Any

from tests.standins.slack import payloads
from tests.standins.slack.api.common import Workspace, changed, described, placed
from tests.standins.slack.socket_mode import Delivery, SocketMode
from tests.standins.slack.world import BOT, TEAM, Message
from tests.standins.slack.writing import typed

RESPONSES = 5
"""How often a `response_url` can be used, within half an hour."""


class People(Workspace):
    """A workspace where things happen.

    Attributes:
        socket: Where the app hears of them.
        events: Which events the app subscribed to.
        commands: Which slash commands it has.
        shortcuts: Which message shortcuts it has.
    """

    def __init__(
        self, scopes: tuple[str, ...], events: tuple[str, ...], commands: tuple[str, ...], shortcuts: tuple[str, ...]
    ) -> None:
        super().__init__(scopes)
        self.events, self.commands, self.shortcuts = events, commands, shortcuts
        self.socket = SocketMode(self.wake, self.now)
        self.responses: dict[str, tuple[str, str, int]] = {}
        self._numbers = itertools.count(1)

    def happen(self, event: dict[str, Any], *, event_id: str = "") -> Delivery | None:
        """Tell the app about an event, if it subscribed to it."""
        kind = str(event["type"])
        subtype = {"im": "message.im", "group": "message.groups", "channel": "message.channels"}
        name = subtype[event.get("channel_type", "channel")] if kind == "message" else kind
        if name not in self.events:
            return None
        return self.socket.deliver("events_api", payloads.callback(event, event_id or f"Ev{next(self._numbers):08}"))

    async def post(self, channel: str, user: str, words: str, *, thread_ts: str = "", broadcast: bool = False) -> str:
        """Let somebody say *words* as they type them: addresses, `@name`, `#channel`; returns the timestamp.

        Args:
            broadcast: A reply is shown in the channel too.
        """
        names = {person.name: person.id for person in self.people.values()}
        text, blocks = typed(words, people=names, channels={c.name: c.id for c in self.channels.values() if c.name})
        subtype = "thread_broadcast" if broadcast else ("bot_message" if self.people[user].bot_id else "")
        message = Message(
            channel=channel,
            ts=self.stamp(),
            user=user,
            text=text,
            blocks=blocks,
            thread_ts=thread_ts,
            subtype=subtype,
        )
        self._say(message)
        return message.ts

    def _say(self, message: Message) -> None:
        message.look()
        self.messages.append(message)
        place = self.channels[message.channel]
        if BOT not in place.members:
            return
        event = {**described(self, message), **placed(self, message)}
        self.happen(event)
        if f"<@{BOT}>" in message.text and not place.person and message.subtype in ("", "thread_broadcast"):
            # The twin has an event id of its own, and no channel_type.
            self.happen(
                {**{name: value for name, value in event.items() if name != "channel_type"}, "type": "app_mention"}
            )

    async def edit(self, message: Message, words: str) -> None:
        """Let its author change a message."""
        before = described(self, message)
        names = {person.name: person.id for person in self.people.values()}
        message.text, message.blocks = typed(words, people=names, channels={})
        changed(self, message, before)

    async def unfurl(self, message: Message, url: str) -> None:
        """Let Slack show a preview of a link below a message, which changes the message."""
        before = described(self, message)
        message.attachments = [{"from_url": url, "title": "A page", "title_link": url, "text": url, "id": 1}]
        changed(self, message, before)

    async def remove(self, message: Message) -> None:
        """Let somebody delete a message."""
        before = described(self, message)
        message.deleted = True
        where = placed(self, message, ts=self.stamp())
        gone = {"subtype": "message_deleted", "hidden": True, "deleted_ts": message.ts, "previous_message": before}
        self.happen({"type": "message", **gone, **where})

    async def join(self, channel: str, user: str) -> None:
        """Let somebody, or the bot, join a channel."""
        place = self.channels[channel]
        place.members.add(user)
        event = {"type": "member_joined_channel", "user": user, "channel": channel, "channel_type": channel[0]}
        self.happen({**event, "team": TEAM, "inviter": "U1", "event_ts": self.stamp()})
        text = f"<@{user}> has joined the channel"
        self._say(Message(channel=channel, ts=self.stamp(), user=user, text=text, subtype="channel_join"))

    def link_in_composer(self, user: str, url: str) -> Delivery | None:
        """Let somebody have a link in a message that is not sent yet; apps that unfurl are told even of that."""
        link = {"domain": url.split("/")[2], "url": url}
        return self.happen(
            {
                "type": "link_shared",
                "user": user,
                "channel": "COMPOSER",
                "message_ts": str(uuid.uuid4()),
                "is_bot_user_member": True,
                "unfurl_id": str(uuid.uuid4()),
                "source": "composer",
                "links": [link],
                "event_ts": self.stamp(),
            }
        )

    def command(self, channel: str, user: str, words: str, *, name: str = "/review") -> Delivery:
        """Let somebody type a slash command; in a thread nobody can."""
        assert name in self.commands, f"the app has {self.commands}"
        url = self._response_url(user, channel)
        said = html.escape(words, quote=False)
        body = payloads.command(self, channel, user, said, name=name, response_url=url)
        return self.socket.deliver("slash_commands", body)

    def press(self, user: str, message: Message, action_id: str, value: str = "") -> Delivery:
        """Let somebody press a button, which must be there, and with *value* be that one."""
        button, block = payloads.find_button(message.blocks, action_id, value)
        body = {
            **payloads.interaction(self, user, "block_actions"),
            **payloads.pressed_in_message(self, message, self._response_url(user, message.channel)),
            "actions": [payloads.action(button, block, self.stamp())],
        }
        return self.socket.deliver("interactive", body)

    def shortcut(self, user: str, message: Message, callback_id: str) -> Delivery:
        """Let somebody use a message's shortcut."""
        assert callback_id in self.shortcuts, f"the app has {self.shortcuts}"
        body = {
            **payloads.interaction(self, user, "message_action"),
            "callback_id": callback_id,
            "channel": {"id": message.channel, "name": self.channels[message.channel].name or "directmessage"},
            "message_ts": message.ts,
            "action_ts": self.stamp(),
            "message": described(self, message),
            "response_url": self._response_url(user, message.channel),
        }
        return self.socket.deliver("interactive", body)

    def open_home(self, user: str, *, tab: str = "home") -> Delivery | None:
        """Let somebody look at App Home, or at the messages beside it."""
        known = {"view": self.homes[user]} if user in self.homes and tab == "home" else {}
        event = {"type": "app_home_opened", "user": user, "channel": self.direct(user).id, "tab": tab, **known}
        return self.happen({**event, "event_ts": self.stamp()})

    def press_home(self, user: str, action_id: str, value: str = "") -> Delivery:
        """Let somebody press a button of App Home."""
        view = self.homes[user]
        button, block = payloads.find_button(view["blocks"], action_id, value)
        body = {
            **payloads.interaction(self, user, "block_actions"),
            "container": {"type": "view", "view_id": view["id"]},
            "view": view,
            "actions": [payloads.action(button, block, self.stamp())],
        }
        return self.socket.deliver("interactive", body)

    def submit(self, user: str, **values: Any) -> Delivery:
        """Let somebody submit the newest modal: *values* by block, everything else as it was filled in."""
        view = self.modals[-1]
        state = {"values": payloads.typed_into(view, values)}
        body = {**payloads.interaction(self, user, "view_submission"), "view": {**view, "state": state}}
        return self.socket.deliver("interactive", {**body, "response_urls": []})

    async def settled(self) -> None:
        """Wait until the app acknowledged what others than itself did, or was given up."""
        await self.until(lambda: all(delivery.over or delivery.own for delivery in self.socket.deliveries))

    def _response_url(self, user: str, channel: str) -> str:
        token = uuid.uuid4().hex
        self.responses[token] = (user, channel, RESPONSES)
        return f"{self.url}/respond/{token}"
