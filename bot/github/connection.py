"""One thread's way to GitHub: PyGithub for everything it does well, and the bytes of a diff beside it."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from github import Github
from github.Auth import Auth
from github.GithubException import GithubException
from github.Requester import HTTPSRequestsConnectionClass, Requester, RequestsResponse
from requests import Response
from requests.exceptions import ReadTimeout

from bot.diffing.size import too_large

TIMEOUT = 15
"""Seconds to wait for a connection, and for each piece of an answer."""

WHOLE_DIFF_TIMEOUT = 120.0
"""Seconds for all pieces of a diff: a trickle must not hold a thread for ever."""

USER_AGENT = "parley-review"
DIFF = "application/vnd.github.diff"

NOT_MODIFIED = 304
NOT_FOUND = 404
NOT_ACCEPTABLE = 406
TOO_LARGE = frozenset({"too_large", "not_available"})
"""Past 300 files or 20,000 lines, and where the diff takes GitHub too long, which it says with status 500."""

Headers = dict[str, Any]


class Connection:
    """Asks GitHub, with the token it was made for. Not to be shared between threads, as PyGithub is not.

    It never waits and never asks twice: whoever calls decides that, where waiting holds up nobody.
    """

    def __init__(self, auth: Auth | None, api_url: str) -> None:
        # At DEBUG PyGithub logs every body, and so the code under review.
        logging.getLogger("github").setLevel(logging.INFO)
        self._github = Github(
            auth=auth,
            base_url=api_url,
            timeout=TIMEOUT,
            user_agent=USER_AGENT,
            retry=None,
            seconds_between_requests=None,
            seconds_between_writes=None,
        )
        self._requester = self._github.requester
        self._bytes = _BytesConnection(self._requester, api_url)

    def get(self, path: str, parameters: Mapping[str, Any] | None = None) -> tuple[Headers, Any]:
        """Return the headers and the JSON behind *path*."""
        return self._requester.requestJsonAndCheck("GET", path, parameters=dict(parameters or {}))

    def get_if_changed(self, path: str, parameters: Mapping[str, Any], etag: str) -> tuple[Headers, Any]:
        """Do as `get` does; where nothing is different from what had this *etag* the JSON is None, and costs nothing.

        https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#use-conditional-requests-if-appropriate
        """
        asked = {"If-None-Match": etag} if etag else {}
        status, headers, text = self._requester.requestJson("GET", path, parameters=dict(parameters), headers=asked)
        if status == NOT_MODIFIED:
            return headers, None
        if status >= 300:
            raise self._requester.createException(status, headers, _json(text))
        return headers, json.loads(text)

    def post(self, path: str, body: Mapping[str, Any] | None = None) -> tuple[Headers, Any]:
        """Send *body* as JSON, return the headers and the JSON that come back."""
        return self._requester.requestJsonAndCheck("POST", path, input=dict(body or {}))

    def query(self, query: str, variables: Mapping[str, Any]) -> tuple[Headers, Any]:
        """Ask by GraphQL; errors in the answer stay in it, beside the data that came with them.

        No answer at all means that there is no GraphQL: what it does not find, it says with status 200.
        """
        body = {"query": query, "variables": dict(variables)}
        try:
            return self._requester.requestJsonAndCheck("POST", self._requester.graphql_url, input=body)
        except GithubException as error:
            if error.status == NOT_FOUND:
                return {}, None
            raise

    def diff(self, path: str, *, most: int) -> bytes | None:
        """Return the diff behind *path* byte by byte as GitHub sends it, None where GitHub finds it too large.

        Raises:
            ChangeTooLarge: It has more than *most* bytes; the rest was not fetched.
        """
        self._bytes.most = most
        status, headers, text = self._requester.requestJson("GET", path, headers={"Accept": DIFF}, cnx=self._bytes)
        if status >= 400:
            body = _json(text)
            if status == NOT_ACCEPTABLE or _codes(body) & TOO_LARGE:
                return None
            raise self._requester.createException(status, headers, body)
        if status >= 300:
            raise GithubException(status, None, headers)
        return text.encode("utf-8", "surrogateescape")

    def close(self) -> None:
        """Close the sockets."""
        self._github.close()
        self._bytes.close()


class _BytesConnection(HTTPSRequestsConnectionClass):
    """A connection of PyGithub's whose text can be turned back into the bytes it came from.

    PyGithub decodes every body and replaces what is not UTF-8; a diff holds files in any encoding.
    """

    def __init__(self, requester: Requester, api_url: str) -> None:
        parts = urlsplit(api_url)
        super().__init__(requester.hostname, parts.port or (80 if parts.scheme == "http" else 443), timeout=TIMEOUT)
        self.protocol = requester.scheme
        self.most = 0

    def getresponse(self) -> RequestsResponse:
        """Fetch no more than `most` bytes, following no redirect: PyGithub looks at those first."""
        url = f"{self.protocol}://{self.host}:{self.port}{self.url}"
        with self.session.get(
            url, headers=self.headers, timeout=self.timeout, allow_redirects=False, stream=True
        ) as response:
            return _BytesResponse(response, _read(response, self.most))


class _BytesResponse(RequestsResponse):
    def __init__(self, response: Response, body: bytes) -> None:
        super().__init__(response)
        self._body = body

    def read(self) -> str:
        return self._body.decode("utf-8", "surrogateescape")


def _read(response: Response, most: int) -> bytes:
    body = bytearray()
    end = time.monotonic() + WHOLE_DIFF_TIMEOUT
    for piece in response.iter_content(64 * 1024):
        body += piece
        if len(body) > most:
            raise too_large(most)
        if time.monotonic() > end:
            raise ReadTimeout
    return bytes(body)


def _codes(body: Mapping[str, Any]) -> set[str]:
    errors = body.get("errors")
    return (
        {str(error.get("code")) for error in errors if isinstance(error, dict)} if isinstance(errors, list) else set()
    )


def _json(text: str) -> dict[str, Any]:
    try:
        body = json.loads(text)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
