"""What Slack refuses becomes one of our errors, whatever its client raises."""

from __future__ import annotations

import inspect
from typing import Any

import aiohttp
import pytest
from aiohttp import client_exceptions
from slack_sdk import errors as slack_errors
from slack_sdk.errors import SlackApiError, SlackClientError, SlackTokenRotationError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack.errors import code_of, translated
from bot.domain.errors import AccessRefused, BotError, ChatRefused, ChatUnavailable

ALL_OF_SLACK = [
    kind for _, kind in inspect.getmembers(slack_errors, inspect.isclass) if issubclass(kind, SlackClientError)
]
ALL_OF_AIOHTTP = [
    kind for _, kind in inspect.getmembers(client_exceptions, inspect.isclass) if issubclass(kind, aiohttp.ClientError)
]


def refusal(code: str, *, status: int = 200, headers: dict[str, str] | None = None, **more: Any) -> SlackApiError:
    """Make what the client raises when Slack says no."""
    response = AsyncSlackResponse(
        client=None,
        http_verb="POST",
        api_url="https://slack.com/api/chat.postMessage",
        req_args={},
        data={"ok": False, "error": code, **more} if code else {},
        headers=headers or {},
        status_code=status,
    )
    return SlackApiError("refused", response)  # type: ignore[no-untyped-call]  # the SDK has no types there


def told(error: Exception) -> BotError:
    """Return what becomes of an error."""
    with pytest.raises(BotError) as caught, translated():
        raise error
    assert caught.value.__cause__ is error
    return caught.value


@pytest.mark.parametrize("kind", [*ALL_OF_SLACK, *ALL_OF_AIOHTTP, TimeoutError, ConnectionResetError, OSError])
def test_every_exception_of_the_client_is_translated(kind: type[Exception]) -> None:
    error = kind.__new__(kind)
    error.args = ("something",)
    if isinstance(error, SlackApiError):
        error.response = refusal("internal_error").response
    if isinstance(error, SlackTokenRotationError):
        error.api_error = refusal("internal_error")

    assert isinstance(told(error), ChatUnavailable)


@pytest.mark.parametrize(
    "code", ["not_in_channel", "channel_not_found", "is_archived", "restricted_action_thread_only"]
)
def test_a_place_that_cannot_be_written_to_is_refused_in_a_sentence(code: str) -> None:
    error = told(refusal(code))

    assert isinstance(error, ChatRefused)
    assert code not in str(error.sentence)
    assert code_of(error) == code


def test_an_unknown_refusal_names_its_code() -> None:
    assert str(told(refusal("as_user_not_supported")).sentence) == "Slack refuses that (as_user_not_supported)."


def test_a_wrong_token_is_for_the_operator() -> None:
    error = told(refusal("invalid_auth"))

    assert isinstance(error, AccessRefused)
    assert "[slack]" in str(error.sentence)


def test_a_missing_right_is_named() -> None:
    error = told(refusal("missing_scope", needed="files:write", provided="chat:write"))

    assert isinstance(error, AccessRefused)
    assert "files:write" in str(error.sentence)


def test_a_rate_limit_tells_how_long_to_wait() -> None:
    error = told(refusal("ratelimited", status=429, headers={"Retry-After": "30"}))

    assert isinstance(error, ChatUnavailable)
    assert error.retry_after == 30


@pytest.mark.parametrize(("code", "status"), [("", 502), ("fatal_error", 200), ("internal_error", 500), ("", 200)])
def test_a_failure_of_slacks_own_is_worth_another_try(code: str, status: int) -> None:
    assert isinstance(told(refusal(code, status=status)), ChatUnavailable)


def test_a_body_that_is_no_json_is_a_failure_of_slacks_own() -> None:
    class Answer:
        """Looks as aiohttp's response does, which the client hands on then."""

        status = 200

    error = SlackApiError("Unexpectedly failed to read", Answer())  # type: ignore[no-untyped-call]  # likewise

    assert isinstance(told(error), ChatUnavailable)


def test_mistakes_of_ours_pass() -> None:
    with pytest.raises(TypeError), translated():
        raise TypeError("ours")


def test_an_error_that_is_not_slacks_has_no_code() -> None:
    assert code_of(told(TimeoutError())) == ""
