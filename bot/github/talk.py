"""Asking GitHub from the event loop: with an identity, in a thread, with patience, and with errors in our words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from github.Auth import Auth
from pydantic import TypeAdapter

from bot.github.connection import Connection, Headers
from bot.github.errors import Asked, translated
from bot.github.patience import TRIES, Patience
from bot.github.quotas import Quotas
from bot.github.threads import Threads

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """The requests of one review: they share their patience.

    Attributes:
        asked: What the errors speak of.
        auth: Whom GitHub takes us for; None is nobody.
        quotas: Is told what each answer says of the rate limits.
    """

    threads: Threads
    patience: Patience
    asked: Asked
    auth: Auth | None = None
    quotas: Quotas = field(default_factory=Quotas)

    async def get(self, path: str, body: TypeAdapter[T], parameters: Mapping[str, Any] | None = None) -> T:
        """Fetch the JSON behind *path*."""
        headers, answer = await self._ask(lambda github: github.get(path, parameters))
        self.quotas.note(headers)
        return self._read(answer, body)

    async def get_with_headers(self, path: str, body: TypeAdapter[T]) -> tuple[Headers, T]:
        """Fetch the JSON behind *path*, and what the headers say about it."""
        headers, answer = await self._ask(lambda github: github.get(path))
        self.quotas.note(headers)
        return headers, self._read(answer, body)

    async def get_if_changed(
        self, path: str, body: TypeAdapter[T], parameters: Mapping[str, Any], etag: str
    ) -> tuple[str, T | None]:
        """Fetch the JSON behind *path* and its etag; None in its place where it is what had *etag* before."""
        headers, answer = await self._ask(lambda github: github.get_if_changed(path, parameters, etag))
        self.quotas.note(headers)
        known = {name.lower(): str(value) for name, value in headers.items()}.get("etag", "")
        return known, None if answer is None else self._read(answer, body)

    async def post(self, path: str, body: TypeAdapter[T]) -> T:
        """Send nothing to *path* and read the JSON that comes back."""
        _, answer = await self._ask(lambda github: github.post(path))
        return self._read(answer, body)

    async def query(self, query: str, variables: Mapping[str, Any], read: Callable[[Headers, Any], T]) -> T:
        """Ask by GraphQL, where a rate limit is found only when the answer is *read*.

        A failure of GitHub's own is not repeated: REST can be asked in its place.
        """

        def ask(github: Connection) -> tuple[Headers, T]:
            headers, body = github.query(query, variables)
            return headers, read(headers, body)

        headers, answer = await self._ask(ask, tries=1)
        self.quotas.note(headers)
        return answer

    async def diff(self, path: str, *, most: int) -> bytes | None:
        """Fetch the diff behind *path*; None where GitHub refuses to show it because of its size."""
        return await self._ask(lambda github: github.diff(path, most=most))

    async def _ask(self, call: Callable[[Connection], T], *, tries: int = TRIES) -> T:
        async def attempt() -> T:
            with translated(self.asked):
                return await self.threads.run(self.auth, call)

        return await self.patience.ask(attempt, tries=tries)

    def _read(self, answer: object, body: TypeAdapter[T]) -> T:
        with translated(self.asked):
            return body.validate_python(answer)
