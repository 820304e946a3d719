"""The `Chat` of one command, at one place of Slack."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime
from functools import partial

import structlog

from adapters.slack import render
from adapters.slack.api import SlackApi
from adapters.slack.card_blocks import of_card
from adapters.slack.digest_blocks import of_digest
from adapters.slack.errors import TOO_LARGE, code_of
from adapters.slack.place import SlackPlace
from adapters.slack.posting import Poster
from adapters.slack.progress import ProgressMessage
from adapters.slack.review_blocks import all_findings, of_review, verdict_only, words_only
from adapters.slack.rich import Rendered
from adapters.slack.streaming import SlackAnswer
from bot.domain.access import Audience
from bot.domain.conversation import ReviewRecord, ThreadRef
from bot.domain.digest import Digest
from bot.domain.errors import BotError, ChatRefused
from bot.domain.picture import Picture
from bot.domain.plain_text import one_line
from bot.domain.progress import Progress
from bot.domain.review import with_all
from bot.domain.sentence import Sentence, Speak, say
from bot.domain.watch import Card
from bot.ports.chat import Answer
from bot.ports.inbox import Job
from bot.reporting.markdown import render as report

log = structlog.get_logger()

MOST_PAGES = 5
"""Messages that all findings may take; past that they are a file."""

GOODBYE = 1.0
"""Seconds to say that the work is interrupted."""

STANDING = "standing"
"""The note of the progress message that waits to be replaced."""


class SlackChat:
    """A place where the bot posts.

    What was posted is noted in the job, so that a command that is taken up again edits it and posts nothing twice.
    """

    def __init__(self, api: SlackApi, place: SlackPlace, speak: Speak, job: Job | None = None) -> None:
        self._api = api
        self._place = place
        self._speak = speak
        self._job = job
        self._poster = Poster(api, place, job)
        self._progress: ProgressMessage | None = None
        self._reviewing = ""
        self._reviewed: set[str] = set()
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

    @property
    def shows_progress(self) -> bool:
        """Tell whether a message about progress stands here that nothing has replaced."""
        return self._progress is not None

    async def link_to(self, where: ThreadRef) -> str:
        """Ask Slack for the address of a thread."""
        platform, _, room = where.channel.partition(":")
        team, _, channel = room.partition("/")
        if (platform, team) != ("slack", self._place.team) or not where.thread:
            return ""
        try:
            known = await self._api.ask_quickly(
                self._api.quick.chat_getPermalink(channel=channel, message_ts=where.thread)
            )
        except BotError as error:
            log.info("slack.thread_without_link", error=type(error).__name__, code=code_of(error))
            return ""
        return str(known.get("permalink", ""))

    async def open_thread(self, title: str) -> SlackChat:
        """Return the thread under the message that is answered, or under a message that says what is reviewed."""
        if self._place.thread:
            return self
        key = f"thread:{title}"
        ts = self._place.message or self._noted(key)
        if not ts:
            opening = say("{person} asked for a review of {title}.", person=self.person, title=title)
            ts = await self._poster.post(self._of(opening), key=key)
            await self._note(key, ts)
        thread = SlackChat(self._api, replace(self._place, thread=ts), self._speak, self._job)
        self._threads.append(thread)
        return thread

    async def say(self, sentence: Sentence, *, privately: bool = False) -> None:
        """Post a sentence: to the person alone, in place of the progress that stands, or in the thread.

        The answer to a command is for the person alone: the channel did not even see the command.
        """
        rendered = self._of(sentence)
        place = self._place
        under_way = next((thread for thread in self._threads if thread.shows_progress), None)
        if privately:
            await self._poster.whisper(rendered)
        elif under_way is not None:  # it ended by something that only the door knew of
            await under_way.say(sentence)
        elif ts := await self._stand_down() or self._left_standing():
            await self._note(STANDING, "")
            await self._poster.replace(ts, rendered)
        elif place.thread or place.message or not place.person:
            await self._poster.post(rendered, key=f"say:{rendered.text}")
        else:
            await self._poster.whisper(rendered)

    async def show_progress(self, progress: Progress) -> None:
        """Post the progress, or let the message that shows it be edited; never waits for Slack's limits."""
        rendered = render.of_progress(progress, self._speak, resumed=self.resumed is not None)
        self._reviewing = progress.target
        if self._progress is not None:
            self._progress.change(rendered)
            return
        keep = partial(self._keep_progress, progress.target)
        key = self._progress_key(progress.target)
        message = ProgressMessage(self._posted_for(progress.target), self._poster, self._api.edits, key, keep)
        await message.begin(rendered)
        self._progress = message

    async def show_review(self, record: ReviewRecord) -> None:
        """Put the review in place of its progress, or of the message whose button was pressed."""
        rendered = of_review(record, self._speak)
        standing = await self._stand_down() or self._posted_for(record.target)
        await self._note(STANDING, "")
        ts, shown = await self._put(standing or self._place.pressed, rendered, record)
        if self._place.pressed and not standing:
            return
        self._reviewed.add(record.target)
        if ts != standing:
            await self._note(f"progress:{record.target}", ts)
        if not shown.whole:
            await self._attach(record, f"file:{record.target}")

    async def show_all(self, record: ReviewRecord) -> None:
        """Post every finding: in a file, and in messages where they are not too many."""
        whole = replace(record, review=with_all(record.review))
        pages = all_findings(whole, self._speak)
        if await self._attach(whole, f"all:{record.id}") and len(pages) <= MOST_PAGES:
            await self._post_pages(pages, f"all:{record.id}")

    async def show_digest(self, digest: Digest) -> None:
        """Post a digest, once for one command or job."""
        if not self._noted("digest"):
            await self._note("digest", await self._poster.post(of_digest(digest, self._speak)))

    async def show_card(self, card: Card, where: ThreadRef | None = None) -> ThreadRef:
        """Post a card into the channel, or edit the one that begins a thread."""
        rendered, key = of_card(card, self._speak), f"card:{card.entry.ref}"
        if where is not None:
            await self._poster.edit(where.thread, rendered)
            return where
        ts = self._noted(key)
        if not ts:
            ts = await self._poster.post(rendered)
            await self._note(key, ts)
        return replace(self._place, thread=ts).where

    async def show_picture(self, picture: Picture) -> None:
        """Upload the picture beside what it shows; where files are refused, the words have to do."""
        if self._noted(picture.name):
            return
        words = "\n".join(map(self._speak, (picture.title, *picture.words)))
        file = {"name": f"{picture.name}.png", "title": self._speak(picture.title)[:250]}
        try:
            await self._poster.upload(**file, content=picture.png, beside=words, alt=words)
        except BotError as error:
            log.warning("slack.picture_not_uploaded", error=type(error).__name__, code=code_of(error))
            await self._poster.post(render.of_sentence(words, hosts=()))
        await self._note(picture.name, "posted")

    async def show_interrupted(self) -> None:
        """Change the progress, if it stands here or in a thread of here, to say that the work goes on."""
        try:
            async with asyncio.timeout(GOODBYE):
                for thread in self._threads:
                    await thread.show_interrupted()
                await self._interrupt()
        except TimeoutError:
            log.info("slack.goodbye_not_said")

    async def answer(self) -> Answer:
        """Begin an answer."""
        self._answer = SlackAnswer(self._api, self._place, self._speak, self._job)
        return self._answer

    async def _interrupt(self) -> None:
        if self._answer is not None:
            await self._answer.stop()
        if self._progress is not None and (ts := await self._progress.stop()):
            await self._poster.edit(ts, render.interrupted(self._reviewing, self._speak), quickly=True)

    def _of(self, sentence: Sentence) -> Rendered:
        return render.of_sentence(self._speak(sentence), hosts=(self._api.web_url, self._api.team_url))

    async def _stand_down(self) -> str:
        """End the progress and return the timestamp of its message, empty where there is none."""
        if self._progress is None:
            return ""
        progress, self._progress = self._progress, None
        return await progress.stop()

    def _posted_for(self, target: str) -> str:
        """Return the message that an earlier try posted for *target*; in this try it is another review's by now."""
        return "" if target in self._reviewed else self._noted(f"progress:{target}")

    def _progress_key(self, target: str) -> str:
        """Name the message about *target*; the second one of a try has no name, for it would be taken for the first."""
        return "" if target in self._reviewed else f"progress:{target}"

    def _left_standing(self) -> str:
        """Return the message of an earlier try that says that the work goes on."""
        return self._noted(STANDING) if self.resumed is not None else ""

    async def _keep_progress(self, target: str, ts: str) -> None:
        await self._note(f"progress:{target}", ts)
        await self._note(STANDING, ts)

    async def _put(self, ts: str, rendered: Rendered, record: ReviewRecord) -> tuple[str, Rendered]:
        """Show a review where *ts* stands; smaller where Slack finds it too large, anew where that is gone."""
        key = self._progress_key(record.target)
        for size in (rendered, verdict_only(record, self._speak)):
            try:
                return await self._poster.replace(ts, size, key=key), size
            except ChatRefused as error:
                if code_of(error) not in TOO_LARGE:
                    raise
                log.warning("slack.review_too_large", blocks=len(size.blocks), code=code_of(error))
        last = words_only(record, self._speak)
        return await self._poster.replace(ts, last, key=key), last

    async def _attach(self, record: ReviewRecord, key: str) -> bool:
        """Upload the full report once; where files are refused, post its findings instead and return False."""
        if self._noted(key):
            return True
        name = "-".join("".join(letter if letter.isalnum() else " " for letter in record.target).split())
        title = self._speak(say("The full review of {target}", target=one_line(record.target)))
        content = report(record.review, self._speak, explain=True)
        try:
            await self._poster.upload(name=f"review-{name[-80:]}.md", title=title[:250], content=content)
        except BotError as error:
            log.warning("slack.report_not_uploaded", error=type(error).__name__, code=code_of(error))
            await self._post_pages(all_findings(record, self._speak)[:MOST_PAGES], key)
            return False
        await self._note(key, "posted")
        return True

    async def _post_pages(self, pages: list[Rendered], key: str) -> None:
        for number, page in enumerate(pages, start=1):
            if not self._noted(f"{key}:{number}"):
                await self._note(f"{key}:{number}", await self._poster.post(page, key=f"{key}:{number}"))

    def _noted(self, key: str) -> str:
        return self._job.noted(key) if self._job is not None else ""

    async def _note(self, key: str, value: str) -> None:
        if self._job is not None and self._job.noted(key) != value:
            await self._job.note(key, value)
