"""Everything the client raises about Slack is time's, a person's or the operator's."""

from __future__ import annotations

from collections.abc import Iterator

import aiohttp
import pytest
from slack_sdk import errors as sdk
from slack_sdk.errors import SlackApiError

from adapters.slack.errors import code_of, translated
from bot.domain.errors import AccessRefused, BotError, ChatRefused, ChatUnavailable


class Answer:
    """What the client keeps of a response."""

    def __init__(self, code: str, *, status: int = 200, **headers: str) -> None:
        self.data = {"ok": False, "error": code, "needed": headers.pop("needed", "")}
        self.status_code = status
        self.headers = headers


def raised(error: Exception) -> BotError:
    with pytest.raises(BotError) as caught, translated():
        raise error
    assert caught.value.__cause__ is error
    return caught.value


def of(code: str, **more: object) -> BotError:
    return raised(SlackApiError("refused", Answer(code, **more)))  # type: ignore[arg-type,no-untyped-call]  # as the client does


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("invalid_auth", AccessRefused),
        ("token_revoked", AccessRefused),
        ("missing_scope", AccessRefused),
        ("internal_error", ChatUnavailable),
        ("not_in_channel", ChatRefused),
        ("channel_not_found", ChatRefused),
        ("is_archived", ChatRefused),
        ("restricted_action_read_only_channel", ChatRefused),
        ("something_new", ChatRefused),
    ],
)
def test_each_code_is_for_somebody(code: str, kind: type[BotError]) -> None:
    error = of(code)

    assert isinstance(error, kind)
    assert code_of(error) == code


def test_a_rate_limit_says_how_long() -> None:
    error = of("ratelimited", status=429, **{"Retry-After": "17"})

    assert isinstance(error, ChatUnavailable)
    assert error.retry_after == 17


def test_a_right_that_is_missing_is_named() -> None:
    assert "files:write" in str(of("missing_scope", needed="files:write").sentence)


def below(kind: type[Exception]) -> Iterator[type[Exception]]:
    yield kind
    for one in kind.__subclasses__():
        yield from below(one)


@pytest.mark.parametrize(
    "kind",
    [
        *(one for one in below(sdk.SlackClientError) if one not in (SlackApiError, sdk.SlackTokenRotationError)),
        aiohttp.ClientConnectionError,
        aiohttp.ServerDisconnectedError,
        TimeoutError,
        ConnectionResetError,
    ],
)
def test_what_is_no_answer_is_time(kind: type[Exception]) -> None:
    assert isinstance(raised(kind("out of luck")), ChatUnavailable)


def test_mistakes_of_our_own_pass() -> None:
    with pytest.raises(KeyError), translated():
        raise KeyError("mistake")
