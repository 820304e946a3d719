"""What exists in the stand-in's workspace, what was asked of it, and who waits for it to change."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.standins.slack.writing import shown

BOT, BOT_ID, APP, TEAM = "UBOT", "BBOT", "A1", "T1"


@dataclass(kw_only=True)
class Person:
    """Somebody with an account; `bot_id` is set for programs, `guest` for people from outside."""

    id: str
    name: str
    bot_id: str = ""
    guest: bool = False
    tz: str = "Europe/Berlin"


@dataclass(kw_only=True)
class Channel:
    """A conversation; `person` is who a direct message is with."""

    id: str
    name: str = "general"
    private: bool = False
    archived: bool = False
    person: str = ""
    members: set[str] = field(default_factory=lambda: {BOT, "U1", "U2", "UADMIN"})

    @property
    def kind(self) -> str:
        """Return Slack's `channel_type`."""
        return "im" if self.person else ("group" if self.private else "channel")


@dataclass(kw_only=True, eq=False)
class Message:
    """A message as people see it now.

    Attributes:
        edits: How often it changed.
        only_for: Who sees an ephemeral one.
        file: The content of its file, where that is text.
        image: The same where it is an image; `alt` says what that shows.
        looks: What people read, from the first look to the newest.
    """

    channel: str
    ts: str
    user: str
    text: str
    thread_ts: str = ""
    blocks: list[dict[str, Any]] = field(default_factory=list)
    attachments: list[dict[str, Any]] = field(default_factory=list)
    metadata: dict[str, Any] = field(default_factory=dict)
    subtype: str = ""
    streaming: bool = False
    stream_touched: float = 0.0
    edits: int = 0
    only_for: str = ""
    file: str = ""
    file_name: str = ""
    image: bytes = b""
    alt: str = ""
    deleted: bool = False
    looks: list[str] = field(default_factory=list)

    @property
    def seen(self) -> str:
        """Return what people read: the blocks where there are some, and a file's content."""
        return f"{shown(self.blocks) if self.blocks else shown({'type': 'mrkdwn', 'text': self.text})}{self.file}"

    def look(self) -> None:
        """Remember how it looks now."""
        self.looks.append(self.seen)


@dataclass(frozen=True, kw_only=True)
class ApiCall:
    """One request; `error` is Slack's code, empty for success; `at` is when, in the seconds of `World.now`."""

    method: str
    arguments: dict[str, Any]
    error: str = ""
    at: float = 0.0

    def __str__(self) -> str:
        words = str(self.arguments.get("text") or self.arguments.get("markdown_text") or "")[:60]
        where = self.arguments.get("channel") or self.arguments.get("user_id") or ""
        return f"{self.method} {where} {self.error or 'ok'} {words!r}"


class World:
    """Workspace T1.

    People: U1 ada, U2 mona, UADMIN root, UGUEST guest (only in C1), UHUB (another program, BHUB).
    Channels: C1 general, C2 secret (private), C3 elsewhere (without the bot), C4 hidden (private, without the bot),
    C9 old (archived), D1 (direct messages with U1).

    Attributes:
        expected: What the test provokes Slack to refuse, as in `errors`.
    """

    def __init__(self) -> None:
        people = (
            Person(id="U1", name="ada"),
            Person(id="U2", name="mona"),
            Person(id="UADMIN", name="root"),
            Person(id="UGUEST", name="guest", guest=True),
            Person(id="UHUB", name="hub", bot_id="BHUB"),
            Person(id=BOT, name="parley", bot_id=BOT_ID),
        )
        everybody = {BOT, "U1", "U2", "UADMIN", "UGUEST"}
        channels = (
            Channel(id="C1", members=everybody),
            Channel(id="C2", name="secret", private=True),
            Channel(id="C3", name="elsewhere", members={"U1", "U2", "UADMIN"}),
            Channel(id="C4", name="hidden", private=True, members={"U1", "U2"}),
            Channel(id="C9", name="old", archived=True),
            Channel(id="D1", name="", person="U1", members={BOT, "U1"}),
        )
        self.people = {person.id: person for person in people}
        self.channels = {channel.id: channel for channel in channels}
        self.messages: list[Message] = []
        self.calls: list[ApiCall] = []
        self.expected: set[str] = set()
        self.homes: dict[str, dict[str, Any]] = {}
        self.modals: list[dict[str, Any]] = []
        self.reactions: list[tuple[str, str, str]] = []
        self.triggers: dict[str, float] = {}
        self.exchanged: set[str] = set()
        self._ahead = 0.0
        self._counter = 0
        self._changed = asyncio.Condition()

    def now(self) -> float:
        """Return the seconds of this world."""
        return time.monotonic() + self._ahead

    def forward(self, seconds: float) -> None:
        """Let time pass: streams die and triggers expire, without anybody waiting."""
        self._ahead += seconds

    def stamp(self) -> str:
        """Return a timestamp that nothing else has."""
        self._counter += 1
        return f"17000{self._counter:05}.000100"

    def add_channel(self, name: str, *members: str) -> Channel:
        """Make another public channel with the bot in it."""
        channel = Channel(id=name, name=name.lower(), members={BOT, *(members or ("U1", "U2"))})
        self.channels[name] = channel
        return channel

    def direct(self, user: str) -> Channel:
        """Return the direct messages with a person."""
        known = next((channel for channel in self.channels.values() if channel.person == user), None)
        if known is None:
            known = Channel(id=f"D{user}", name="", person=user, members={BOT, user})
            self.channels[known.id] = known
        return known

    def find(self, channel: str, ts: str) -> Message | None:
        """Return the message with a timestamp; an ephemeral one can be found by nobody."""
        return next((m for m in self.messages if (m.channel, m.ts) == (channel, ts) and not m.only_for), None)

    def standing(self, channel: str, thread: str = "") -> list[Message]:
        """Return a channel's messages as everybody sees them now, of a thread with the message it began with."""
        here = [m for m in self.messages if m.channel == channel and not m.only_for and not m.deleted]
        return [m for m in here if thread in (m.ts, m.thread_ts)] if thread else [m for m in here if not m.thread_ts]

    def by_bot(self, channel: str = "", *, ephemeral: bool = False) -> list[Message]:
        """Return what the bot said and what still stands."""
        return [
            one
            for one in self.messages
            if one.user == BOT
            and one.subtype != "channel_join"
            and channel in ("", one.channel)
            and bool(one.only_for) == ephemeral
            and not one.deleted
        ]

    def thread(self, channel: str, ts: str) -> list[Message]:
        """Return what the bot said in a thread."""
        return [one for one in self.by_bot(channel) if one.thread_ts == ts]

    def whispered(self, user: str) -> list[str]:
        """Return what only this person saw."""
        return [one.seen for one in self.by_bot(ephemeral=True) if one.only_for == user]

    def home(self, user: str) -> str:
        """Return what a person reads in App Home, empty before it was published."""
        return shown(self.homes[user]["blocks"]) if user in self.homes else ""

    def of(self, method: str) -> list[ApiCall]:
        """Return the calls of a method that went well."""
        return [call for call in self.calls if call.method == method and not call.error]

    @property
    def errors(self) -> list[str]:
        """Return what was refused, but for rate limits."""
        return [f"{call.method}: {call.error}" for call in self.calls if call.error not in ("", "ratelimited")]

    async def note(self, call: ApiCall) -> None:
        """Keep a call and wake who waits."""
        self.calls.append(call)
        await self.wake()

    async def wake(self) -> None:
        """Wake who waits for something to change."""
        async with self._changed:
            self._changed.notify_all()

    async def until(self, holds: Callable[[], Any], seconds: float = 10) -> Any:
        """Wait until *holds* gives something true, and return it."""
        async with self._changed:
            try:
                async with asyncio.timeout(seconds):
                    while not (found := holds()):
                        await self._changed.wait()
            except TimeoutError:
                calls = "\n".join(map(str, self.calls[-30:]))
                said = [one.seen for one in (*self.by_bot(), *self.by_bot(ephemeral=True))][-10:]
                raise AssertionError(f"never came true; the bot said: {said}\nlast calls:\n{calls}") from None
        return found
