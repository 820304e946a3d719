"""Who we are to GitHub: nobody, a person's token, or an app installed by the owner of a repository."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from github.Auth import AppAuth, AppAuthToken, Auth, Token
from jwt.exceptions import PyJWTError

from bot.domain.change import RepositoryRef
from bot.domain.errors import ConfigInvalid, PullRequestNotFound
from bot.domain.sentence import say
from bot.github.errors import Asked
from bot.github.rest import ACCESS_TOKEN, INSTALLATION, AccessTokenBody
from bot.github.talk import Talk

FRESH = timedelta(minutes=5)
"""A token that is valid for less is not begun with: a review is to end with the token it began with."""


class Access(Protocol):
    """Finds the identity to ask GitHub with."""

    @property
    def anonymous(self) -> bool:
        """Tell whether there is no token at all."""
        ...

    @property
    def own_page(self) -> str:
        """Return the path that tells who we are."""
        ...

    def own(self) -> Auth | None:
        """Return the identity to ask about ourselves with.

        Raises:
            ConfigInvalid: The private key of the app cannot be used.
        """
        ...

    async def to(self, repository: RepositoryRef, talk: Talk) -> Auth | None:
        """Return the identity to ask about *repository* with, using *talk* where it has to be asked for."""
        ...

    async def to_owner(self, owner: str, talk: Talk) -> Auth | None:
        """Do as `to` does for all repositories of *owner*.

        Raises:
            PullRequestNotFound: An app is not installed there.
        """
        ...


def access(token: str, app_id: int, private_key_path: str) -> Access:
    """Choose by what is configured.

    Raises:
        ConfigInvalid: Half of an app is configured, or an app and a token, or something that is no token.
    """
    if bool(app_id) != bool(private_key_path):
        raise ConfigInvalid(say("A GitHub App needs both app_id and private_key_path in [github]."))
    if app_id and token:
        raise ConfigInvalid(say("[github] has both a token and an app_id: keep one of them."))
    return AppAccess(app_id, Path(private_key_path).expanduser()) if app_id else TokenAccess(token)


class TokenAccess:
    """The same token for every repository, or none."""

    def __init__(self, token: str) -> None:
        token = token.strip()
        if not token.isascii() or not token.isprintable() or " " in token:
            raise ConfigInvalid(say("token of [github] has a character that no token has: copy it again."))
        self._auth = Token(token) if token else None

    @property
    def anonymous(self) -> bool:
        """Tell whether there is no token at all."""
        return self._auth is None

    @property
    def own_page(self) -> str:
        """Return the page of the token's owner; nobody has none, and asks how many calls are left."""
        return "/user" if self._auth else "/rate_limit"

    def own(self) -> Auth | None:
        """Return the token."""
        return self._auth

    async def to(self, _repository: RepositoryRef, _talk: Talk) -> Auth | None:
        """Return the token."""
        return self._auth

    async def to_owner(self, _owner: str, _talk: Talk) -> Auth | None:
        """Return the token."""
        return self._auth


class AppAccess:
    """A GitHub App: another token for each owner that installed it, kept while it is valid."""

    anonymous = False
    own_page = "/app"

    def __init__(self, app_id: int, private_key: Path) -> None:
        self._app_id = app_id
        self._private_key = private_key
        self._tokens: dict[str, tuple[Auth, datetime]] = {}
        self._turn = asyncio.Lock()

    def own(self) -> Auth:
        """Return the app itself, which may do little more than ask for tokens."""
        try:
            app = AppAuth(self._app_id, self._private_key.read_text(encoding="ascii"))
            return AppAuthToken(app.create_jwt())
        except (OSError, ValueError, TypeError, AssertionError, PyJWTError) as error:
            raise ConfigInvalid(
                say("{path} (private_key_path of [github]) is no readable PEM file.", path=str(self._private_key))
            ) from error

    async def to(self, repository: RepositoryRef, talk: Talk) -> Auth:
        """Return a token of the installation that serves the owner of *repository*."""
        return await self._token(repository.owner, str(repository), (f"/repos/{repository}/installation",), talk)

    async def to_owner(self, owner: str, talk: Talk) -> Auth:
        """Return a token of the installation that serves *owner*, an organisation or a person."""
        pages = (f"/orgs/{owner}/installation", f"/users/{owner}/installation")
        return await self._token(owner, f"{owner}/*", pages, talk)

    async def _token(self, owner: str, name: str, pages: Sequence[str], talk: Talk) -> Auth:
        owner = owner.lower()
        async with self._turn:
            if owner not in self._tokens or self._tokens[owner][1] < datetime.now(UTC) + FRESH:
                missing = say(
                    "{name} does not exist, or the GitHub App of [github] is not installed for it.", name=name
                )
                own = replace(talk, auth=self.own(), asked=Asked(missing=missing, anonymous=False))
                answer = await _fetch(own, pages)
                self._tokens[owner] = Token(answer.token), answer.expires_at
            return self._tokens[owner][0]


async def _fetch(own: Talk, pages: Sequence[str]) -> AccessTokenBody:
    """Ask for a token of the installation that the first of *pages* that is there names."""
    *others, last = pages
    for page in others:
        try:
            installation = await own.get(page, INSTALLATION)
        except PullRequestNotFound:
            continue
        break
    else:
        installation = await own.get(last, INSTALLATION)
    return await own.post(f"/app/installations/{installation.id}/access_tokens", ACCESS_TOKEN)
