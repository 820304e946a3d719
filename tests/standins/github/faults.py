"""What can go wrong at GitHub, as it looks on the wire.

Bodies and headers follow https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

DOCS = "https://docs.github.com/rest"


@dataclass(kw_only=True)
class Fault:
    """An answer given in place of the right one.

    Attributes:
        on: Which requests: a word of `Request.kind`, or empty for all.
        times: How often, before the right answers return.
        slow: Answer rightly, but not before the stand-in closes.
        cut: Answer rightly, but close the connection in the middle of the body.
    """

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    on: str = ""
    times: int = 1_000_000
    slow: bool = False
    cut: bool = False


def _fault(status: int, message: str, on: str, times: int, **headers: str) -> Fault:
    body = {"message": message, "documentation_url": DOCS, "status": str(status)}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Fault(status=status, body=body, headers=named, on=on, times=times)


def not_found(on: str = "", times: int = 1_000_000) -> Fault:
    return _fault(404, "Not Found", on, times)


def bad_credentials(on: str = "", times: int = 1_000_000) -> Fault:
    return _fault(401, "Bad credentials", on, times)


def forbidden(on: str = "", times: int = 1_000_000) -> Fault:
    return _fault(403, "Resource not accessible by personal access token", on, times)


def single_sign_on(on: str = "", times: int = 1_000_000) -> Fault:
    message = "Resource protected by organization SAML enforcement. You must grant your OAuth token access."
    return _fault(403, message, on, times, X_GitHub_SSO="required; url=https://github.com/orgs/octo/sso")


def primary_limit(seconds: int, on: str = "", times: int = 1_000_000, status: int = 403) -> Fault:
    reset = str(int(time.time()) + seconds)
    message = "API rate limit exceeded for 203.0.113.7. (But here's the good news: ...)"
    return _fault(status, message, on, times, X_RateLimit_Remaining="0", X_RateLimit_Reset=reset)


def secondary_limit(retry_after: int | None = None, on: str = "", times: int = 1_000_000, status: int = 403) -> Fault:
    message = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
    headers = {} if retry_after is None else {"Retry_After": str(retry_after)}
    return _fault(status, message, on, times, **headers)


def too_many_requests(on: str = "", times: int = 1_000_000) -> Fault:
    return _fault(429, "Too many requests", on, times)


def bad_gateway(on: str = "", times: int = 1_000_000) -> Fault:
    html = "<html><body><h1>502 Bad Gateway</h1></body></html>"
    return Fault(status=502, body=html, headers={"Content-Type": "text/html"}, on=on, times=times)


def too_large(on: str = "diff", times: int = 1_000_000) -> Fault:
    message = (
        "Sorry, the diff exceeded the maximum number of files (300). Consider using 'List pull requests files' API."
    )
    fault = _fault(406, message, on, times)
    fault.body["errors"] = [{"resource": "PullRequest", "field": "diff", "code": "too_large"}]
    return fault


def diff_takes_too_long(on: str = "diff", times: int = 1_000_000) -> Fault:
    fault = _fault(500, "Server Error: Sorry, this diff is taking too long to generate.", on, times)
    fault.body["errors"] = [{"resource": "PullRequest", "field": "diff", "code": "not_available"}]
    return fault


def login_page(on: str = "", times: int = 1_000_000) -> Fault:
    """What a proxy in between answers, with status 200."""
    return Fault(body="<html>Please log in</html>", headers={"Content-Type": "text/html"}, on=on, times=times)


def slow(on: str = "", times: int = 1_000_000) -> Fault:
    return Fault(slow=True, on=on, times=times)


def cut_off(on: str = "", times: int = 1_000_000) -> Fault:
    return Fault(cut=True, on=on, times=times)


def moved(location: str, on: str = "", times: int = 1_000_000, status: int = 301) -> Fault:
    fault = _fault(status, "Moved Permanently", on, times, Location=location)
    fault.body["url"] = location
    return fault


def graphql_error(kind: str, message: str, times: int = 1_000_000, **headers: str) -> Fault:
    """An error that comes with status 200 and without data."""
    body = {"data": None, "errors": [{"type": kind, "message": message}]}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Fault(body=body, headers=named, on="graphql", times=times)
