"""An answer that appears while it is written: as Slack's stream, or, where that fails, as a message that is edited.

A stream dies at Slack's side after some minutes of silence, which a slow model needs; its message can be edited then:
https://github.com/slackapi/python-slack-sdk/issues/1859. Whatever goes wrong with a stream, it is given up for editing,
which puts the whole text there anew and needs to know nothing of what arrived.
"""

from __future__ import annotations

from collections.abc import Sequence

import structlog
from slack_sdk.web.async_chat_stream import AsyncChatStream

from adapters.slack import markdown
from adapters.slack.api import SlackApi
from adapters.slack.background import Background
from adapters.slack.errors import code_of
from adapters.slack.marks import Marks
from adapters.slack.place import SlackPlace
from adapters.slack.posting import Poster
from adapters.slack.progress import UNKNOWN_WAIT
from adapters.slack.rich import Rendered
from bot.domain.errors import BotError, ChatRefused, ChatUnavailable
from bot.domain.plain_text import one_line
from bot.domain.sentence import Speak, say
from bot.ports.inbox import Job

log = structlog.get_logger()

NOTE = "answer"
BEGUN = "begun"
"""Noted in place of the message while a stream begins: after a kill it is looked for."""


class SlackAnswer:
    """One answer, in one message or, where it is long, in several.

    An answer that is taken up again edits the message of the try before: a second stream would be a second answer.
    """

    def __init__(self, api: SlackApi, place: SlackPlace, speak: Speak, job: Job | None) -> None:
        self._api = api
        self._place = place
        self._speak = speak
        self._job = job
        self._marks = Marks(api, place, job)
        self._poster = Poster(api, place, job)
        self._text = ""
        self._shown = ""
        noted = self._noted(NOTE)
        self._lost = noted == BEGUN
        self._ts = "" if self._lost else noted
        self._open = bool(self._ts)  # the try before may have left a stream
        # Slack wants to know for whom it is, and a thread.
        self._streams = not noted and bool(place.person and (place.thread or place.message))
        self._stream: AsyncChatStream | None = None
        self._background = Background(self._step, between=self._between)

    def push(self, text: str) -> None:
        """Show more text."""
        self._text += text
        self._background.wake()

    async def finish(self, text: str, *, sources: Sequence[str] = ()) -> None:
        """Put the whole answer in place of what was pushed."""
        await self._background.stop()
        first, *rest = markdown.split(self._whole(text, sources))
        await self._conclude(first)
        for number, page in enumerate(rest, start=2):
            if not self._noted(f"{NOTE}:{number}"):
                key = f"{NOTE}:{number}"
                await self._note(key, await self._poster.post(_message(page), key=key))

    async def stop(self) -> None:
        """Stop showing; what stands stays, for the next try."""
        await self._background.stop()
        if self._open:
            await self._close()

    def _whole(self, text: str, sources: Sequence[str]) -> str:
        whole = markdown.harmless(text, host=self._api.web_url).strip() or "…"
        if not sources:
            return whole
        named = ", ".join(f"`{one_line(source).replace('`', '')}`" for source in sources)
        named = self._speak(say("From: {sources}", sources=named))
        return f"{whole}\n\n_{markdown.harmless(named, host=self._api.web_url)}_"

    def _between(self) -> float:
        return (self._api.pieces if self._streams else self._api.edits).between

    async def _step(self) -> bool:
        so_far = next(markdown.split(markdown.settled(self._text, host=self._api.web_url).lstrip()), "")
        if so_far in ("", self._shown):
            return True
        try:
            if self._streams:
                return await self._append(so_far)
            return await self._edit(so_far)
        except BotError as error:
            log.info("slack.answer_not_shown", error=type(error).__name__, code=code_of(error))
            if isinstance(error, ChatUnavailable):
                self._api.edits.shut(error.retry_after or UNKNOWN_WAIT)
            return not isinstance(error, ChatUnavailable)

    async def _append(self, so_far: str) -> bool:
        """Add to the stream what it lacks; False where it has to be tried again, or by editing."""
        if not so_far.startswith(self._shown):
            self._streams = False
            return False
        if not self._api.pieces.allows():
            return False
        try:
            stream = await self._opened()
            await self._api.ask_quickly(stream.append(markdown_text=so_far[len(self._shown) :]))
        except BotError as error:
            log.info("slack.stream_lost", error=type(error).__name__, code=code_of(error))
            self._streams = False
        else:
            self._shown = so_far
        if self._stream is not None and self._stream.ts:
            self._open = True
            await self._found(self._stream.ts)
        return self._streams

    async def _opened(self) -> AsyncChatStream:
        if self._stream is None:
            await self._note(NOTE, BEGUN)
            self._stream = await self._api.quick.chat_stream(
                channel=self._place.channel,
                thread_ts=self._place.thread or self._place.message,
                recipient_team_id=self._place.home or self._place.team,
                recipient_user_id=self._place.person,
                buffer_size=1,  # when something is sent is decided here
            )
        return self._stream

    async def _edit(self, so_far: str) -> bool:
        if not self._api.edits.allows():
            return False
        await self._look_back()
        if self._open:
            await self._close()
        if self._ts:
            await self._poster.edit(self._ts, _message(so_far), quickly=True)
        else:
            await self._found(await self._poster.post(_message(so_far), key=NOTE, quickly=True))
        self._shown = so_far
        return True

    async def _close(self) -> None:
        """End a stream that is not used any more, so that its message can be edited."""
        try:
            await self._api.ask_quickly(
                self._api.quick.chat_stopStream(channel=self._place.channel, ts=self._ts, metadata=self._marks.of(NOTE))
            )
        except ChatRefused as error:  # it has ended already
            log.info("slack.stream_was_closed", code=code_of(error))
        self._open = False

    async def _conclude(self, page: str) -> None:
        """Let the message say *page*, by the stream's end alone if that is enough."""
        await self._look_back()
        if self._open and await self._end_with(page):
            return
        await self._found(await self._poster.replace(self._ts, _message(page), key=NOTE))

    async def _look_back(self) -> None:
        """Find the stream that the try before began, if it was killed before it knew which."""
        if self._lost:
            self._lost = False
            await self._found(await self._marks.find_stream())
            self._open = bool(self._ts)

    async def _end_with(self, page: str) -> bool:
        """End the stream with what is missing; tell whether the message says *page* now."""
        fits = self._streams and page.startswith(self._shown)
        missing = page[len(self._shown) :] if fits else ""
        self._open = False
        client = self._api.client
        try:
            await self._api.ask(
                client.chat_stopStream(
                    channel=self._place.channel,
                    ts=self._ts,
                    markdown_text=missing or None,
                    metadata=self._marks.of(NOTE),
                )
            )
        except BotError as error:
            log.info("slack.stream_lost", error=type(error).__name__, code=code_of(error))
            return False
        return fits

    async def _found(self, ts: str) -> None:
        if ts and ts != self._ts:
            self._ts = ts
            await self._note(NOTE, ts)

    def _noted(self, key: str) -> str:
        return self._job.noted(key) if self._job is not None else ""

    async def _note(self, key: str, value: str) -> None:
        if self._job is not None:
            await self._job.note(key, value)


def _message(page: str) -> Rendered:
    return Rendered(blocks=[{"type": "markdown", "text": page}], text=page)
