"""What PyGithub, requests and the sockets below them raise, in our words."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from math import ceil

from github.GithubException import BadAttributeException, GithubException, RateLimitExceededException
from requests.exceptions import RequestException, Timeout
from urllib3.exceptions import HTTPError

from bot.domain.errors import (
    AccessRefused,
    BotError,
    CodeHostUnavailable,
    ConfigInvalid,
    PullRequestNotFound,
    RateLimited,
)
from bot.domain.sentence import Sentence, say, say_many

Headers = Mapping[str, str]

FOREIGN = (GithubException, BadAttributeException, HTTPError, OSError)
"""What PyGithub, urllib3, and requests and the sockets raise; a `RequestException` is an `OSError`."""

SECONDARY_LIMIT_SECONDS = 60.0
"""How long to wait when GitHub does not say: "at least one minute",
https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a request was about, for the sentence when it fails.

    Attributes:
        missing: What to say when GitHub answers that it is not there.
        anonymous: The request carries no token.
    """

    missing: Sentence
    anonymous: bool


@contextmanager
def translated(asked: Asked) -> Iterator[None]:
    """Raise what goes wrong inside as an error of the domain."""
    try:
        yield
    # PyGithub raises bare RuntimeErrors for redirects to another host and AssertionErrors for foreign addresses;
    # ValueErrors are answers that are no JSON, or not the JSON that GitHub documents.
    except (*FOREIGN, ValueError, RuntimeError, AssertionError) as error:
        raise translate(error, asked) from error


def translate(error: Exception, asked: Asked) -> BotError:
    """Return the domain's word for *error*."""
    if isinstance(error, GithubException):
        return _refusal(error, asked)
    if isinstance(error, (Timeout, TimeoutError)):
        return CodeHostUnavailable(say("GitHub did not answer in time. Try again later, or look at its status page."))
    if isinstance(error, (RequestException, HTTPError, OSError)):
        return CodeHostUnavailable(
            say("GitHub cannot be reached: check the network and api_url of [github] ({reason}).", reason=_name(error))
        )
    if isinstance(error, (RuntimeError, AssertionError)):
        return ConfigInvalid(say("GitHub sent us on to another address: check api_url of [github]."))
    return unreadable()


def unreadable() -> CodeHostUnavailable:
    """Return the error for an answer that is not what GitHub documents."""
    return CodeHostUnavailable(
        say("What answered does not speak as GitHub does: check api_url of [github], or try again later.")
    )


def rate_limited(headers: Headers, asked: Asked) -> RateLimited:
    """Return the error for a used-up rate limit, with the time that *headers* name."""
    seconds = seconds_to_wait(headers)
    when = _in(seconds)
    if asked.anonymous:
        sentence = say(
            "GitHub's rate limit is used up. Try again {when}, or set token of [github]: it raises the limit"
            " from 60 to 5,000 calls an hour.",
            when=when,
        )
    else:
        sentence = say("GitHub's rate limit is used up. Try again {when}.", when=when)
    return RateLimited(sentence, retry_after=seconds)


def seconds_to_wait(headers: Headers) -> float:
    """Return how long GitHub wants to be left alone, measured by GitHub's own clock where it tells the time."""
    lower = {name.lower(): value for name, value in headers.items()}
    if (after := lower.get("retry-after", "")).isdigit():
        return float(after)
    if lower.get("x-ratelimit-remaining") == "0" and (reset := lower.get("x-ratelimit-reset", "")).isdigit():
        # One second more: nobody says when within that second the limit is lifted.
        return max(1.0, float(reset) - _moment(lower.get("date")) + 1)
    return SECONDARY_LIMIT_SECONDS


def refused(asked: Asked, reason: str) -> AccessRefused:
    """Return the error for a right that is missing; *reason* is GitHub's own word for it."""
    if asked.anonymous:
        return AccessRefused(
            say("GitHub refuses this without a token: set token of [github] ({reason}).", reason=reason)
        )
    return AccessRefused(
        say("GitHub refuses this to the token of [github]: give it read access ({reason}).", reason=reason)
    )


def one_line(text: str) -> str:
    """Cut foreign words short, so that they fit into a sentence."""
    return " ".join(text.split())[:200]


def _refusal(error: GithubException, asked: Asked) -> BotError:
    headers = error.headers or {}
    match error.status:
        case _ if _is_rate_limit(error):
            return rate_limited(headers, asked)
        case 401 if asked.anonymous:
            return AccessRefused(say("GitHub answers nobody without a token here: set token of [github]."))
        case 401:
            return AccessRefused(
                say("GitHub refused the token: check token of [github], or app_id and private_key_path.")
            )
        case 404 | 410:
            return PullRequestNotFound(asked.missing)
        case 403 if "x-github-sso" in {name.lower() for name in headers}:
            return AccessRefused(
                say("The organisation wants single sign-on: authorise the token of [github] for it on GitHub.")
            )
        case 400 | 403 | 422 | 451:
            return refused(asked, _reason(error))
        case status if status >= 500 or status == 408:
            return CodeHostUnavailable(
                say("GitHub has a failure of its own (status {status}). Try again later.", status=status)
            )
        case _:
            return unreadable()


def _is_rate_limit(error: GithubException) -> bool:
    if error.status == 429 or isinstance(error, RateLimitExceededException):
        return True
    headers = {name.lower(): value for name, value in (error.headers or {}).items()}
    return error.status == 403 and ("retry-after" in headers or headers.get("x-ratelimit-remaining") == "0")


def _reason(error: GithubException) -> str:
    """Return what GitHub wrote in the body of its refusal, in one short line."""
    written = error.data.get("message") if isinstance(error.data, dict) else None
    return one_line(str(written or error.message or error.status))


def _name(error: Exception) -> str:
    """Return the innermost kind of a chain: requests and urllib3 wrap the one that says something."""
    inner: BaseException = error
    while (cause := inner.__cause__ or inner.__context__) is not None:
        inner = cause
    return one_line(getattr(inner, "strerror", None) or type(inner).__name__)


def _moment(date: str | None) -> float:
    try:
        return parsedate_to_datetime(date).timestamp() if date else time.time()
    except ValueError:
        return time.time()


def _in(seconds: float) -> Sentence:
    if seconds > 90:
        return say_many("in {count} minute", "in {count} minutes", ceil(seconds / 60))
    return say_many("in {count} second", "in {count} seconds", ceil(seconds))
