"""The `Chat` of one command, at one place of Slack."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import structlog
from slack_sdk.webhook.async_client import AsyncWebhookClient

from adapters.slack import render
from adapters.slack.answers import SlackAnswer
from adapters.slack.api import SlackApi
from adapters.slack.errors import TOO_LARGE, code_of
from adapters.slack.place import SlackPlace
from adapters.slack.progress import ProgressMessage
from adapters.slack.render import Rendered
from adapters.slack.rich import escaped
from bot.domain.access import Audience
from bot.domain.conversation import ReviewRecord, ThreadRef
from bot.domain.digest import Digest
from bot.domain.errors import BotError, ChatRefused
from bot.domain.plain_text import one_line
from bot.domain.progress import Progress
from bot.domain.review import with_all
from bot.domain.sentence import Sentence, Speak, say
from bot.ports.chat import Answer
from bot.ports.inbox import Job
from bot.reporting.markdown import render as report

log = structlog.get_logger()

GONE = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})


class SlackChat:
    """A place where the bot posts.

    What was posted is noted in the job, so that a command that is taken up again edits it and posts nothing twice.
    """

    def __init__(self, api: SlackApi, place: SlackPlace, speak: Speak, job: Job | None = None) -> None:
        self._api = api
        self._place = place
        self._speak = speak
        self._job = job
        self._progress: ProgressMessage | None = None
        self._reviewing = ""
        self._answer: SlackAnswer | None = None
        self._threads: list[SlackChat] = []

    @property
    def where(self) -> ThreadRef:
        """Return the thread, or the channel."""
        return self._place.where

    @property
    def person(self) -> str:
        """Return how Slack shows who speaks."""
        return self._place.person_name or self._place.person

    @property
    def audience(self) -> Audience:
        """Return who hears what is said here."""
        return self._place.audience

    @property
    def resumed(self) -> datetime | None:
        """Return when the command was first given, if it is taken up again."""
        return self._job.at if self._job is not None and self._job.tries > 1 else None

    async def link_to(self, where: ThreadRef) -> str:
        """Ask Slack for the address of a thread."""
        channel = where.channel.rpartition("/")[2]
        try:
            known = await self._api.ask(self._api.client.chat_getPermalink(channel=channel, message_ts=where.thread))
        except BotError:
            return ""
        return str(known.get("permalink", ""))

    async def open_thread(self, title: str) -> SlackChat:
        """Return the thread under the message that is answered, or under a message that says what is reviewed."""
        if self._place.thread:
            return self
        ts = self._place.message or self._noted(f"thread:{title}")
        if not ts:
            opening = say("{person} asked for a review of {title}.", person=self.person, title=title)
            ts = await self._post(self._of(opening))
            await self._note(f"thread:{title}", ts)
        thread = SlackChat(self._api, replace(self._place, thread=ts), self._speak, self._job)
        self._threads.append(thread)
        return thread

    async def say(self, sentence: Sentence, *, privately: bool = False) -> None:
        """Post a sentence: in place of the progress that stands, to the person alone, or in the thread."""
        rendered = self._of(sentence)
        if self._progress is not None and not privately:
            await self._replace_progress(rendered)
        elif privately or not (self._place.thread or self._place.message or not self._place.person):
            await self._whisper(rendered)
        else:
            await self._post(rendered)

    async def show_progress(self, progress: Progress) -> None:
        """Post the progress, or let the message that shows it be edited."""
        rendered = render.of_progress(progress, self._speak, resumed=self.resumed is not None)
        self._reviewing = progress.target
        if self._progress is not None:
            self._progress.change(rendered)
            return
        ts = self._noted(f"progress:{progress.target}")
        if ts:
            try:
                await self._edit(ts, rendered)
            except ChatRefused:
                ts = ""
        if not ts:
            ts = await self._post(rendered)
            await self._note(f"progress:{progress.target}", ts)
        self._progress = ProgressMessage(ts, self._api, self._edit)

    async def show_review(self, record: ReviewRecord) -> None:
        """Put the review in place of its progress, or of the message whose button was pressed."""
        rendered = render.of_review(record, self._speak)
        if self._progress is None and self._place.pressed:
            await self._put(self._place.pressed, rendered, record)
            return
        standing = await self._progress.stop() if self._progress else self._noted(f"progress:{record.target}")
        self._progress = None
        await self._put(standing, rendered, record)
        if not rendered.whole:
            await self._attach(record)

    async def show_all(self, record: ReviewRecord) -> None:
        """Post every finding, over as many messages as it takes."""
        whole = replace(record, review=with_all(record.review))
        for rendered in render.messages(whole, self._speak):
            await self._post(rendered)

    async def show_digest(self, digest: Digest) -> None:
        """Post a digest."""
        await self._post(render.of_digest(digest, self._speak))

    async def show_interrupted(self) -> None:
        """Change the progress, if it stands here or in a thread of here, to say that the work goes on."""
        for thread in self._threads:
            await thread.show_interrupted()
        if self._answer is not None:
            await self._answer.stop()
        if self._progress is not None:
            ts = await self._progress.stop()
            await self._edit(ts, render.interrupted(self._reviewing, self._speak))

    async def answer(self) -> Answer:
        """Begin an answer."""
        self._answer = SlackAnswer(self._api, self._place, self._speak, self._job)
        return self._answer

    def _of(self, sentence: Sentence) -> Rendered:
        return render.of_sentence(self._speak(sentence), hosts=(self._api.web_url, self._api.team_url))

    async def _replace_progress(self, rendered: Rendered) -> None:
        ts = await self._progress.stop() if self._progress else ""
        self._progress = None
        try:
            await self._edit(ts, rendered)
        except ChatRefused:
            await self._post(rendered)

    async def _put(self, ts: str, rendered: Rendered, record: ReviewRecord) -> None:
        """Show a review where *ts* stands; smaller where Slack finds it too large, anew where that is gone."""
        if not ts:
            await self._note(f"progress:{record.target}", await self._post(rendered))
            return
        try:
            await self._edit(ts, rendered)
        except ChatRefused as error:
            if code_of(error) in TOO_LARGE:
                log.warning("slack.review_too_large", letters=len(rendered.text), blocks=len(rendered.blocks))
                await self._edit(ts, render.short_review(record, self._speak))
                await self._attach(record)
            elif code_of(error) in GONE:
                await self._post(rendered)
            else:
                raise

    async def _attach(self, record: ReviewRecord) -> None:
        """Upload the full report, once; a review without it is still a review."""
        if self._noted(f"file:{record.target}"):
            return
        name = "".join(letter if letter.isalnum() else "-" for letter in record.target)[-80:]
        try:
            await self._api.ask(
                self._api.client.files_upload_v2(
                    channel=self._place.channel,
                    thread_ts=self._place.thread or None,
                    filename=f"review-{name}.md",
                    title=self._speak(say("The full review of {target}", target=one_line(record.target))),
                    content=report(record.review, self._speak, explain=True),
                )
            )
        except BotError as error:
            log.warning("slack.report_not_uploaded", error=type(error).__name__, code=code_of(error))
            return
        await self._note(f"file:{record.target}", "uploaded")

    async def _edit(self, ts: str, rendered: Rendered) -> None:
        await self._api.ask(
            self._api.client.chat_update(
                channel=self._place.channel, ts=ts, text=escaped(rendered.text), blocks=rendered.blocks
            )
        )

    async def _post(self, rendered: Rendered) -> str:
        answer = await self._api.ask(
            self._api.client.chat_postMessage(
                channel=self._place.channel,
                thread_ts=self._place.thread or self._place.message or None,
                text=escaped(rendered.text),
                blocks=rendered.blocks,
                unfurl_links=False,
                unfurl_media=False,
            )
        )
        return str(answer.get("ts", ""))

    async def _whisper(self, rendered: Rendered) -> None:
        """Tell the person alone, by whatever way is open."""
        if self._place.direct:
            await self._post(rendered)
            return
        try:
            await self._api.ask(
                self._api.client.chat_postEphemeral(
                    channel=self._place.channel,
                    user=self._place.person,
                    thread_ts=self._place.thread or None,
                    text=escaped(rendered.text),
                    blocks=rendered.blocks,
                )
            )
        except ChatRefused:
            if not self._place.response_url:
                raise
            await self._respond(rendered.blocks, rendered.text)

    async def _respond(self, blocks: Sequence[dict[str, object]], text: str) -> None:
        client = AsyncWebhookClient(self._place.response_url, session=self._api.client.session)
        response = await client.send(text=escaped(text), blocks=list(blocks), response_type="ephemeral")
        if response.status_code != 200:
            log.info("slack.response_refused", status=response.status_code)

    def _noted(self, key: str) -> str:
        return self._job.noted(key) if self._job is not None else ""

    async def _note(self, key: str, value: str) -> None:
        if self._job is not None:
            await self._job.note(key, value)
