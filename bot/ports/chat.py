"""The side of a chat platform that the bot talks to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.domain.conversation import ThreadRef
from bot.domain.progress import Progress
from bot.domain.review import Review
from bot.domain.sentence import Sentence


class Answer(Protocol):
    """An answer that appears while it is written."""

    def push(self, text: str) -> None:
        """Show more text. Never waits: the adapter edits its message at the rate the platform bears."""
        ...

    async def finish(self, text: str, *, sources: Sequence[str] = ()) -> None:
        """Put the whole answer in place of what was pushed, with the places it rests on below it."""
        ...


class Chat(Protocol):
    """One place in one chat, for as long as one command is handled."""

    @property
    def where(self) -> ThreadRef:
        """Return the thread the command was given in, or the bare channel."""
        ...

    @property
    def person(self) -> str:
        """Return the name of who gave it, as the chat shows it."""
        ...

    async def open_thread(self, title: str) -> Chat:
        """Return the thread a review of *title* belongs in: this one if it is one, or else a new one."""
        ...

    async def say(self, sentence: Sentence) -> None:
        """Post a sentence of the bot's own."""
        ...

    async def show_progress(self, progress: Progress) -> None:
        """Show how far the review is by editing one message; the first call posts it."""
        ...

    async def show_review(self, review: Review) -> None:
        """Post the finished review in place of the progress message."""
        ...

    async def answer(self) -> Answer:
        """Begin an answer that is streamed."""
        ...
