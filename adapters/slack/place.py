"""Where something was said on Slack, and by whom."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.access import Audience
from bot.domain.conversation import ThreadRef


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackPlace:
    """A channel or thread, as one person speaks in it.

    Attributes:
        team: Id of the workspace, `T...`.
        channel: Id of the conversation, `C...`, `G...` or `D...`.
        thread: Timestamp of the thread's first message; empty for the channel itself.
        message: Timestamp of the message that is answered, under which a thread can be opened; empty for a command.
        pressed: Timestamp of the bot's message whose button was pressed, empty otherwise.
        person: Id of the user, `U...` or `W...`; empty where the bot speaks unasked.
        home: The workspace of a person from outside, in a channel that is shared with theirs; empty for our own.
        person_name: As Slack shows it.
        direct: It is a direct message.
        response_url: Where a command can be answered even in a channel that the bot is not in; empty otherwise.
    """

    team: str
    channel: str
    thread: str = ""
    message: str = ""
    pressed: str = ""
    person: str = ""
    home: str = ""
    person_name: str = ""
    direct: bool = False
    response_url: str = ""

    @property
    def where(self) -> ThreadRef:
        """Return the place as the core knows it."""
        return ThreadRef(channel=f"slack:{self.team}/{self.channel}", thread=self.thread)

    @property
    def audience(self) -> Audience:
        """Return who hears what is said here; ids of people are unlike only within a workspace."""
        return Audience(
            channel=self.where.channel,
            person=f"slack:{self.home or self.team}/{self.person}",
            local=False,
            direct=self.direct,
        )
