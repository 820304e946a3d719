"""Chats on a stand-in Slack, without an adapter: what the bot says, and what people see of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from adapters.slack.api import SlackApi
from adapters.slack.chat import SlackChat
from adapters.slack.pace import Pace
from adapters.slack.place import SlackPlace
from tests.adapters.slack.serving import settings_for
from tests.builders import NOON
from tests.doubles.inbox import DictJob
from tests.standins.slack import Message, StandInSlack

SOON = 0.01
"""Seconds between two edits, instead of some."""


def a_job(**fields: object) -> DictJob:
    """Make a job that is held."""
    known: dict[str, object] = {"id": "j1", "names": ("j1",), "source": "slack", "body": "", "at": NOON}
    return DictJob(**{**known, **fields})  # type: ignore[arg-type]  # as its fields are


@dataclass(kw_only=True)
class Wall:
    """An api that is open, and a message in C1 that people talk about."""

    slack: StandInSlack
    api: SlackApi
    ts: str
    job: DictJob = field(default_factory=a_job)

    def chat(self, **place: object) -> SlackChat:
        """Return the chat of a command that was given under the message, or at another place."""
        known: dict[str, object] = {
            "team": "T1",
            "channel": "C1",
            "message": self.ts,
            "person": "U1",
            "person_name": "ada",
        }
        return SlackChat(self.api, SlackPlace(**{**known, **place}), str, self.job)  # type: ignore[arg-type]  # likewise

    @property
    def thread(self) -> list[Message]:
        """Return what stands in the thread of the message."""
        return self.slack.thread("C1", self.ts)

    def again(self) -> None:
        """Let the process have ended: another one takes the job up."""
        self.job.tries += 1


@asynccontextmanager
async def wall(slack: StandInSlack, *, between: float = SOON) -> AsyncIterator[Wall]:
    """Open an api whose edits follow each other soon."""
    api = SlackApi(settings_for(slack))
    api.edits = Pace(per_minute=6000, burst=100, between=between)
    api.pieces = Pace(per_minute=6000, burst=100, between=between)
    await api.open()
    try:
        yield Wall(slack=slack, api=api, ts=await slack.post("C1", "U1", "look at this"))
    finally:
        await api.close()
