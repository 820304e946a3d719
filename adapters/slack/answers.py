"""An answer that appears while it is written: as Slack's stream, or, where that fails, as a message that is edited.

A stream dies at Slack's side after some minutes of silence, which a slow model needs; its message can be edited then:
https://github.com/slackapi/python-slack-sdk/issues/1859.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from contextlib import suppress

import structlog
from slack_sdk.web.async_chat_stream import AsyncChatStream

from adapters.slack.api import SlackApi
from adapters.slack.errors import code_of
from adapters.slack.place import SlackPlace
from adapters.slack.render import split_markdown
from bot.domain.errors import BotError
from bot.domain.plain_text import one_line, plain
from bot.domain.sentence import Speak, say
from bot.ports.inbox import Job

log = structlog.get_logger()

NOTE = "answer"
BETWEEN_PIECES = 0.7
"""Seconds between two pieces of a stream, which may have 100 a minute."""

BETWEEN = 2.0
"""Seconds between two edits where there is no stream."""

IDLE = 300.0
"""Seconds without text after which nobody writes any more."""

_PING = re.compile(r"<(?=[!@#])")
_MASKED = re.compile(r"!?\[([^\[\]\n]*)\]\((\S+?)\)")


def harmless(markdown: str, *, host: str) -> str:
    """Take from a model's markdown what could ping people, show pictures, or lead elsewhere under another name."""
    return _MASKED.sub(lambda match: _unmasked(match, host), _PING.sub("‹", plain(markdown)))


def _unmasked(match: re.Match[str], host: str) -> str:
    label, url = match[1], match[2]
    if url.startswith(f"{host.rstrip('/')}/") and not match[0].startswith("!"):
        return match[0]
    return f"{label} ({url})" if label else url


class SlackAnswer:
    """One answer.

    Attributes:
        finished: Nothing more comes.
    """

    def __init__(self, api: SlackApi, place: SlackPlace, speak: Speak, job: Job | None) -> None:
        self._api = api
        self._place = place
        self._speak = speak
        self._job = job
        self._text = ""
        self._sent = 0
        self._more = asyncio.Event()
        self._ts = job.noted(NOTE) if job else ""
        # An earlier try left a message: that one is edited, a second stream would be a second answer.
        self._streams = not self._ts and bool(place.thread or place.message)
        self._stream: AsyncChatStream | None = None
        self._writing: asyncio.Task[None] | None = None
        self.finished = False

    def push(self, text: str) -> None:
        """Show more text."""
        self._text += _PING.sub("‹", plain(text))
        self._more.set()
        if self._writing is None:
            self._writing = asyncio.create_task(self._keep_up())

    async def finish(self, text: str, *, sources: Sequence[str] = ()) -> None:
        """Put the whole answer in place of what was pushed."""
        await self.stop()
        self.finished = True
        whole = harmless(text, host=self._api.web_url).strip() or "…"
        if sources:
            named = ", ".join(f"`{one_line(source).replace('`', '')}`" for source in sources)
            whole = f"{whole}\n\n_{self._speak(say('From: {sources}', sources=named))}_"
        if self._ts and self._streams and await self._close_stream(whole):
            return
        first, *rest = split_markdown(whole)
        await self._put(first)
        for page in rest:
            await self._post(page)

    async def stop(self) -> None:
        """Stop showing; what stands stays."""
        if self._writing is not None:
            self._writing.cancel()
            await asyncio.wait([self._writing])

    async def _keep_up(self) -> None:
        while True:
            try:
                # Not `wait_for`: in Python 3.11 it loses a cancellation that comes together with the event.
                async with asyncio.timeout(IDLE):
                    await self._more.wait()
            except TimeoutError:
                return
            self._more.clear()
            if self._streams:
                await self._append()
            elif self._api.edits.allows():
                with suppress(BotError):
                    await self._put(next(split_markdown(self._text), "…"))
            await asyncio.sleep(BETWEEN_PIECES if self._streams else BETWEEN)

    async def _append(self) -> None:
        # A `<` at the end may be the beginning of a mention.
        end = len(self._text) - self._text.endswith("<")
        piece, self._sent = self._text[self._sent : end], end
        try:
            if piece:
                await self._api.ask_maybe((await self._opened()).append(markdown_text=piece))
        except BotError as error:
            log.info("slack.stream_lost", error=type(error).__name__, code=code_of(error))
            self._streams = False
        await self._found((self._stream.ts if self._stream else None) or "")

    async def _opened(self) -> AsyncChatStream:
        if self._stream is None:
            self._stream = await self._api.client.chat_stream(
                channel=self._place.channel,
                thread_ts=self._place.thread or self._place.message,
                recipient_team_id=self._place.team,
                recipient_user_id=self._place.person,
                buffer_size=1,  # the loop above decides when something is sent
            )
        return self._stream

    async def _close_stream(self, whole: str) -> bool:
        """End the stream with what is missing; tell whether the message says *whole* now."""
        sent = self._text[: self._sent]
        fits = whole.startswith(sent) and len(whole) - len(sent) < 11_000
        try:
            stream = await self._opened()
            await self._api.ask(stream.stop(markdown_text=whole[len(sent) :] if fits else None))
        except BotError as error:
            log.info("slack.stream_lost", error=type(error).__name__)
            return False
        return fits

    async def _put(self, markdown: str) -> None:
        if not self._ts:
            await self._found(await self._post(markdown))
            return
        try:
            await self._api.ask(
                self._api.client.chat_update(
                    channel=self._place.channel, ts=self._ts, text=_beside(markdown), blocks=_blocks(markdown)
                )
            )
        except BotError:
            if not self.finished:
                raise
            await self._post(markdown)  # the message is gone, the answer is not

    async def _post(self, markdown: str) -> str:
        answer = await self._api.ask(
            self._api.client.chat_postMessage(
                channel=self._place.channel,
                thread_ts=self._place.thread or self._place.message or None,
                text=_beside(markdown),
                blocks=_blocks(markdown),
                unfurl_links=False,
                unfurl_media=False,
            )
        )
        return str(answer.get("ts", ""))

    async def _found(self, ts: str) -> None:
        if ts and ts != self._ts:
            self._ts = ts
            if self._job is not None:
                await self._job.note(NOTE, ts)


def _blocks(markdown: str) -> list[dict[str, object]]:
    return [{"type": "markdown", "text": markdown}]


def _beside(markdown: str) -> str:
    """Return what a notification shows; Slack parses it, so that its own characters are escaped."""
    return markdown[:1000].replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
