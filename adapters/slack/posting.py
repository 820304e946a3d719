"""What is posted, edited and whispered at one place, the same careful way each time.

Nothing here is parsed for names or links, and no link unfolds: `chat.update` would parse by default, and all of them
would show pages that strangers chose. https://docs.slack.dev/reference/methods/chat.update
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import structlog
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from adapters.slack.api import SlackApi
from adapters.slack.errors import GONE, code_of, translated
from adapters.slack.marks import Marks
from adapters.slack.place import SlackPlace
from adapters.slack.rich import Rendered, clipped, escaped_and_clipped
from bot.domain.errors import BotError, ChatRefused, ChatUnavailable
from bot.ports.inbox import Job

log = structlog.get_logger()

Result = TypeVar("Result")

WAITS = (2.0, 5.0, 10.0, 20.0, 40.0, *(60.0,) * 10)
"""Seconds between tries of what a command is answered with: it may be the review of many minutes."""

LONGEST_TEXT = 3_000
"""Of the text beside the blocks, escapes included; `chat.update` refuses more than 4,000 characters."""

LONGEST_COMMENT = 8_000
"""Of the words beside a file, escapes included: statistics of a year have fewer, and nothing edits them later."""

LONGEST_ALT = 1_000
"""Past which Slack answers `alt_txt_too_large`: https://docs.slack.dev/reference/methods/files.getUploadURLExternal"""


class Poster:
    """Posts at one place; a wait that Slack asks for is kept by whatever is posted there next."""

    def __init__(self, api: SlackApi, place: SlackPlace, job: Job | None = None) -> None:
        self._api = api
        self._place = place
        self._marks = Marks(api, place, job)
        self._waits = WAITS if job is not None else ()
        self._unsure: set[str] = set()
        self._not_before = 0.0

    async def post(self, rendered: Rendered, *, key: str = "", quickly: bool = False) -> str:
        """Post a message and return its timestamp.

        Args:
            key: Names it within its job: what was posted under the same name, by an earlier try or by a request that
                Slack did not answer, is edited instead.
        """
        return await self._patiently(lambda: self._post(rendered, key, quickly=quickly), quickly=quickly)

    async def edit(self, ts: str, rendered: Rendered, *, quickly: bool = False) -> None:
        """Put something in place of a message."""
        await self._patiently(lambda: self._edit(ts, rendered, quickly=quickly), quickly=quickly)

    async def replace(self, ts: str, rendered: Rendered, *, key: str = "") -> str:
        """Put something in place of a message, or post it where that is gone; return the timestamp of what stands."""
        if not ts:
            return await self.post(rendered, key=key)
        try:
            await self.edit(ts, rendered)
        except ChatRefused as error:
            if code_of(error) not in GONE:
                raise
            await self._remove(ts)
            return await self.post(rendered)
        return ts

    async def whisper(self, rendered: Rendered) -> None:
        """Tell the person alone by whatever way is open: here, as the answer to a command, or in a direct message."""
        person = self._place.person
        if self._place.direct or not person:
            await self.post(rendered)
            return
        call = self._api.client.chat_postEphemeral(
            channel=self._place.channel, user=person, thread_ts=self._place.thread or None, **_content(rendered)
        )
        try:
            await self._api.ask(call)
        except (ChatRefused, ChatUnavailable) as error:
            if self._place.response_url:
                await self._respond(rendered)
            elif isinstance(error, ChatUnavailable):
                raise
            elif code_of(error) == "user_not_in_channel":
                await self.post(rendered)
            else:
                # The id of a person is the channel of the direct message with them.
                await self._api.ask(self._api.client.chat_postMessage(channel=person, **_content(rendered)))

    async def upload(self, *, name: str, title: str, content: str | bytes, beside: str = "", alt: str = "") -> None:
        """Put a file into the thread.

        Args:
            beside: Words above it.
            alt: What an image shows, for those who do not see it.
        """
        await self._api.ask(
            self._api.client.files_upload_v2(
                channel=self._place.channel,
                thread_ts=self._place.thread or self._place.message or None,
                filename=name,
                title=title,
                content=content,
                initial_comment=escaped_and_clipped(beside, LONGEST_COMMENT) or None,
                alt_txt=clipped(alt, LONGEST_ALT) or None,
            )
        )

    async def _patiently(self, step: Callable[[], Awaitable[Result]], *, quickly: bool) -> Result:
        """Do what people wait for also if Slack is away for some minutes."""
        for wait in () if quickly else self._waits:
            try:
                return await step()
            except ChatUnavailable as error:
                log.warning("slack.waited_for", why=str(error.sentence), wait=error.retry_after or wait)
                await asyncio.sleep(error.retry_after or wait)
        return await step()

    async def _post(self, rendered: Rendered, key: str, *, quickly: bool) -> str:
        if ts := await self._marks.find(key, unsure=key in self._unsure):
            await self._edit(ts, rendered, quickly=quickly)
            return ts
        try:
            answer = await self._ask(
                lambda client: client.chat_postMessage(
                    channel=self._place.channel,
                    thread_ts=self._place.thread or self._place.message or None,
                    unfurl_links=False,
                    unfurl_media=False,
                    metadata=self._marks.of(key),
                    **_content(rendered),
                ),
                quickly=quickly,
                client=self._api.careful if self._marks.of(key) else self._api.client,
            )
        except ChatUnavailable as error:
            if error.retry_after is None:  # it may have arrived
                self._unsure.add(key)
            raise
        return str(answer.get("ts", ""))

    async def _edit(self, ts: str, rendered: Rendered, *, quickly: bool) -> None:
        await self._ask(
            lambda client: client.chat_update(channel=self._place.channel, ts=ts, **_content(rendered)), quickly=quickly
        )

    async def _ask(
        self,
        call: Callable[[AsyncWebClient], Awaitable[Any]],
        *,
        quickly: bool,
        client: AsyncWebClient | None = None,
    ) -> dict[str, Any]:
        now = asyncio.get_running_loop().time
        if not quickly:
            await asyncio.sleep(max(0.0, self._not_before - now()))
            return await self._api.ask(call(client or self._api.client))
        try:
            return await self._api.ask_quickly(call(self._api.quick))
        except ChatUnavailable as error:
            self._not_before = now() + (error.retry_after or 0.0)
            raise

    async def _remove(self, ts: str) -> None:
        """Take away what cannot be edited, so that nothing stands twice; mostly it is gone already."""
        try:
            await self._api.ask_quickly(self._api.quick.chat_delete(channel=self._place.channel, ts=ts))
        except BotError as error:
            log.info("slack.message_not_removed", code=code_of(error))

    async def _respond(self, rendered: Rendered) -> None:
        client = AsyncWebhookClient(self._place.response_url, session=self._api.client.session)
        content = _content(rendered)
        with translated():
            answer = await client.send(text=content["text"], blocks=content["blocks"], response_type="ephemeral")
        if answer.status_code != 200:
            log.info("slack.response_refused", status=answer.status_code)


def _content(rendered: Rendered) -> dict[str, Any]:
    return {
        "text": escaped_and_clipped(rendered.text, LONGEST_TEXT),
        "blocks": rendered.blocks,
        "parse": "none",
        "link_names": False,
    }
