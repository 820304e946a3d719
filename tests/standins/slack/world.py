"""What exists in the stand-in's workspace."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from adapters.slack.rich import shown


@dataclass(kw_only=True)
class Channel:
    """A conversation; `person` is who a direct message is with."""

    id: str
    name: str = "general"
    private: bool = False
    archived: bool = False
    person: str = ""
    members: set[str] = field(default_factory=lambda: {"UBOT", "U1", "U2"})


@dataclass(kw_only=True)
class Message:
    """A message as people see it now; `edits` counts how often it changed, `only_for` is who sees an ephemeral one."""

    channel: str
    ts: str
    user: str
    text: str
    thread_ts: str = ""
    blocks: list[dict[str, Any]] = field(default_factory=list)
    streaming: bool = False
    edits: int = 0
    only_for: str = ""
    file: str = ""

    @property
    def seen(self) -> str:
        """Return what people read: the blocks where there are some, and a file's content."""
        return f"{shown(self.blocks) if self.blocks else self.text}{self.file}"


@dataclass(frozen=True, kw_only=True)
class ApiCall:
    """One request; `error` is Slack's code, empty for success."""

    method: str
    arguments: dict[str, Any]
    error: str = ""


class World:
    """Workspace T1 with the bot, some people and channels C1 (public), C2 (private), C9 (archived), D1 (with U1)."""

    def __init__(self) -> None:
        self.users = {"U1": "ada", "U2": "mona", "UADMIN": "root", "UBOT": "parley"}
        self.channels = {
            channel.id: channel
            for channel in (
                Channel(id="C1"),
                Channel(id="C2", name="secret", private=True),
                Channel(id="C3", name="elsewhere", members={"U1", "U2"}),
                Channel(id="C9", name="old", archived=True),
                Channel(id="D1", name="", person="U1", members={"UBOT", "U1"}),
            )
        }
        self.messages: list[Message] = []
        self.calls: list[ApiCall] = []
        self.homes: dict[str, dict[str, Any]] = {}
        self.modals: list[dict[str, Any]] = []
        self.responses: list[dict[str, Any]] = []
        self._counter = 0
        self._changed = asyncio.Condition()

    def stamp(self) -> str:
        """Return a timestamp that nothing else has."""
        self._counter += 1
        return f"17000{self._counter:05}.000100"

    def add_channel(self, name: str, *members: str) -> Channel:
        """Make another public channel with the bot in it."""
        channel = Channel(id=name, name=name.lower(), members={"UBOT", *(members or ("U1", "U2"))})
        self.channels[name] = channel
        return channel

    def find(self, channel: str, ts: str) -> Message | None:
        """Return the message with a timestamp."""
        return next((one for one in self.messages if (one.channel, one.ts) == (channel, ts)), None)

    def by_bot(self, channel: str = "", *, ephemeral: bool = False) -> list[Message]:
        """Return what the bot said."""
        return [
            one
            for one in self.messages
            if one.user == "UBOT" and channel in ("", one.channel) and bool(one.only_for) == ephemeral
        ]

    def thread(self, channel: str, ts: str) -> list[Message]:
        """Return what the bot said in a thread."""
        return [one for one in self.by_bot(channel) if one.thread_ts == ts]

    def whispered(self, user: str) -> list[str]:
        """Return what only this person saw."""
        return [one.seen for one in self.by_bot(ephemeral=True) if one.only_for == user]

    def of(self, method: str) -> list[ApiCall]:
        """Return the calls of a method that went well."""
        return [call for call in self.calls if call.method == method and not call.error]

    async def note(self, call: ApiCall) -> None:
        """Keep a call and wake who waits."""
        self.calls.append(call)
        await self.wake()

    async def wake(self) -> None:
        """Wake who waits for something to change."""
        async with self._changed:
            self._changed.notify_all()

    async def until(self, holds: Callable[[], Any], seconds: float = 20) -> Any:
        """Wait until *holds* gives something true, and return it."""
        async with self._changed:
            try:
                async with asyncio.timeout(seconds):
                    while not (found := holds()):
                        await self._changed.wait()
            except TimeoutError:
                raise AssertionError(f"never came true; the bot said: {[one.seen for one in self.by_bot()]}") from None
        return found
