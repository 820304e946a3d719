"""Socket Mode: https://docs.slack.dev/apis/events-api/using-socket-mode.

Events that are not acknowledged within three seconds come again, perhaps on another connection: at once, after a
minute, after five. Commands and what people press do not come again.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.standins.slack.world import APP, BOT_ID

MOST_CONNECTIONS = 10
AGAIN_AFTER = (0.0, 1.0, 5.0)
"""Minutes until an event that was not acknowledged comes again, counted from the one before."""

WARNED = 1 / 6
"""Minutes between a warning and the end of a connection."""


@dataclass(kw_only=True)
class Attempt:
    """One envelope: on which connection it went out, and after how many milliseconds it was acknowledged."""

    envelope: str
    connection: int
    at: float
    acked_ms: float | None = None
    done: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(kw_only=True)
class Delivery:
    """Something the app is told, as often as it takes.

    Attributes:
        answer: What the acknowledgement carried.
        over: Nothing more is sent: it was acknowledged, or given up.
    """

    kind: str
    payload: dict[str, Any]
    attempts: list[Attempt] = field(default_factory=list)
    answer: dict[str, Any] = field(default_factory=dict)
    over: bool = False

    @property
    def acked_ms(self) -> float | None:
        """Return after how many milliseconds the first acknowledged envelope was acknowledged."""
        return next((attempt.acked_ms for attempt in self.attempts if attempt.acked_ms is not None), None)

    @property
    def event(self) -> dict[str, Any]:
        """Return the event inside, empty where it is none."""
        found: dict[str, Any] = self.payload.get("event", {})
        return found

    @property
    def own(self) -> bool:
        """Tell whether it is about what the bot itself did."""
        author = self.event.get("message") or self.event.get("previous_message") or self.event
        return bool(author.get("bot_id") == BOT_ID)


@dataclass(kw_only=True, eq=False)
class Connection:
    """A WebSocket of the app; a silent one is open and nothing comes out of it, not even pongs."""

    number: int
    socket: web.WebSocketResponse
    request: web.Request
    silent: bool = False
    leaving: bool = False
    gone: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def open(self) -> bool:
        """Tell whether Slack believes in it."""
        return not self.socket.closed and not self.leaving


class SocketMode:
    """All connections of the app.

    Attributes:
        ack_seconds: How long Slack waits for an acknowledgement.
        minute: How many seconds a minute has; a test makes it short so that it need not wait.
        deaf: How many acknowledgements get lost, not counting those of what the bot itself did.
        opened: How many connections there were.
        deliveries: Everything the app was told, in order.
    """

    def __init__(self, wake: Callable[[], Awaitable[None]], now: Callable[[], float]) -> None:
        self.ack_seconds = 3.0
        self.minute = 60.0
        self.deaf = 0
        self.opened = 0
        self.deliveries: list[Delivery] = []
        self.connections: list[Connection] = []
        self._wake = wake
        self._now = now
        self._waiting: dict[str, tuple[Delivery, Attempt]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._numbers = itertools.count(1)
        self._choice = random.Random(7)  # the same every time

    @property
    def living(self) -> list[Connection]:
        """Return the connections that are used."""
        return [connection for connection in self.connections if connection.open]

    def deliver(self, kind: str, payload: dict[str, Any]) -> Delivery:
        """Tell the app something."""
        delivery = Delivery(kind=kind, payload=payload)
        self.deliveries.append(delivery)
        self._spawn(self._deliver(delivery))
        return delivery

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Ask for every connection to be made anew, as Slack does now and again, and end it: after a warning later."""
        for connection in self.living:
            connection.leaving = True
            await self._part(connection, reason)
            self._spawn(self._end(connection, self.minute * WARNED if reason == "warning" else 0.0))

    async def drop(self) -> None:
        """Cut every connection without a word."""
        for connection in [*self.connections]:
            if connection.request.transport is not None:
                connection.request.transport.abort()

    def silence(self) -> None:
        """Let nothing come out of the connections that there are, while they stay open."""
        for connection in self.connections:
            connection.silent = True

    async def close(self) -> None:
        """End everything."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for connection in [*self.connections]:
            await connection.socket.close()

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one connection until it ends."""
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        self.opened += 1
        connection = Connection(number=self.opened, socket=socket, request=request)
        if len(self.living) >= MOST_CONNECTIONS:
            await self._part(connection, "too_many_websockets")
            await socket.close()
            return socket
        self.connections.append(connection)
        try:
            await socket.send_json(
                {
                    "type": "hello",
                    "num_connections": len(self.living),
                    "debug_info": {"host": "applink-1", "build_number": 10, "approximate_connection_time": 18060},
                    "connection_info": {"app_id": APP},
                }
            )
            await self._wake()
            await self._listen(connection)
        except ConnectionError:
            pass  # it was cut
        finally:
            self.connections.remove(connection)
            connection.gone.set()
            await self._wake()
        return socket

    async def _listen(self, connection: Connection) -> None:
        async for message in connection.socket:
            if connection.silent:
                continue
            if message.type is WSMsgType.PING:
                await connection.socket.pong(message.data)
            elif message.type is WSMsgType.TEXT:
                await self._acknowledged(json.loads(message.data))

    async def _acknowledged(self, body: dict[str, Any]) -> None:
        delivery, attempt = self._waiting.get(body.get("envelope_id", ""), (None, None))
        if delivery is None or attempt is None:
            return
        if self.deaf > 0 and not delivery.own:
            self.deaf -= 1
            return
        attempt.acked_ms = (self._now() - attempt.at) * 1000
        delivery.answer = body.get("payload") or delivery.answer
        attempt.done.set()
        await self._wake()

    async def _deliver(self, delivery: Delivery) -> None:
        again = AGAIN_AFTER if delivery.kind == "events_api" else ()
        for number, minutes in enumerate((0.0, *again)):
            await asyncio.sleep(minutes * self.minute)
            if await self._attempt(delivery, number):
                break
        delivery.over = True
        await self._wake()

    async def _attempt(self, delivery: Delivery, number: int) -> bool:
        if not self.living:
            return False
        connection = self._choice.choice(self.living)
        attempt = Attempt(envelope=str(uuid.uuid4()), connection=connection.number, at=self._now())
        delivery.attempts.append(attempt)
        self._waiting[attempt.envelope] = delivery, attempt
        await self._wake()
        body: dict[str, Any] = {
            "envelope_id": attempt.envelope,
            "payload": delivery.payload,
            "type": delivery.kind,
            "accepts_response_payload": delivery.kind != "events_api",
        }
        if delivery.kind == "events_api":
            body |= {"retry_attempt": number, "retry_reason": "timeout" if number else ""}
        try:
            if not connection.silent:
                await connection.socket.send_json(body)
            return await self._in_time(attempt, connection)
        except (ConnectionError, RuntimeError):
            return False

    async def _in_time(self, attempt: Attempt, connection: Connection) -> bool:
        """Wait for the acknowledgement; what went out on a connection that ended is known to be lost at once."""
        acknowledged = asyncio.ensure_future(attempt.done.wait())
        ended = asyncio.ensure_future(connection.gone.wait())
        try:
            await asyncio.wait([acknowledged, ended], timeout=self.ack_seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            acknowledged.cancel()
            ended.cancel()
        return attempt.done.is_set()

    async def _part(self, connection: Connection, reason: str) -> None:
        debug = {"host": "applink-1"}
        await connection.socket.send_json({"type": "disconnect", "reason": reason, "debug_info": debug})

    async def _end(self, connection: Connection, seconds: float) -> None:
        await asyncio.sleep(seconds)
        await connection.socket.close()

    def _spawn(self, work: Any) -> None:
        task: asyncio.Task[None] = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
