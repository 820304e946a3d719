"""The `Chat` of one command, on this terminal."""

from __future__ import annotations

import getpass
import uuid
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

from adapters.console.screen import Screen, ScreenAnswer
from bot.domain.access import Audience
from bot.domain.conversation import ReviewRecord, ThreadRef
from bot.domain.digest import Digest
from bot.domain.picture import Picture
from bot.domain.progress import Progress
from bot.domain.review import with_all
from bot.domain.sentence import Sentence
from bot.domain.watch import Card
from bot.ports.chat import Answer

CHANNEL = "console"
"""One channel for all terminals of this person: they share one database."""

Enter: TypeAlias = Callable[[ThreadRef, str], None]
"""Makes a thread the place where plain words are said; takes its title as well."""


class ConsoleChat:
    """A place on the screen.

    Args:
        title: What the thread is about; empty for the channel.
        enter: Called when a review of a new thread is shown.
        pictures: Where pictures are put.
    """

    def __init__(
        self, screen: Screen, where: ThreadRef, *, title: str = "", enter: Enter, pictures: Path = Path()
    ) -> None:
        self._screen = screen
        self._where = where
        self._title = title
        self._enter = enter
        self._pictures = pictures
        self._answer: ScreenAnswer | None = None

    @property
    def answered(self) -> bool:
        """Tell whether an answer was written to its end, be it a sudden one."""
        return self._answer is not None and self._answer.finished

    @property
    def where(self) -> ThreadRef:
        """Return the thread, or the channel."""
        return self._where

    @property
    def person(self) -> str:
        """Return the name of who sits at the terminal."""
        try:
            return getpass.getuser()
        except (KeyError, OSError):  # a container's user that has no name
            return "you"

    @property
    def audience(self) -> Audience:
        """Return the person at this machine."""
        return Audience(channel=self._where.channel, person=CHANNEL, local=True)

    @property
    def resumed(self) -> datetime | None:
        """Return nothing: what was typed into a terminal that is gone is not taken up again."""
        return None

    async def link_to(self, where: ThreadRef) -> str:
        """Return nothing: threads of a terminal have no address."""
        return ""

    async def open_thread(self, title: str) -> ConsoleChat:
        """Begin a thread, or stay in this one."""
        if self._where.thread:
            return self
        where = ThreadRef(channel=self._where.channel, thread=uuid.uuid4().hex)
        return ConsoleChat(self._screen, where, title=title, enter=self._enter, pictures=self._pictures)

    async def say(self, sentence: Sentence, *, privately: bool = False) -> None:
        """Write a sentence; on a terminal everything is private."""
        self._screen.say(sentence)

    async def show_progress(self, progress: Progress) -> None:
        """Change the line of progress."""
        self._screen.show_progress(progress)

    async def show_review(self, record: ReviewRecord) -> None:
        """Write the review; its thread is where one is from now on."""
        self._screen.show_review(record.review)
        if self._title:
            self._enter(self._where, self._title)

    async def show_all(self, record: ReviewRecord) -> None:
        """Write the review with every finding."""
        self._screen.show_review(with_all(record.review))

    async def show_digest(self, digest: Digest) -> None:
        """Write a digest."""
        self._screen.show_digest(digest)

    async def show_card(self, card: Card, where: ThreadRef | None = None) -> ThreadRef:
        """Write how a pull request stands."""
        self._screen.show_card(card)
        return where or ThreadRef(channel=self._where.channel, thread=uuid.uuid4().hex)

    async def show_interrupted(self) -> None:
        """Say nothing: who ends a terminal knows."""

    async def show_picture(self, picture: Picture) -> None:
        """Put the picture into a file, and write where it is and what it shows."""
        self._screen.show_picture(picture, self._pictures)

    async def answer(self) -> Answer:
        """Begin an answer."""
        self._answer = self._screen.answer()
        return self._answer
