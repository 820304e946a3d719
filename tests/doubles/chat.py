"""A `Chat` that writes down what is posted in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.domain.access import Audience
from bot.domain.conversation import ReviewRecord, ThreadRef
from bot.domain.digest import Digest
from bot.domain.picture import Picture
from bot.domain.progress import Progress
from bot.domain.sentence import Sentence
from bot.domain.watch import Card


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One thing that was posted.

    `kind` is "thread", "said", "whispered", "progress", "review", "all", "digest", "picture", "card", "edited",
    "interrupted", "pushed" or "answered"; `what` the title, sentence, progress, review, digest, picture, card or text.
    """

    kind: str
    where: ThreadRef
    what: object
    sources: tuple[str, ...] = ()


@dataclass(kw_only=True)
class TranscriptAnswer:
    """An answer whose pieces are entries of the transcript."""

    where: ThreadRef
    transcript: list[Entry]

    def push(self, text: str) -> None:
        self.transcript.append(Entry(kind="pushed", where=self.where, what=text))

    async def finish(self, text: str, *, sources: Sequence[str] = ()) -> None:
        self.transcript.append(Entry(kind="answered", where=self.where, what=text, sources=tuple(sources)))


@dataclass(kw_only=True)
class TranscriptChat:
    """A place in a chat; the threads opened in it write into the same transcript."""

    where: ThreadRef = field(default_factory=lambda: ThreadRef(channel="console"))
    person: str = "mona"
    local: bool = True
    resumed: datetime | None = None
    transcript: list[Entry] = field(default_factory=list)

    @property
    def audience(self) -> Audience:
        return Audience(channel=self.where.channel, person=f"test:{self.person}", local=self.local)

    async def open_thread(self, title: str) -> TranscriptChat:
        if self.where.thread:
            return self
        number = 1 + len(self.kinds("thread"))
        thread = ThreadRef(channel=self.where.channel, thread=f"t{number}")
        self._post("thread", title, thread)
        return self.at(thread.thread)

    async def link_to(self, where: ThreadRef) -> str:
        return f"https://chat.example/{where.channel}/{where.thread}"

    async def say(self, sentence: Sentence, *, privately: bool = False) -> None:
        self._post("whispered" if privately else "said", sentence)

    async def show_progress(self, progress: Progress) -> None:
        self._post("progress", progress)

    async def show_review(self, record: ReviewRecord) -> None:
        self._post("review", record.review)

    async def show_all(self, record: ReviewRecord) -> None:
        self._post("all", record.review)

    async def show_digest(self, digest: Digest) -> None:
        self._post("digest", digest)

    async def show_card(self, card: Card, where: ThreadRef | None = None) -> ThreadRef:
        if where is not None:
            self._post("edited", card, where)
            return where
        thread = ThreadRef(channel=self.where.channel, thread=f"card{1 + len(self.kinds('card'))}")
        self._post("card", card, thread)
        return thread

    async def show_interrupted(self) -> None:
        self._post("interrupted", "")

    async def show_picture(self, picture: Picture) -> None:
        self._post("picture", picture)

    async def answer(self) -> TranscriptAnswer:
        return TranscriptAnswer(where=self.where, transcript=self.transcript)

    def at(self, thread: str) -> TranscriptChat:
        """Return the chat as it is in a thread of this channel."""
        where = ThreadRef(channel=self.where.channel, thread=thread)
        return replace(self, where=where)

    def kinds(self, *kinds: str) -> list[Entry]:
        """Return the entries of these kinds, in order."""
        return [entry for entry in self.transcript if entry.kind in kinds]

    @property
    def said(self) -> list[str]:
        """Return the bot's sentences in English."""
        return [str(entry.what) for entry in self.kinds("said")]

    @property
    def whispered(self) -> list[str]:
        """Return the sentences that only the person saw."""
        return [str(entry.what) for entry in self.kinds("whispered")]

    @property
    def answers(self) -> list[str]:
        """Return the finished answers."""
        return [str(entry.what) for entry in self.kinds("answered")]

    def _post(self, kind: str, what: object, where: ThreadRef | None = None) -> None:
        self.transcript.append(Entry(kind=kind, where=where or self.where, what=what))
