"""Webhooks of GitHub: signed, taken once, and good for nothing but looking sooner.

What a delivery says is not believed beyond the name of the repository: how things stand is asked of GitHub.
https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Callable
from typing import Any

import structlog
from aiohttp import web

from bot.domain.change import RepositoryRef
from bot.domain.errors import StoreUnusable
from bot.ports.inbox import Inbox

log = structlog.get_logger()

SOURCE = "webhook"

EVENTS = frozenset(
    """
    pull_request pull_request_review pull_request_review_thread issue_comment check_run check_suite status push
    """.split()
)
"""Those after which a watched pull request may stand otherwise; the others are taken and passed over."""

_NAME = re.compile(r"(?P<owner>[A-Za-z0-9][A-Za-z0-9_-]{0,99})/(?P<name>[A-Za-z0-9._-]{1,100})")
_DELIVERY = re.compile(r"[A-Za-z0-9-]{8,64}")


class Webhooks:
    """Takes deliveries.

    Args:
        hint: Is told in which repository something happened.
    """

    def __init__(self, *, secret: str, inbox: Inbox, hint: Callable[[RepositoryRef], None]) -> None:
        self._secret = secret.encode()
        self._inbox = inbox
        self._hint = hint

    async def take(self, request: web.Request) -> web.Response:
        """Answer a delivery, long before GitHub's ten seconds are over."""
        body = await request.read()
        if not self._is_signed(body, request.headers.get("X-Hub-Signature-256", "")):
            log.warning("webhook.refused", remote=request.remote)
            return web.Response(status=401, text="the signature is not right\n")
        delivery, event = request.headers.get("X-GitHub-Delivery", ""), request.headers.get("X-GitHub-Event", "")
        if not _DELIVERY.fullmatch(delivery):
            return web.Response(status=400, text="X-GitHub-Delivery is missing\n")
        try:
            if not await self._is_new(delivery):
                return web.Response(status=200, text="known\n")
        except StoreUnusable as error:
            log.warning("webhook.not_taken", why=str(error.sentence))
            return web.Response(status=503, text="try again later\n")
        if event in EVENTS and (repository := _repository(body)) is not None:
            self._hint(repository)
        return web.Response(status=202, text="taken\n")

    def _is_signed(self, body: bytes, signature: str) -> bool:
        expected = f"sha256={hmac.new(self._secret, body, hashlib.sha256).hexdigest()}"
        return hmac.compare_digest(expected.encode(), signature.encode("utf-8", "replace"))

    async def _is_new(self, delivery: str) -> bool:
        job = await self._inbox.take(f"github:{delivery}", source=SOURCE, body="")
        if job is None:
            return False
        await job.done()
        return True


def _repository(body: bytes) -> RepositoryRef | None:
    try:
        payload: Any = json.loads(body)
        found = _NAME.fullmatch(str(payload["repository"]["full_name"]))
    except (ValueError, KeyError, TypeError):
        return None
    return RepositoryRef(owner=found["owner"], name=found["name"]) if found else None
