"""A model hub on this machine, over HTTP, with the answers of <https://huggingface.co> that a download needs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


@dataclass
class StandInHub:
    """Repositories by name, each with its files.

    Attributes:
        gated: Repositories that ask for consent.
        wrong_checksums: The listing gives another checksum than the files have.
        failing: Every answer is a 503.
        ranges: The `Range` header of each download; empty where there was none.
    """

    repositories: dict[str, dict[str, bytes]]
    gated: set[str] = field(default_factory=set)
    wrong_checksums: bool = False
    failing: bool = False
    ranges: list[str] = field(default_factory=list)

    def listing(self, repository: str) -> bytes:
        files = [
            {"rfilename": name, "size": len(data), "blobId": "0" * 40, "lfs": self._lfs(data)}
            for name, data in self.repositories[repository].items()
        ]
        return json.dumps({"id": repository, "sha": "1" * 40, "siblings": files}).encode()

    def _lfs(self, data: bytes) -> dict[str, object]:
        checksum = hashlib.sha256(data + (b"!" if self.wrong_checksums else b"")).hexdigest()
        return {"sha256": checksum, "size": len(data), "pointerSize": 130}


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, hub: StandInHub) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.hub = hub


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        hub = self.server.hub
        path = self.path.partition("?")[0].lstrip("/")
        repository, _, file = path.removeprefix("api/models/").partition("/resolve/main/")
        if hub.failing:
            self._answer(503, b"busy")
        elif repository in hub.gated:
            self._answer(403, b"{}", {"X-Error-Code": "GatedRepo"})
        elif repository not in hub.repositories:
            self._answer(401, b"{}", {"X-Error-Code": "RepoNotFound"})
        elif file:
            self._send_file(hub.repositories[repository][file])
        else:
            self._answer(200, hub.listing(repository), {"Content-Type": "application/json"})

    def _send_file(self, data: bytes) -> None:
        wanted = self.headers.get("Range", "")
        self.server.hub.ranges.append(wanted)
        if not wanted:
            return self._answer(200, data)
        start = int(wanted.removeprefix("bytes=").rstrip("-"))
        where = f"bytes {start}-{len(data) - 1}/{len(data)}"
        return self._answer(206, data[start:], {"Content-Range": where})

    def _answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        """Keep quiet."""


@contextmanager
def serving(hub: StandInHub) -> Iterator[str]:
    """Serve *hub* on a free port and return its address."""
    with _Server(hub) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
