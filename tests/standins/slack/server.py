"""The stand-in's sockets: HTTP for the Web API, WebSockets for Socket Mode."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
import uuid
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import WSMsgType, web

from tests.standins.slack import limits
from tests.standins.slack.methods import Methods, Refused
from tests.standins.slack.world import ApiCall, Message, World

SCOPES = (
    "app_mentions:read,channels:history,channels:read,chat:write,commands,files:write,groups:history,groups:read,"
    "im:history,users:read"
)
ACK_SECONDS = 3.0
REDELIVERIES = 3


@dataclass(kw_only=True)
class Storm:
    """Answers a method with 429 for some times."""

    method: str
    times: int
    retry_after: int = 1


@dataclass(kw_only=True)
class Delivery:
    """An envelope on its way: how often it was sent, and how long its acknowledgement took, in seconds."""

    kind: str
    payload: dict[str, Any]
    sent: int = 0
    acked: float | None = None
    answer: dict[str, Any] = field(default_factory=dict)
    done: asyncio.Event = field(default_factory=asyncio.Event)


class StandInSlack(World):
    """A workspace with one app; see the package for how to use it.

    Attributes:
        deliveries: Every envelope, in order.
        storms: Rate limits to come.
        silent: Open sockets are answered nothing any more, not even pings.
        deaf: Acknowledgements are not noticed, so that events come again.
        redelivery_seconds: Between two deliveries of an event that was not acknowledged.
    """

    bot_token, app_token = "xoxb-good", "xapp-good"

    def __init__(self) -> None:
        super().__init__()
        self.methods = Methods(self, lambda: self.url)
        self.deliveries: list[Delivery] = []
        self.storms: list[Storm] = []
        self.scopes = SCOPES
        self.deaf = 0
        self.ack_seconds = ACK_SECONDS
        self.redelivery_seconds = 0.1
        self.unknown: list[str] = []
        self.connections = 0
        self._sockets: list[web.WebSocketResponse] = []
        self._waiting: dict[str, Delivery] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._numbers = itertools.count(1)
        self.url = ""

    @property
    def api_url(self) -> str:
        """Return what `api_url` of the configuration is to be."""
        return f"{self.url}/api/"

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=2**24)
        app.router.add_post("/api/{method}", self._call)
        app.router.add_get("/api/{method}", self._call)
        app.router.add_post("/upload/{file}", self._upload)
        app.router.add_post("/respond/{user}", self._respond)
        app.router.add_get("/link", self._link)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        port = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{port}"
        return self

    async def __aexit__(self, *_error: object) -> None:
        for task in self._tasks:
            task.cancel()
        for socket in self._sockets:
            await socket.close()
        await self._runner.cleanup()
        assert not self.unknown, f"methods that Slack does not have: {self.unknown}"

    # What people do

    async def post(self, channel: str, user: str, text: str, *, thread_ts: str = "", **more: Any) -> str:
        """Let a person say something; returns its timestamp. *more* goes into the event, such as a subtype."""
        ts = self.stamp()
        self.messages.append(Message(channel=channel, ts=ts, user=user, text=text, thread_ts=thread_ts))
        place = self.channels[channel]
        event = {
            "type": "message",
            "user": user,
            "text": text,
            "ts": ts,
            "channel": channel,
            "event_ts": ts,
            "team": "T1",
            "channel_type": "im" if place.person else ("group" if place.private else "channel"),
            **({"thread_ts": thread_ts, "parent_user_id": "U1"} if thread_ts else {}),
            **more,
        }
        if "UBOT" in place.members:
            self.happen(event)
            if "<@UBOT>" in text and not place.person and "subtype" not in more:
                self.happen({**event, "type": "app_mention"})
        return ts

    def happen(self, event: dict[str, Any], *, event_id: str = "") -> Delivery:
        """Deliver an event of the Events API."""
        return self.deliver(
            "events_api",
            {
                "token": "verification",
                "team_id": "T1",
                "api_app_id": "A1",
                "event": event,
                "type": "event_callback",
                "event_id": event_id or f"Ev{next(self._numbers):08}",
                "event_time": int(time.time()),
                "authorizations": [
                    {
                        "enterprise_id": None,
                        "team_id": "T1",
                        "user_id": "UBOT",
                        "is_bot": True,
                        "is_enterprise_install": False,
                    }
                ],
                "is_ext_shared_channel": False,
            },
        )

    def command(self, channel: str, user: str, text: str) -> Delivery:
        """Let a person type `/review text`."""
        return self.deliver(
            "slash_commands",
            {
                "token": "verification",
                "team_id": "T1",
                "team_domain": "octo",
                "channel_id": channel,
                "channel_name": self.channels[channel].name,
                "user_id": user,
                "user_name": self.users[user],
                "command": "/review",
                "text": text,
                "api_app_id": "A1",
                "is_enterprise_install": "false",
                "response_url": f"{self.url}/respond/{user}",
                "trigger_id": f"trigger.{next(self._numbers)}",
            },
        )

    def press(self, user: str, message: Message, action_id: str, value: str = "") -> Delivery:
        """Let a person press a button of a message; it must be there, and with *value* be that one."""
        buttons = [
            element for block in message.blocks for element in block.get("elements", []) if "action_id" in element
        ]
        button = next(one for one in buttons if one["action_id"] == action_id and value in one.get("value", ""))
        return self.deliver(
            "interactive",
            {
                **self._interactive(user, "block_actions"),
                "container": {"type": "message", "message_ts": message.ts, "channel_id": message.channel},
                "channel": {"id": message.channel, "name": self.channels[message.channel].name},
                "message": self._shown(message),
                "actions": [
                    {"action_id": action_id, "type": "button", "value": button.get("value", ""), "block_id": "b"}
                ],
                "response_url": f"{self.url}/respond/{user}",
            },
        )

    def press_home(self, user: str, action_id: str, value: str = "") -> Delivery:
        """Let a person press a button of App Home."""
        view = self.homes[user]
        buttons = [
            element for block in view["blocks"] for element in block.get("elements", []) if "action_id" in element
        ]
        button = next(one for one in buttons if one["action_id"] == action_id and value in one.get("value", ""))
        action = {"action_id": action_id, "type": "button", "value": button.get("value", ""), "block_id": "b"}
        return self.deliver(
            "interactive",
            {
                **self._interactive(user, "block_actions"),
                "container": {"type": "view"},
                "view": view,
                "actions": [action],
            },
        )

    def submit(self, user: str, values: dict[str, Any]) -> Delivery:
        """Let a person submit the newest modal, whose inputs say *values*."""
        view = {**self.modals[-1], "id": "V1", "state": {"values": values}}
        return self.deliver("interactive", {**self._interactive(user, "view_submission"), "view": view})

    def shortcut(self, user: str, message: Message, callback_id: str) -> Delivery:
        """Let a person use a shortcut of a message."""
        return self.deliver(
            "interactive",
            {
                **self._interactive(user, "message_action"),
                "callback_id": callback_id,
                "channel": {"id": message.channel, "name": self.channels[message.channel].name},
                "message_ts": message.ts,
                "message": self._shown(message),
                "response_url": f"{self.url}/respond/{user}",
            },
        )

    def open_home(self, user: str) -> Delivery:
        """Let a person look at App Home."""
        return self.happen({"type": "app_home_opened", "user": user, "channel": "D1", "tab": "home", "event_ts": "1"})

    # Socket Mode

    def deliver(self, kind: str, payload: dict[str, Any]) -> Delivery:
        """Send an envelope, and events again until they are acknowledged."""
        delivery = Delivery(kind=kind, payload=payload)
        self.deliveries.append(delivery)
        task = asyncio.create_task(self._deliver(delivery))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return delivery

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Ask every connection to be made anew, as Slack does now and again."""
        for socket in [*self._sockets]:
            await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-1"}})

    async def drop(self) -> None:
        """Cut every connection without a word."""
        for socket in [*self._sockets]:
            transport = socket._req.transport if socket._req else None
            if transport is not None:
                transport.abort()

    async def _deliver(self, delivery: Delivery) -> None:
        attempts = 1 + (REDELIVERIES if delivery.kind == "events_api" else 0)
        for attempt in range(attempts):
            envelope = str(uuid.uuid4())
            self._waiting[envelope] = delivery
            body: dict[str, Any] = {
                "envelope_id": envelope,
                "type": delivery.kind,
                "payload": delivery.payload,
                "accepts_response_payload": delivery.kind != "events_api",
            }
            if delivery.kind == "events_api":
                body |= {"retry_attempt": attempt, "retry_reason": "timeout" if attempt else ""}
            socket = await self._a_socket()
            began = time.monotonic()
            delivery.sent += 1
            try:
                await socket.send_json(body)
                async with asyncio.timeout(self.ack_seconds):
                    await delivery.done.wait()
            except (TimeoutError, ConnectionError, RuntimeError):
                await asyncio.sleep(self.redelivery_seconds)
                continue
            delivery.acked = time.monotonic() - began
            await self.wake()
            return

    async def _a_socket(self) -> web.WebSocketResponse:
        living: list[web.WebSocketResponse] = await self.until(self.living)
        return living[next(self._numbers) % len(living)]

    def living(self) -> list[web.WebSocketResponse]:
        """Return the connections that are open."""
        return [socket for socket in self._sockets if not socket.closed]

    async def _link(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(autoping=True)
        await socket.prepare(request)
        self.connections += 1
        self._sockets.append(socket)
        hello = {
            "type": "hello",
            "num_connections": len(self._sockets),
            "debug_info": {"host": "applink-1", "approximate_connection_time": 18060},
            "connection_info": {"app_id": "A1"},
        }
        await socket.send_json(hello)
        await self.wake()
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    await self._acknowledged(json.loads(message.data))
        finally:
            self._sockets.remove(socket)
            await self.wake()
        return socket

    async def _acknowledged(self, body: dict[str, Any]) -> None:
        delivery = self._waiting.get(body.get("envelope_id", ""))
        if delivery is None:
            return
        if self.deaf > 0:
            self.deaf -= 1
            return
        delivery.answer = body.get("payload") or {}
        delivery.done.set()

    # Web API

    async def _call(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        arguments = await _arguments(request)
        storm = next((one for one in self.storms if one.method in ("", method) and one.times), None)
        if storm is not None:
            storm.times -= 1
            await self.note(ApiCall(method=method, arguments=arguments, error="ratelimited"))
            return web.json_response(
                {"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": str(storm.retry_after)}
            )
        token = request.headers.get("Authorization", "").removeprefix("Bearer ") or str(arguments.get("token", ""))
        try:
            body = self._answer(method, arguments, token)
            error = ""
        except Refused as refused:
            error, body = refused.code, {"ok": False, "error": refused.code, **refused.more}
        except LookupError:
            self.unknown.append(method)
            error, body = "unknown_method", {"ok": False, "error": "unknown_method"}
        await self.note(ApiCall(method=method, arguments=arguments, error=error))
        return web.json_response(body, headers={"X-OAuth-Scopes": self.scopes})

    def _answer(self, method: str, arguments: dict[str, Any], token: str) -> dict[str, Any]:
        if method == "apps.connections.open":
            if token != self.app_token:
                raise Refused("invalid_auth")
            return {"ok": True, "url": f"{self.url.replace('http', 'ws')}/link?ticket={next(self._numbers)}"}
        if token != self.bot_token:
            raise Refused("invalid_auth")
        return {"ok": True, **self.methods.answer(method, arguments)}

    async def _upload(self, request: web.Request) -> web.Response:
        body = await request.post() if request.content_type.startswith("multipart/") else {}
        file = next(iter(body.values()), None)
        data = file.file.read() if isinstance(file, web.FileField) else await request.read()
        self.methods.uploads[request.match_info["file"]] = data.decode()
        return web.Response(text="OK")

    async def _respond(self, request: web.Request) -> web.Response:
        body = await request.json()
        self.responses.append(body)
        blocks = body.get("blocks") or []
        assert not limits.problem(blocks)
        message = Message(channel="", ts=self.stamp(), user="UBOT", text=body.get("text", ""), blocks=blocks)
        message.only_for = request.match_info["user"]
        self.messages.append(message)
        await self.wake()
        return web.Response(text="ok")

    def _interactive(self, user: str, kind: str) -> dict[str, Any]:
        return {
            "type": kind,
            "user": {"id": user, "username": self.users[user], "name": self.users[user], "team_id": "T1"},
            "api_app_id": "A1",
            "token": "verification",
            "trigger_id": f"trigger.{next(self._numbers)}",
            "team": {"id": "T1", "domain": "octo"},
            "enterprise": None,
            "is_enterprise_install": False,
        }

    def _shown(self, message: Message) -> dict[str, Any]:
        thread = {"thread_ts": message.thread_ts} if message.thread_ts else {}
        return {
            "type": "message",
            "user": message.user,
            "ts": message.ts,
            "text": message.text,
            "blocks": message.blocks,
            **thread,
        }


async def _arguments(request: web.Request) -> dict[str, Any]:
    if request.content_type == "application/json":
        return dict(await request.json())
    posted = await request.post() if request.method == "POST" else {}
    return {**request.query, **{name: str(value) for name, value in posted.items()}}
