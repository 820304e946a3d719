"""The side of a chat platform that the bot talks to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.access import Audience
from bot.domain.conversation import ReviewRecord, ThreadRef
from bot.domain.digest import Digest
from bot.domain.picture import Picture
from bot.domain.progress import Progress
from bot.domain.sentence import Sentence
from bot.domain.watch import Card


class Answer(Protocol):
    """An answer that appears while it is written."""

    def push(self, text: str) -> None:
        """Show more text. Never waits: the adapter edits its message at the rate the platform bears."""
        ...

    async def finish(self, text: str, *, sources: Sequence[str] = ()) -> None:
        """Put the whole answer in place of what was pushed, with the places it rests on below it."""
        ...


class Chat(Protocol):
    """One place in one chat, for as long as one command is handled.

    What is posted may raise `ChatUnavailable`, and `ChatRefused` where the platform does not let us.
    """

    @property
    def where(self) -> ThreadRef:
        """Return the thread the command was given in, or the bare channel."""
        ...

    @property
    def person(self) -> str:
        """Return the name of who gave it, as the chat shows it."""
        ...

    @property
    def audience(self) -> Audience:
        """Return who hears what is said here."""
        ...

    @property
    def resumed(self) -> datetime | None:
        """Return when the command was first given, if a process ended in the middle of it; None in its first try."""
        ...

    async def link_to(self, where: ThreadRef) -> str:
        """Return an address that leads people of this chat to a thread, empty where there is none."""
        ...

    async def open_thread(self, title: str) -> Chat:
        """Return the thread a review of *title* belongs in: this one if it is one, or else a new one.

        A command that is taken up again gets the thread that it had.
        """
        ...

    async def say(self, sentence: Sentence, *, privately: bool = False) -> None:
        """Post a sentence of the bot's own, *privately* to be seen by the person alone where the platform can."""
        ...

    async def show_progress(self, progress: Progress) -> None:
        """Show how far the review is by editing one message; the first call posts it."""
        ...

    async def show_review(self, record: ReviewRecord) -> None:
        """Post the finished review in place of the progress message, or of the message whose button was pressed."""
        ...

    async def show_all(self, record: ReviewRecord) -> None:
        """Post the review with every finding, also those over the limit."""
        ...

    async def show_digest(self, digest: Digest) -> None:
        """Post a digest; one that an earlier try of the same command or job posted is not posted again."""
        ...

    async def show_card(self, card: Card, where: ThreadRef | None = None) -> ThreadRef:
        """Post how a pull request stands, and return the thread below it; or edit the card whose thread is *where*.

        A card that an earlier try of the same job posted is not posted again.
        """
        ...

    async def show_picture(self, picture: Picture) -> None:
        """Post a picture, with what it shows in words beside it; the words alone where pictures cannot be posted.

        A command that is taken up again posts none that it has posted before.
        """
        ...

    async def answer(self) -> Answer:
        """Begin an answer that is streamed."""
        ...

    async def show_interrupted(self) -> None:
        """Change the progress message, if one stands, to say that the work goes on after a restart."""
        ...
