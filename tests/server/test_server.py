"""The port: whether it lives, and webhooks that are signed, taken once and never believed."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import io
import json
import socket
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest

from bot.domain.change import RepositoryRef
from bot.domain.errors import ConfigInvalid, StoreUnusable
from bot.domain.sentence import say
from bot.server.server import LARGEST, Server
from bot.server.webhooks import Webhooks
from tests.doubles.inbox import DictInbox

SECRET = "a long secret"
OPENED = {"action": "opened", "repository": {"full_name": "octo/stats"}}


@dataclass(kw_only=True)
class Port:
    """A server, asked over a socket."""

    server: Server
    inbox: DictInbox
    hints: list[RepositoryRef] = field(default_factory=list)

    async def deliver(
        self,
        payload: object = OPENED,
        *,
        event: str = "pull_request",
        delivery: str = "72d3162e-cc78-11e3-81ab-4c9367dc0958",
        secret: str = SECRET,
        **headers: str,
    ) -> tuple[int, str]:
        body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        sent = {
            "X-GitHub-Event": event,
            "X-GitHub-Delivery": delivery,
            "X-Hub-Signature-256": f"sha256={signature}",
            "Content-Type": "application/json",
            **headers,
        }
        return await self.ask("POST", "/webhooks/github", data=io.BytesIO(body), headers=sent)

    async def ask(self, method: str, path: str, **more: Any) -> tuple[int, str]:
        address = f"http://127.0.0.1:{self.server.port}{path}"
        async with aiohttp.ClientSession() as session, session.request(method, address, **more) as response:
            return response.status, await response.text()


@dataclass(kw_only=True)
class ClosedInbox(DictInbox):
    """A database that cannot be written."""

    async def take(self, *names: str, source: str, body: str) -> Any:
        raise StoreUnusable(say("The database is read-only."))


async def _serving(inbox: DictInbox, *, secret: str = SECRET) -> AsyncIterator[Port]:
    hints: list[RepositoryRef] = []
    webhooks = Webhooks(secret=secret, inbox=inbox, hint=hints.append) if secret else None
    server = Server(host="127.0.0.1", port=0, webhooks=webhooks)
    task = asyncio.create_task(server.run())
    await server.listening.wait()
    try:
        yield Port(server=server, inbox=inbox, hints=hints)
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@pytest.fixture
async def port() -> AsyncIterator[Port]:
    async for one in _serving(DictInbox()):
        yield one


async def test_it_says_that_it_lives(port: Port) -> None:
    status, text = await port.ask("GET", "/health")

    assert (status, json.loads(text)) == (200, {"status": "ok"})


async def test_a_delivery_hints_at_its_repository_once(port: Port) -> None:
    assert await port.deliver() == (202, "taken\n")
    assert await port.deliver() == (200, "known\n")
    assert await port.deliver(delivery="another-delivery") == (202, "taken\n")

    assert port.hints == [RepositoryRef(owner="octo", name="stats")] * 2
    assert port.inbox.unfinished == []


@pytest.mark.parametrize(
    ("event", "payload"),
    [
        ("ping", {"zen": "Design for failure."}),
        ("star", OPENED),
        ("pull_request", {"repository": {"full_name": "../../etc"}}),
        ("pull_request", {"repository": None}),
        ("pull_request", []),
        ("pull_request", b"\xff\x00 not json"),
    ],
)
async def test_what_says_nothing_of_use_is_taken_and_passed_over(port: Port, event: str, payload: object) -> None:
    status, _ = await port.deliver(payload, event=event)

    assert status == 202
    assert port.hints == []


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Hub-Signature-256": ""},
        {"X-Hub-Signature-256": "sha256="},
        {"X-Hub-Signature-256": "sha256=" + "0" * 64},
        {"X-Hub-Signature-256": "sha1=" + "0" * 40},
        {"X-Hub-Signature-256": "sha256=\xe4\xf6"},
    ],
)
async def test_what_is_not_signed_is_refused_and_not_even_remembered(port: Port, headers: dict[str, str]) -> None:
    status, _ = await port.deliver(**headers)

    assert status == 401
    assert (port.hints, port.inbox.jobs) == ([], [])


async def test_another_secret_is_no_signature(port: Port) -> None:
    assert (await port.deliver(secret="guessed"))[0] == 401


async def test_a_delivery_without_a_name_cannot_be_known_again_and_is_refused(port: Port) -> None:
    assert (await port.deliver(delivery=""))[0] == 400
    assert (await port.deliver(delivery="x" * 100))[0] == 400


async def test_what_cannot_be_kept_is_to_come_again() -> None:
    async for port in _serving(ClosedInbox()):
        assert (await port.deliver())[0] == 503
        assert port.hints == []


async def test_too_much_is_refused(port: Port) -> None:
    assert (await port.deliver(b"x" * (LARGEST + 1)))[0] == 413


async def test_without_a_secret_there_are_no_webhooks() -> None:
    async for port in _serving(DictInbox(), secret=""):
        assert (await port.deliver())[0] == 404
        assert (await port.ask("GET", "/health"))[0] == 200


async def test_an_address_that_is_taken_is_said() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(ConfigInvalid, match="in use already"):
            await Server(host="127.0.0.1", port=other.getsockname()[1], webhooks=None).run()
