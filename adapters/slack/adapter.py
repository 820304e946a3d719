"""The Slack adapter: the app, its connection, and what becomes of each payload."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

import structlog
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from adapters.door import Door
from adapters.slack import wire
from adapters.slack.api import SlackApi
from adapters.slack.chat import SlackChat
from adapters.slack.checks import examine
from adapters.slack.connection import Connection
from adapters.slack.home import Home
from adapters.slack.place import SlackPlace
from adapters.slack.settings import SlackSettings
from adapters.slack.tokens import try_bot_token
from bot.domain.errors import BotError, StoreUnusable
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
"""Seconds between two pings; see `adapters.slack.connection`."""

GOODBYE = 1.8
"""Seconds for what runs to say that it was interrupted; all of closing has 3."""

_ANYTHING = re.compile(".*")
_CALL, _JOB = "parley_call", "parley_job"


class SlackAdapter:
    """Hears what is said on Slack and hands it to the desk.

    Each event is taken from the inbox before Slack is told that we have it: what is not acknowledged comes again,
    perhaps to another process, and what was taken once is not taken twice.

    Args:
        ping: Seconds between two pings of the connection.
    """

    def __init__(self, desk: Desk, inbox: Inbox, settings: SlackSettings, speak: Speak, *, ping: float = PING) -> None:
        self._desk = desk
        self._inbox = inbox
        self._settings = settings
        self._speak = speak
        self._ping = ping
        self._api = SlackApi(settings)
        self._door = Door(desk)
        self._pressed: set[tuple[str, ...]] = set()
        self._me: dict[str, Any] = {}
        self._closing = False

    @property
    def name(self) -> str:
        """Return what the names of its channels begin with."""
        return SOURCE

    def check(self) -> AsyncIterator[Check]:
        """Look at tokens and rights."""
        return examine(self._settings)

    def chat_in(self, channel: str, *, thread: str = "", job: Job | None = None) -> Chat | None:
        """Return a chat to post in a channel or thread unasked."""
        known = re.fullmatch(r"slack:(\w+)/(\w+)", channel)
        if known is None:
            return None
        return SlackChat(self._api, SlackPlace(team=known[1], channel=known[2], thread=thread), self._speak, job)

    async def run(self, ready: Callable[[Sentence], None]) -> None:
        """Connect, take up what was left, and serve until cancelled."""
        self._door, self._closing = Door(self._desk), False
        await self._api.open()
        try:
            self._me = await try_bot_token(self._api)
            connection = Connection(self._app(), self._api, self._settings.app_token, ping=self._ping)
            try:
                await connection.open()
                log.info("slack.connected", team=self._team, user=self._user)
                team, name = str(self._me.get("team", "?")), str(self._me.get("user", "?"))
                ready(say("Slack: connected to {team} as {name}.", team=team, name=name))
                await self._take_up()
            finally:
                self._closing = True
                await asyncio.gather(connection.close(), _within(GOODBYE, self._door.close()))
        finally:
            await self._api.close()

    @property
    def _team(self) -> str:
        return str(self._me["team_id"])

    @property
    def _user(self) -> str:
        return str(self._me["user_id"])

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
        app = _bolt(self._settings, self._me)
        app.middleware(self._receive)
        Home(
            self._api,
            self._desk,
            self._speak,
            team=self._team,
            web_url=self._settings.web_url,
            timezone=self._settings.timezone,
        ).attach(app)
        app.event("member_joined_channel")(self._on_join)
        app.event(_ANYTHING)(self._on_event)
        for listen in (app.command, app.shortcut, app.action):
            listen(_ANYTHING)(self._on_interaction)
        return app

    async def _receive(
        self,
        body: dict[str, Any],
        context: AsyncBoltContext,
        next: Callable[[], Awaitable[None]],  # noqa: A002 - bolt's
    ) -> BoltResponse | None:
        """Take what is for us before it is acknowledged."""
        if self._closing:
            return BoltResponse(status=503)  # not acknowledged, so that another process gets it, or the next
        call: wire.Call | None = None
        try:
            call = await self._for_us(body)
            if call is not None:
                context[_CALL] = call
                context[_JOB] = await self._inbox.take(*call.names, source=SOURCE, body=wire.dump(call))
        except StoreUnusable as error:
            log.warning("slack.not_taken", why=str(error.sentence))
            if call is None or body.get("type") == "event_callback":
                return BoltResponse(status=503)  # comes again
            await self._apologise(call)
            return BoltResponse(status=200)
        await next()
        return None

    async def _apologise(self, call: wire.Call) -> None:
        """Tell a person what Slack will not ask again: a command, or a button."""
        try:
            await SlackChat(self._api, call.place, self._speak).say(
                say("I cannot write this down just now, so I did not begin. Please try again later."), privately=True
            )
        except BotError as error:
            log.warning("slack.not_apologised", error=type(error).__name__)

    async def _for_us(self, body: dict[str, Any]) -> wire.Call | None:
        """Leave alone what people say to each other; only in threads the database is asked whether we are part."""
        call = wire.read(body, me=self._user, team=self._team)
        if call is None:
            return None
        call = wire.settled(call, part=call.if_part and await self._desk.takes_part(call.place.where))
        return call if wire.command_of(call, web_url=self._settings.web_url) is not None else None

    async def _on_event(self, context: AsyncBoltContext) -> None:
        job: Job | None = context.get(_JOB)
        if job is not None:
            await self._begin(context[_CALL], job)

    async def _on_interaction(self, ack: AsyncAck, context: AsyncBoltContext) -> None:
        await ack()
        await self._on_event(context)

    async def _begin(self, call: wire.Call, job: Job) -> None:
        command = wire.command_of(call, web_url=self._settings.web_url)
        if command is None:  # of another version, or of another code host
            await job.done()
            return
        place = wire.placed(call, command)
        if place.person and not place.person_name:
            place = replace(place, person_name=await self._api.person_name(place.person))
        press = call.press
        if press in self._pressed:  # who presses again what is being done wants it once
            await job.done()
        elif not self._closing:  # otherwise the next process takes it up
            task = self._door.let_in(command, SlackChat(self._api, place, self._speak, job), job)
            if press:
                self._pressed.add(press)
                task.add_done_callback(lambda _: self._pressed.discard(press))

    async def _on_join(self, body: dict[str, Any]) -> None:
        """Say hello where we were invited, at most once."""
        channel = str(body["event"]["channel"])
        if body["event"].get("user") != self._user:
            return
        names = (f"slack:{self._team}:{body.get('event_id')}", f"slack:{self._team}/{channel}/hello")
        try:
            job = await self._inbox.take(*names, source=f"{SOURCE}-hello", body="")
            if job is None:
                return
            await job.done()
            await SlackChat(self._api, SlackPlace(team=self._team, channel=channel), self._speak).say(
                say("Paste the link of a pull request here and I review it. `/review help` says what else I do.")
            )
        except BotError as error:
            log.info("slack.not_greeted", error=type(error).__name__)


async def _within(seconds: float, closing: Awaitable[None]) -> None:
    """Close something in bounded time: what hangs must not keep the process."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await closing


def _bolt(settings: SlackSettings, me: Mapping[str, Any]) -> AsyncApp:
    """Make an app that knows who it is.

    Left to itself, bolt would ask `auth.test` before it acknowledges the first event, and take SLACK_CLIENT_ID in the
    environment for a sign that many workspaces install this app.
    """
    known = AuthorizeResult(
        enterprise_id=None,
        team_id=str(me["team_id"]),
        bot_user_id=str(me["user_id"]),
        bot_id=str(me.get("bot_id", "")),
        bot_token=settings.bot_token,
    )

    async def authorize() -> AuthorizeResult:
        return known

    # The client has no token: bolt would warn that it is not used beside an authorisation.
    return AsyncApp(client=AsyncWebClient(base_url=settings.api_url), authorize=authorize)
