"""The stand-in's port: HTTP for the Web API, WebSockets for Socket Mode."""

from __future__ import annotations

import re
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.standins.slack import limits
from tests.standins.slack.api import METHODS, Refused, answer
from tests.standins.slack.people import People
from tests.standins.slack.rates import Rates, Storm
from tests.standins.slack.world import APP, BOT, ApiCall, Message

MANIFEST = Path(__file__).parents[3] / "docs" / "how-to" / "slack-manifest.yaml"


class StandInSlack(People):
    """A workspace with one app, installed from the manifest that people are told to paste; see the package.

    Attributes:
        bot_token: The good one.
        app_token: The good one.
        app_scopes: What the app token may do.
        rates: Who is asked to wait.
        refusals: Codes by method: what Slack refuses for reasons of its own.
    """

    bot_token, app_token = "xoxb-good", "xapp-good"

    def __init__(self, manifest: Path = MANIFEST) -> None:
        text = manifest.read_text()
        super().__init__(
            scopes=_listed(text, "bot"),
            events=_listed(text, "bot_events"),
            commands=tuple(re.findall(r"- command: (\S+)", text)),
            shortcuts=tuple(re.findall(r"callback_id: (\S+)", text)),
        )
        self.app_scopes = ("connections:write",)
        self.rates = Rates(self.now, lambda: self.socket.minute)
        self.refusals: dict[str, str] = {}
        self._once: list[tuple[str, str, str]] = []
        self._lost: list[str] = []
        self._tickets: set[str] = set()

    @property
    def api_url(self) -> str:
        """Return what `api_url` of the configuration is to be."""
        return f"{self.url}/api/"

    def storm(self, method: str, times: int, *, retry_after: int = 0) -> None:
        """Answer *method* (every one, where it is empty) with 429 for some times."""
        self.rates.storms.append(Storm(method=method, times=times, retry_after=retry_after))

    def refuse_once(self, method: str, code: str, *, where: str = "") -> None:
        """Refuse the next call of *method* that says *where*."""
        self._once.append((method, code, where))

    def lose(self, method: str, times: int = 1) -> None:
        """Do what the next calls of *method* ask for, and cut the connection instead of saying so."""
        self._lost += [method] * times

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=2**24)
        app.router.add_route("*", "/api/{method}", self._call)
        app.router.add_post("/upload/{file}", self._upload)
        app.router.add_post("/respond/{token}", self._respond)
        app.router.add_get("/link", self._link)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.socket.close()
        await self._runner.cleanup()
        assert error is not None or not self.mistakes, self.mistakes

    async def _call(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        arguments = await _arguments(request)
        wait = self.rates.wait(method, arguments)
        if wait is not None:
            await self._note(method, arguments, "ratelimited")
            body = {"ok": False, "error": "ratelimited"}
            return web.json_response(body, status=429, headers={"Retry-After": str(wait)})
        token = request.headers.get("Authorization", "").removeprefix("Bearer ") or str(arguments.get("token", ""))
        try:
            body, code = {"ok": True, **self._answer(method, arguments, token)}, ""
        except Refused as refused:
            body, code = {"ok": False, "error": refused.code, **refused.more}, refused.code
        except KeyError as missing:
            body, code = {"ok": False, "error": "invalid_arguments", "missing": str(missing)}, "invalid_arguments"
        await self._note(method, arguments, code)
        if method in self._lost and request.transport is not None:
            self._lost.remove(method)
            request.transport.abort()
        scopes = self.app_scopes if token == self.app_token else self.scopes
        return web.json_response(body, headers={"x-oauth-scopes": ",".join(scopes)})

    async def _note(self, method: str, arguments: dict[str, Any], error: str) -> None:
        told = {name: value for name, value in arguments.items() if name != "token"}
        await self.note(ApiCall(method=method, arguments=told, error=error, at=self.now()))

    def _answer(self, method: str, arguments: dict[str, Any], token: str) -> dict[str, Any]:
        if method != "apps.connections.open" and method not in METHODS:
            self.mistakes.append(f"Slack has no method {method}")
            raise Refused("unknown_method", req_method=method)
        if not token:
            raise Refused("not_authed")
        if token not in (self.bot_token, self.app_token):
            raise Refused("invalid_auth")
        if (method == "apps.connections.open") != (token == self.app_token) and method != "auth.test":
            raise Refused("not_allowed_token_type")
        if method in self.refusals:
            raise Refused(self.refusals[method])
        for once in self._once:
            if once[0] == method and once[2] in str(arguments):
                self._once.remove(once)
                raise Refused(once[1])
        if method == "apps.connections.open":
            return self._open_connection()
        if token == self.app_token:
            return {"app_name": "Parley", "app_id": APP}  # of `auth.test`
        return answer(self, method, arguments)

    def _open_connection(self) -> dict[str, Any]:
        if "connections:write" not in self.app_scopes:
            raise Refused("missing_scope", needed="connections:write", provided=",".join(self.app_scopes))
        ticket = self.trigger()
        self._tickets.add(ticket)
        return {"url": f"{self.url.replace('http', 'ws')}/link?ticket={ticket}&app_id=A1"}

    async def _link(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=403, text="a ticket is good for one connection")
        self._tickets.remove(ticket)
        return await self.socket.serve(request)

    async def _upload(self, request: web.Request) -> web.Response:
        name = request.match_info["file"]
        if name not in self.uploads:
            return web.Response(status=404)
        if request.content_type.startswith("multipart/"):
            file = next(iter((await request.post()).values()))
            self.uploads[name] = file.file.read() if isinstance(file, web.FileField) else str(file).encode()
        else:
            self.uploads[name] = await request.read()
        return web.Response(text=f"OK - {len(self.uploads[name])}")

    async def _respond(self, request: web.Request) -> web.Response:
        """Answer a command or a press where it happened, even in channels that the bot is not in."""
        user, channel, left = self.responses.get(request.match_info["token"], ("", "", 0))
        if not left:
            return web.Response(status=404, text="used_url")
        self.responses[request.match_info["token"]] = (user, channel, left - 1)
        body = await request.json()
        blocks = body.get("blocks") or []
        code = limits.refusal(blocks)[0] or ("" if blocks or body.get("text") else "no_text")
        await self._note("response_url", {**body, "channel": channel}, code)
        if code:
            return web.Response(status=400, text=code)
        message = Message(channel=channel, ts=self.stamp(), user=BOT, text=body.get("text", ""), blocks=blocks)
        if body.get("response_type", "ephemeral") == "ephemeral":
            message.only_for = user
        message.look()
        self.messages.append(message)
        await self.wake()
        return web.Response(text="ok")


def _listed(text: str, name: str) -> tuple[str, ...]:
    """Return the items of a list in the manifest, which is plain enough to be read without a parser."""
    found = re.search(rf"^ *{name}:\n((?: +- .+\n)+)", text, re.MULTILINE)
    assert found is not None, f"the manifest has no {name}"
    return tuple(re.findall(r"- (\S+)", found[1]))


async def _arguments(request: web.Request) -> dict[str, Any]:
    if request.content_type == "application/json":
        return dict(await request.json())
    posted = await request.post() if request.method == "POST" else {}
    return {**request.query, **{name: str(value) for name, value in posted.items()}}
