"""The Slack adapter: the app, its connection, and what becomes of each payload."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import structlog
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.response import BoltResponse

from adapters.door import Door
from adapters.slack import home, wire
from adapters.slack.api import SlackApi
from adapters.slack.chat import SlackChat
from adapters.slack.checks import examine
from adapters.slack.errors import translated
from adapters.slack.home import FormRejected, Home
from adapters.slack.place import SlackPlace
from adapters.slack.settings import SlackSettings
from bot.domain.errors import BotError, StoreUnusable
from bot.domain.grammar import Heard
from bot.domain.health import Check
from bot.domain.sentence import Sentence, Speak, say
from bot.ports.chat import Chat
from bot.ports.desk import Desk
from bot.ports.inbox import Inbox, Job

log = structlog.get_logger()

SOURCE = "slack"
ROUND = 15.0
"""Seconds between two looks for work that an ended process left."""

PING = 5.0
"""Seconds between pings; a connection that is silent for four of them is made anew by the client."""

FORM_SECONDS = 2.4
"""Slack waits 3 seconds for the answer to a form."""

GOODBYE = 1.2
"""Seconds for each step of closing."""

_ANYTHING = re.compile(".*")
_CALL, _JOB = "parley_call", "parley_job"


class SlackAdapter:
    """Hears what is said on Slack and hands it to the desk.

    Each event is taken from the inbox before Slack is told that we have it: what is not acknowledged comes again,
    perhaps to another process, and what was taken once is not taken twice.
    """

    def __init__(self, desk: Desk, inbox: Inbox, settings: SlackSettings, speak: Speak) -> None:
        self._desk = desk
        self._inbox = inbox
        self._settings = settings
        self._speak = speak
        self._api = SlackApi(settings)
        self._door = Door(desk)
        self._home = Home(self._api, desk, speak, web_url=settings.web_url, timezone=settings.timezone)
        self._me = ""

    @property
    def name(self) -> str:
        """Return what the names of its channels begin with."""
        return SOURCE

    def check(self) -> AsyncIterator[Check]:
        """Look at tokens and rights."""
        return examine(self._settings)

    def chat_in(self, channel: str) -> Chat | None:
        """Return a chat to post in a channel unasked."""
        known = re.fullmatch(r"slack:(\w+)/(\w+)", channel)
        return SlackChat(self._api, SlackPlace(team=known[1], channel=known[2]), self._speak) if known else None

    async def run(self, ready: Callable[[Sentence], None]) -> None:
        """Connect, take up what was left, and serve until cancelled."""
        await self._api.open()
        try:
            known = await self._api.introduce()
            self._me = str(known["user_id"])
            handler = AsyncSocketModeHandler(self._app(), self._settings.app_token, ping_interval=PING)
            try:
                with translated():
                    await handler.connect_async()
                log.info("slack.connected", team=known.get("team_id"), user=self._me)
                team, name = str(known.get("team", "?")), str(known.get("user", "?"))
                ready(say("Slack: connected to {team} as {name}.", team=team, name=name))
                await self._take_up()
            finally:
                await _within(GOODBYE, handler.close_async())
                await _within(GOODBYE, self._door.close())
        finally:
            await _within(GOODBYE, self._api.close())

    async def _take_up(self) -> None:
        """Take up what ended processes left, now and again."""
        while True:
            try:
                for job in await self._inbox.adopt(SOURCE):
                    await self._resume(job)
            except StoreUnusable as error:
                log.warning("slack.nothing_taken_up", why=str(error.sentence))
            await asyncio.sleep(ROUND)

    async def _resume(self, job: Job) -> None:
        try:
            call = wire.load(job.body)
        except ValueError:
            log.warning("slack.job_unreadable", job=job.id)
            await job.done()
            return
        log.info("slack.resumed", tries=job.tries)
        await self._begin(call, job)

    def _app(self) -> AsyncApp:
        app = AsyncApp(client=self._api.client, raise_error_for_unhandled_request=False)
        app.middleware(self._receive)
        app.event("app_home_opened")(self._on_home)
        app.event("member_joined_channel")(self._on_join)
        app.event(_ANYTHING)(self._on_call)
        app.command(_ANYTHING)(self._on_command)
        app.shortcut(_ANYTHING)(self._on_command)
        app.action(home.ADD)(self._on_form_wanted)
        app.action(home.EDIT)(self._on_form_wanted)
        app.action(home.REMOVE)(self._on_remove)
        app.action(_ANYTHING)(self._on_command)
        app.view(home.SUBMIT)(self._on_form)
        return app

    async def _receive(
        self,
        body: dict[str, Any],
        context: AsyncBoltContext,
        next: Callable[[], Awaitable[None]],  # noqa: A002 - bolt's
    ) -> BoltResponse | None:
        """Take what is for us before it is acknowledged."""
        try:
            call = wire.read(body, me=self._me)
            if call is not None and await self._is_for_us(call):
                context[_CALL] = call
                context[_JOB] = await self._inbox.take(*call.names, source=SOURCE, body=wire.dump(call))
        except StoreUnusable as error:
            log.warning("slack.not_taken", why=str(error.sentence))
            return BoltResponse(status=503)  # not acknowledged, so that it comes again
        await next()
        return None

    async def _is_for_us(self, call: wire.Call) -> bool:
        """Leave alone what people say to each other, most of it without a look into the database."""
        if call.heard is not Heard.OVERHEARD:
            return True
        if wire.command_of(call, part=False, web_url=self._settings.web_url) is not None:
            return True
        return call.if_part and await self._desk.takes_part(call.place.where)

    async def _on_call(self, context: AsyncBoltContext) -> None:
        job: Job | None = context.get(_JOB)
        if job is not None:
            await self._begin(context[_CALL], job)

    async def _on_command(self, ack: AsyncAck, context: AsyncBoltContext) -> None:
        await ack()
        await self._on_call(context)

    async def _begin(self, call: wire.Call, job: Job) -> None:
        part = call.if_part and await self._desk.takes_part(call.place.where)
        command = wire.command_of(call, part=part, web_url=self._settings.web_url)
        if command is None:
            await job.done()
            return
        place = wire.placed(call, command)
        if place.person and not call.place.person_name:
            place = replace(place, person_name=await self._api.person_name(place.person))
        self._door.let_in(command, SlackChat(self._api, place, self._speak, job), job)

    async def _on_home(self, body: dict[str, Any]) -> None:
        event = body["event"]
        if event.get("tab", "home") == "home":
            await self._show_home(str(body.get("team_id", "")), str(event["user"]))

    async def _on_join(self, body: dict[str, Any]) -> None:
        event = body["event"]
        if event.get("user") != self._me:
            return
        team, channel = str(body.get("team_id", "")), str(event["channel"])
        job = await self._inbox.take(f"slack:{team}:{body.get('event_id')}", source="slack-greeting", body="")
        if job is None:
            return
        chat = SlackChat(self._api, SlackPlace(team=team, channel=channel), self._speak)
        try:
            await chat.say(
                say("Paste the link of a pull request here and I review it. `/review help` says what else I do.")
            )
        except BotError as error:
            log.info("slack.not_greeted", error=type(error).__name__)
        await job.done()

    async def _on_form_wanted(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        try:
            await self._home.ask(body)
        except BotError as error:
            log.warning("slack.form_not_opened", error=type(error).__name__, why=str(error.sentence))

    async def _on_remove(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        try:
            await self._home.remove(body)
        except BotError as error:
            log.warning("slack.not_removed", error=type(error).__name__, why=str(error.sentence))

    async def _on_form(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        try:
            async with asyncio.timeout(FORM_SECONDS):
                await self._home.save(body)
        except FormRejected as rejected:
            await self._reject(ack, rejected.problems)
        except BotError as error:
            await self._reject(ack, {"repository": error.sentence})
        except TimeoutError:
            await self._reject(ack, {"repository": say("That took too long. Please try again.")})
        else:
            await ack()
            await self._show_home(str(body["team"]["id"]), str(body["user"]["id"]))

    async def _reject(self, ack: AsyncAck, problems: Any) -> None:
        errors = {block: self._speak(problem)[:300] for block, problem in problems.items()}
        await ack(response_action="errors", errors=errors)

    async def _show_home(self, team: str, user: str) -> None:
        try:
            await self._home.show(team, user)
        except BotError as error:
            log.warning("slack.home_not_shown", error=type(error).__name__, why=str(error.sentence))


async def _within(seconds: float, closing: Awaitable[None]) -> None:
    """Close something in bounded time: what hangs must not keep the process."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await closing
