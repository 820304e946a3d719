"""The stand-in's socket: HTTP/1.1 in, GitHub's answers out, every request kept."""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.standins.github.bodies import Bodies
from tests.standins.github.faults import Fault
from tests.standins.github.pulls import History, StandInIssue, StandInPull
from tests.standins.github.repository import GitRepository
from tests.standins.github.routes import Request, Response, Served

REST = "/api/v3"
GRAPHQL = "/api/graphql"


class StandInGitHub:
    """A GitHub Enterprise with one repository, on a port of this machine, between `with` and its end.

    Attributes:
        requests: What was asked, in order.
        faults: What is answered instead; the first one that fits counts.
        served: Pull requests, issues, tokens and switches; may be changed while it runs.
        remaining: How many calls the rate limit still allows; it is told in headers, a fault enforces it.
        latency: Seconds before each answer.
    """

    def __init__(
        self, repository: GitRepository, *, owner: str = "octo", name: str = "hello.world", private: bool = False
    ) -> None:
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.github = self
        self.web_url = f"http://127.0.0.1:{self._server.server_port}"
        self.api_url = f"{self.web_url}{REST}"
        bodies = Bodies(api_url=self.api_url, web_url=self.web_url, owner=owner, name=name, private=private)
        self.served = Served(history=History(repository), bodies=bodies, private=private)
        self.requests: list[Request] = []
        self.faults: list[Fault] = []
        self.remaining = 4999
        self.latency = 0.0
        self.closing = threading.Event()
        self._serving = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def open_pull_request(self, **fields: Any) -> StandInPull:
        """Add a pull request, number 12 from `topic` to `main` unless told otherwise."""
        pull = StandInPull(**fields)
        self.served.pulls[pull.number] = pull
        return pull

    def open_issue(self, number: int = 7) -> StandInIssue:
        """Add an issue."""
        issue = StandInIssue(number=number)
        self.served.issues[number] = issue
        return issue

    @property
    def kinds(self) -> list[str]:
        """Return what was asked for, in order."""
        return [request.kind for request in self.requests]

    def __enter__(self) -> StandInGitHub:
        self._serving.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._serving.join()

    def fault_for(self, request: Request) -> Fault | None:
        """Take the fault that is to meet *request*, if any."""
        fault = next((fault for fault in self.faults if fault.times and fault.on in ("", request.kind)), None)
        if fault is not None:
            fault.times -= 1
        return fault


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    github: StandInGitHub


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def log_message(self, *_args: object) -> None:
        """Say nothing: tests read `requests`."""

    def _answer(self) -> None:
        github = self.server.github
        request = self._request()
        github.requests.append(request)
        github.closing.wait(github.latency)
        fault = github.fault_for(request)
        if fault is not None and fault.slow:
            github.closing.wait(30)
        if fault is None or fault.slow or fault.cut:
            response = github.served.answer(request)
        else:
            response = Response(status=fault.status, body=fault.body, headers=fault.headers)
        self._write(response, cut=fault is not None and fault.cut)

    def _request(self) -> Request:
        parts = urlsplit(self.path)
        content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        return Request(
            method=self.command,
            path="/graphql" if parts.path == GRAPHQL else parts.path.removeprefix(REST),
            query=dict(parse_qsl(parts.query)),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=json.loads(content) if content else None,
        )

    def _write(self, response: Response, *, cut: bool) -> None:
        body = response.body if isinstance(response.body, bytes) else _encoded(response.body)
        if response.status == 304:
            body = b""
        github = self.server.github
        github.remaining -= not response.free
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "X-RateLimit-Limit": "5000",
            "X-RateLimit-Remaining": str(github.remaining),
            "X-RateLimit-Resource": "graphql" if self.path == GRAPHQL else "core",
            "X-RateLimit-Reset": str(int(time.time()) + 3600),
            **response.headers,
            "Content-Length": str(len(body)),
        }
        self.send_response(response.status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.close_connection = self.close_connection or cut
        try:
            self.wfile.write(body[: len(body) // 2] if cut else body)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True


def _encoded(body: Any) -> bytes:
    return body.encode() if isinstance(body, str) else json.dumps(body, ensure_ascii=False).encode()
