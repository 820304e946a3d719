"""Slack's payloads -> what somebody wants of the bot, if anything. Nothing here talks to anybody.

Shapes: https://docs.slack.dev/reference/events/message, /app_mention, and
https://docs.slack.dev/interactivity/implementing-slash-commands.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, TypeAlias

from adapters.slack.place import SlackPlace
from adapters.slack.render import DISMISS, HELPFUL, NOT_HELPFUL, REVIEW_AGAIN, SHOW_ALL, UNDO
from bot.domain.command import (
    AgainCommand,
    AskCommand,
    Command,
    DismissCommand,
    Misunderstood,
    RateCommand,
    ReviewCommand,
    ShowAllCommand,
    UndoCommand,
)
from bot.domain.grammar import Heard, parse
from bot.domain.links import find_pull_requests
from bot.domain.sentence import say

Body: TypeAlias = Mapping[str, Any]

SHORTCUT = "review_message"

_SUBTYPES = {None, "", "file_share", "thread_broadcast"}
"""Messages that people write; edits, joins and messages of programs have others."""

_LINK = re.compile(r"<(?P<url>(?:https?|mailto)[^|<>\s]*)(?:\|(?P<label>[^<>]*))?>")
_PERSON = re.compile(r"<@(?P<id>[A-Z0-9]+)(?:\|(?P<name>[^<>]*))?>")
_OTHER = re.compile(r"<[#!][^<>|]*(?:\|(?P<name>[^<>]*))?>")
_OF_ANOTHER = re.compile(r"\s*<@[A-Z0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Something that is, or may be, meant for the bot.

    Attributes:
        names: What it is known by wherever it comes in again.
        text: What was said, as Slack writes it.
        heard: How; None for a button and a message's shortcut.
        if_part: It counts as addressed only in a thread that the bot is part of.
        action: The button, or `SHORTCUT`; empty for what was said.
        value: What the button carries.
    """

    place: SlackPlace
    names: tuple[str, ...]
    text: str = ""
    heard: Heard | None = None
    if_part: bool = False
    action: str = ""
    value: str = ""


def read(body: Body, *, me: str) -> Call | None:
    """Understand a payload; None when it is none of the bot's business.

    Args:
        me: The bot's own user id.
    """
    if "command" in body:
        return _command(body)
    match body.get("type"):
        case "event_callback":
            return _event(body, me)
        case "message_action" if body.get("callback_id") == SHORTCUT:
            return _shortcut(body)
        case "block_actions" if body.get("message"):
            return _button(body)
    return None


def command_of(call: Call, *, part: bool, web_url: str) -> Command | None:
    """Parse what is wanted; None when it was only said between people.

    Args:
        part: The bot is part of the thread.
        web_url: Where the pages of the code host are.
    """
    if call.action:
        return _pressed(call, web_url)
    heard = call.heard or Heard.OVERHEARD
    if call.if_part:
        heard = Heard.ADDRESSED if part else Heard.OVERHEARD
    return parse(spoken(call.text, web_url=web_url), web_url=web_url, heard=heard)


def placed(call: Call, command: Command) -> SlackPlace:
    """Return where *command* is answered.

    A question outside of a thread opens one, so that plain replies to the answer are heard.
    """
    place = call.place
    if isinstance(command, AskCommand) and not place.thread and place.message:
        return replace(place, thread=place.message)
    if isinstance(command, Misunderstood) and call.action == SHORTCUT:
        return replace(place, thread="", message="")
    return place


def dump(call: Call) -> str:
    """Write a call down, for after a restart."""
    return json.dumps(asdict(call))


def load(text: str) -> Call:
    """Read what `dump` wrote.

    Raises:
        ValueError: Another version wrote it.
    """
    try:
        known = json.loads(text)
        heard = known.pop("heard")
        place = SlackPlace(**known.pop("place"))
        return Call(**{**known, "names": tuple(known["names"])}, place=place, heard=Heard(heard) if heard else None)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("written by another version") from error


def spoken(text: str, *, web_url: str) -> str:
    """Turn Slack's way of writing into plain words: https://docs.slack.dev/messaging/formatting-message-text."""
    said = _LINK.sub(lambda match: _address(match, web_url), text)
    said = _PERSON.sub(lambda match: f"@{match['name'] or match['id']}", said)
    said = _OTHER.sub(lambda match: match["name"] or "", said)
    return html.unescape(said).strip()


def _address(match: re.Match[str], web_url: str) -> str:
    url, label = html.unescape(match["url"]), html.unescape(match["label"] or "")
    # A link that was typed without its scheme is written as http by Slack, whatever its host speaks.
    scheme, _, host = web_url.partition("://")
    if url.casefold() == f"http://{label}".casefold() and label.casefold().startswith(f"{host.casefold()}/"):
        return f"{scheme}://{label}"
    return url


def _event(body: Body, me: str) -> Call | None:
    event = body.get("event") or {}
    kind, user, channel, ts = (str(event.get(name) or "") for name in ("type", "user", "channel", "ts"))
    if kind not in ("message", "app_mention") or not (user and channel and ts):
        return None
    if event.get("subtype") not in _SUBTYPES or event.get("bot_id") or event.get("hidden") or user == me:
        return None
    text = str(event.get("text") or "")
    direct = event.get("channel_type") == "im"
    named = re.search(rf"<@{re.escape(me)}(?:\|[^<>]*)?>", text) is not None
    if named != (kind == "app_mention") and not direct:
        return None  # its twin is the one that counts
    if direct and kind == "app_mention":
        return None
    team = str(body.get("team_id") or event.get("team") or "")
    thread = str(event.get("thread_ts") or "")
    place = SlackPlace(
        team=team,
        channel=channel,
        thread=thread,
        message=ts,
        person=user,
        direct=direct,
    )
    names = (f"slack:{team}:{body.get('event_id')}", f"slack:{team}/{channel}/{ts}")
    bare = re.sub(rf"<@{re.escape(me)}(?:\|[^<>]*)?>[\s,:]*", " ", text).strip()
    if direct or named:
        return Call(place=place, names=names, text=bare, heard=Heard.ADDRESSED)
    to_another = _OF_ANOTHER.match(text) is not None
    return Call(place=place, names=names, text=text, heard=Heard.OVERHEARD, if_part=bool(thread) and not to_another)


def _command(body: Body) -> Call:
    team, channel = str(body.get("team_id", "")), str(body.get("channel_id", ""))
    place = SlackPlace(
        team=team,
        channel=channel,
        person=str(body.get("user_id", "")),
        person_name=str(body.get("user_name", "")),
        direct=channel.startswith("D"),
        response_url=str(body.get("response_url", "")),
    )
    return Call(
        place=place, names=(f"slack:{body.get('trigger_id')}",), text=str(body.get("text") or ""), heard=Heard.SLASH
    )


def _shortcut(body: Body) -> Call:
    message = body.get("message") or {}
    said = [str(message.get("text") or "")]
    for attachment in message.get("attachments") or []:
        said += [str(attachment.get(name) or "") for name in ("title_link", "from_url", "text")]
    return Call(
        place=_pressed_at(body, message, pressed=""),
        names=(f"slack:{body.get('trigger_id')}",),
        text="\n".join(said),
        action=SHORTCUT,
    )


def _button(body: Body) -> Call | None:
    action = (body.get("actions") or [{}])[0]
    name = str(action.get("action_id", ""))
    if name not in (REVIEW_AGAIN, SHOW_ALL, DISMISS, UNDO, HELPFUL, NOT_HELPFUL):
        return None
    message = body.get("message") or {}
    return Call(
        place=_pressed_at(body, message, pressed=str(message.get("ts") or "")),
        names=(f"slack:{body.get('trigger_id')}",),
        action=name,
        value=str(action.get("value") or ""),
    )


def _pressed_at(body: Body, message: Mapping[str, Any], *, pressed: str) -> SlackPlace:
    user, channel = body.get("user") or {}, body.get("channel") or {}
    ts = str(message.get("ts") or "")
    return SlackPlace(
        team=str((body.get("team") or {}).get("id") or ""),
        channel=str(channel.get("id") or ""),
        thread=str(message.get("thread_ts") or (ts if pressed else "")),
        message=ts,
        pressed=pressed,
        person=str(user.get("id") or ""),
        person_name=str(user.get("username") or user.get("name") or ""),
        direct=str(channel.get("id") or "").startswith("D"),
        response_url=str(body.get("response_url") or ""),
    )


def _pressed(call: Call, web_url: str) -> Command:
    review, _, finding = call.value.partition(":")
    match call.action:
        case "review_again":
            return AgainCommand(review=review)
        case "show_all":
            return ShowAllCommand(review=review)
        case "dismiss":
            return DismissCommand(finding=finding, review=review)
        case "undo":
            return UndoCommand(finding=finding, review=review)
        case "helpful" | "not_helpful":
            return RateCommand(review=review, helpful=call.action == HELPFUL)
    linked = find_pull_requests(spoken(call.text, web_url=web_url), web_url=web_url)
    if linked:
        return ReviewCommand(targets=linked)
    return Misunderstood(sentence=say("This message has no link to a pull request of {host}.", host=web_url))
