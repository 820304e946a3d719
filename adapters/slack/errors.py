"""What Slack refuses, in our words. Codes: https://docs.slack.dev/reference/methods/chat.postMessage and neighbours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError, SlackTokenRotationError

from bot.domain.errors import AccessRefused, BotError, ChatRefused, ChatUnavailable
from bot.domain.sentence import Sentence, say

FOREIGN = (SlackClientError, aiohttp.ClientError, TimeoutError, OSError)
"""Everything the client raises about Slack; its other errors are mistakes of ours, and pass."""

TOO_LARGE = frozenset({"msg_too_long", "msg_blocks_too_long", "invalid_blocks", "invalid_blocks_format", "no_text"})
"""What a smaller message may mend."""

GONE = frozenset(
    {"message_not_found", "cant_update_message", "edit_window_closed", "block_mismatch", "streaming_state_conflict"}
)
"""What a new message mends; rich text, for one, cannot be replaced by other blocks (`block_mismatch`)."""

_TOKENS = frozenset(
    """
    invalid_auth not_authed account_inactive token_revoked token_expired missing_scope not_allowed_token_type
    org_login_required two_factor_setup_required no_permission access_denied team_access_not_granted
    """.split()
)
_LATER = frozenset(
    """
    ratelimited rate_limited internal_error fatal_error service_unavailable request_timeout team_added_to_org
    internal_error_slack
    """.split()
)
_PLACES = {
    "not_in_channel": say("I am not in that channel: invite me there with `/invite`, then ask again."),
    "channel_not_found": say("I cannot see that channel: invite me there with `/invite`, then ask again."),
    "is_archived": say("That channel is archived, so I cannot write there."),
    "message_not_found": say("The message is gone."),
    "thread_not_found": say("The thread is gone."),
    "user_not_in_channel": say("You are not in that channel."),
    "restricted_action": say("The rules of this workspace do not let me write there."),
}


@contextmanager
def translated() -> Iterator[None]:
    """Turn failures of Slack into `ChatUnavailable`, `ChatRefused` and `AccessRefused`."""
    try:
        yield
    except FOREIGN as error:
        raise translate(error) from error


def translate(error: Exception) -> BotError:
    """Return the error that says whether time, a person or the operator can help."""
    if isinstance(error, SlackTokenRotationError):
        return translate(error.api_error)
    if not isinstance(error, SlackApiError):
        return ChatUnavailable(say("Slack cannot be reached ({name}).", name=type(error).__name__))
    code = _code(error)
    if code in _TOKENS:
        return AccessRefused(_token(code, error))
    if code in _LATER or _status(error) in (429, *range(500, 600)):
        return ChatUnavailable(say("Slack wants to be asked later ({code}).", code=code), retry_after=_wait(error))
    if "error" not in _body(error):
        return ChatUnavailable(say("What answers there is not Slack ({code}).", code=code))
    place = next((sentence for known, sentence in _PLACES.items() if code.startswith(known)), None)
    return ChatRefused(place or say("Slack refuses that ({code}).", code=code))


def code_of(error: BaseException) -> str:
    """Return Slack's own word for a translated error, empty where it has none."""
    cause = error.__cause__
    return _code(cause) if isinstance(cause, SlackApiError) else ""


def _token(code: str, error: SlackApiError) -> Sentence:
    needed = str(_body(error).get("needed", ""))
    if needed:
        return say(
            "The Slack app lacks the right {needed}: add it under OAuth & Permissions, then install the app again.",
            needed=needed,
        )
    return say("Slack refuses the tokens of [slack] ({code}): copy them again from the pages of the app.", code=code)


def _code(error: SlackApiError) -> str:
    return str(_body(error).get("error", "")) or f"HTTP {_status(error)}"


def _body(error: SlackApiError) -> dict[str, object]:
    data = getattr(error.response, "data", error.response)
    return data if isinstance(data, dict) else {}


def _status(error: SlackApiError) -> int:
    # Where the body was no JSON, the client gives aiohttp's response instead of its own.
    answer = error.response
    return int(getattr(answer, "status_code", 0) or getattr(answer, "status", 0) or 0)


def _wait(error: SlackApiError) -> float | None:
    headers = getattr(error.response, "headers", {}) or {}
    seconds = str(next((value for name, value in headers.items() if name.lower() == "retry-after"), ""))
    return float(seconds) if seconds.isdigit() else None
