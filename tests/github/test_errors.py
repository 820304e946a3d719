"""Every exception that PyGithub, requests and urllib3 can raise has a word of ours."""

from __future__ import annotations

import inspect
import time
from collections.abc import Iterator
from email.utils import formatdate
from importlib import import_module
from typing import Any

import pytest
import requests.exceptions
from github.GithubException import (
    BadAttributeException,
    BadCredentialsException,
    BadUserAgentException,
    GithubException,
    RateLimitExceededExceedsMaxWait,
    RateLimitExceededException,
    TwoFactorException,
    UnknownObjectException,
)

from bot.domain.errors import (
    AccessRefused,
    BotError,
    CodeHostUnavailable,
    ConfigInvalid,
    PullRequestNotFound,
    RateLimited,
)
from bot.domain.sentence import say
from bot.github.errors import Asked, seconds_to_wait, translate, translated

ASKED = Asked(missing=say("It is not there."), anonymous=False)


def classes(module: Any) -> Iterator[type[Exception]]:
    for _, found in inspect.getmembers(module, inspect.isclass):
        if issubclass(found, Exception) and not issubclass(found, Warning) and found.__module__ == module.__name__:
            yield found


def made(kind: type[Exception]) -> Exception:
    """Make one without its constructor: translation asks for its class, and for the status of PyGithub's."""
    if issubclass(kind, GithubException):
        return kind(418, {"message": "I'm a teapot"}, {})
    return kind.__new__(kind)


@pytest.mark.parametrize("module", ["github.GithubException", "requests.exceptions", "urllib3.exceptions"])
def test_every_exception_of_the_library_is_translated(module: str) -> None:
    kinds = list(classes(import_module(module)))

    for kind in kinds:
        with pytest.raises(BotError) as caught, translated(ASKED):
            raise made(kind)
        assert str(caught.value).endswith((".", ")."))
        assert type(caught.value.__cause__) is kind

    assert len(kinds) > 8


@pytest.mark.parametrize(
    ("error", "word"),
    [
        (BadCredentialsException(401, {}, {}), AccessRefused),
        (TwoFactorException(401, {}, {}), AccessRefused),
        (UnknownObjectException(404, {}, {}), PullRequestNotFound),
        (BadUserAgentException(403, {}, {}), AccessRefused),
        (RateLimitExceededException(403, {}, {}), RateLimited),
        (RateLimitExceededExceedsMaxWait(403, {}, {}), RateLimited),
        (BadAttributeException(1, {}, None), CodeHostUnavailable),
        (GithubException(429, None, None), RateLimited),
        (GithubException(403, {}, {"Retry-After": "3"}), RateLimited),
        (GithubException(403, {}, {"x-ratelimit-remaining": "0"}), RateLimited),
        (GithubException(403, {}, {"x-ratelimit-remaining": "7"}), AccessRefused),
        (GithubException(410, {}, {}), PullRequestNotFound),
        (GithubException(422, {}, {}), AccessRefused),
        (GithubException(451, {"message": "Blocked"}, {}), AccessRefused),
        (GithubException(500, None, None), CodeHostUnavailable),
        (GithubException(504, None, None), CodeHostUnavailable),
        (GithubException(304, None, None), CodeHostUnavailable),
        (requests.exceptions.ConnectTimeout(), CodeHostUnavailable),
        (requests.exceptions.SSLError("certificate"), CodeHostUnavailable),
        (requests.exceptions.InvalidHeader("token\n"), CodeHostUnavailable),
        (ConnectionResetError(104, "Connection reset by peer"), CodeHostUnavailable),
        (TimeoutError(), CodeHostUnavailable),
        (ValueError("no JSON"), CodeHostUnavailable),
        (RuntimeError("redirected"), ConfigInvalid),
        (AssertionError("other host"), ConfigInvalid),
    ],
)
def test_who_must_act_follows_from_the_exception(error: Exception, word: type[BotError]) -> None:
    assert type(translate(error, ASKED)) is word


def test_errors_of_our_own_pass_as_they_are() -> None:
    own = PullRequestNotFound(say("Not here."))

    with pytest.raises(PullRequestNotFound) as caught, translated(ASKED):
        raise own

    assert caught.value is own


def test_a_programming_error_is_not_taken_for_githubs() -> None:
    with pytest.raises(KeyError), translated(ASKED):
        raise KeyError


def test_a_token_in_an_exception_is_not_in_the_sentence() -> None:
    error = requests.exceptions.InvalidHeader("Invalid value: b'token secret\\n'")

    assert "secret" not in str(translate(error, ASKED))


NOW = 1_800_000_000
DATE = formatdate(NOW, usegmt=True)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "7"}, 7),
        ({"retry-after": "7", "x-ratelimit-remaining": "0", "x-ratelimit-reset": "9999999999"}, 7),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(NOW + 30), "date": DATE}, 31),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(NOW - 30), "date": DATE}, 1),
        ({"x-ratelimit-remaining": "5", "x-ratelimit-reset": str(NOW + 30), "date": DATE}, 60),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "soon", "date": DATE}, 60),
        ({"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}, 60),
        ({}, 60),
    ],
)
def test_github_says_how_long_to_wait_by_its_own_clock(headers: dict[str, str], seconds: float) -> None:
    assert seconds_to_wait(headers) == seconds


@pytest.mark.parametrize("date", [{}, {"date": "yesterday"}])
def test_our_clock_serves_where_github_tells_no_time(date: dict[str, str]) -> None:
    headers = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(time.time()) + 30), **date}

    assert seconds_to_wait(headers) == pytest.approx(31, abs=3)
