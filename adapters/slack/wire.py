"""Slack's payloads -> what somebody wants of the bot, if anything. Nothing here talks to anybody.

Shapes: https://docs.slack.dev/reference/events/message, /app_mention, and
https://docs.slack.dev/interactivity/implementing-slash-commands.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, TypeAlias

from adapters.slack import render
from adapters.slack.place import SlackPlace
from adapters.slack.spoken import spoken
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

BUTTONS = frozenset(
    (render.REVIEW_AGAIN, render.SHOW_ALL, render.DISMISS, render.UNDO, render.HELPFUL, render.NOT_HELPFUL)
)
"""Buttons that ask for something; all others are links."""

_SUBTYPES = {None, "", "file_share", "thread_broadcast"}
"""Messages that people write; edits, joins and messages of programs have others."""

_OF_ANOTHER = re.compile(r"\s*<@[A-Z0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Something that is, or may be, meant for the bot.

    Attributes:
        names: What it is known by wherever it comes in again.
        text: What was said, as Slack writes it; behind a mention of the bot.
        before: What was said in front of that mention.
        heard: How; None for a button and a message's shortcut.
        if_part: It is a plain reply, addressed only in a thread that the bot is part of.
        action: The button, or `SHORTCUT`; empty for what was said.
        value: What the button carries.
    """

    place: SlackPlace
    names: tuple[str, ...]
    text: str = ""
    before: str = ""
    heard: Heard | None = None
    if_part: bool = False
    action: str = ""
    value: str = ""

    @property
    def press(self) -> tuple[str, ...]:
        """Name which button who pressed where; empty for what was said."""
        place = self.place
        return (place.channel, place.message, place.person, self.action, self.value) if self.action else ()


def read(body: Body, *, me: str, team: str) -> Call | None:
    """Understand a payload; None when it is none of the bot's business.

    Args:
        me: The bot's own user id.
        team: The bot's own workspace. What people of other workspaces do in shared channels may carry theirs.
    """
    if "command" in body:
        return _command(body, team)
    match body.get("type"):
        case "event_callback":
            return _event(body, me, team)
        case "message_action" if body.get("callback_id") == SHORTCUT:
            return _shortcut(body, team)
        case "block_actions" if body.get("message"):
            return _button(body, team)
    return None


def settled(call: Call, *, part: bool) -> Call:
    """Return *call* as it counts, *part* telling whether the bot is part of the thread."""
    part = part and call.if_part
    return replace(call, heard=Heard.ADDRESSED if part else call.heard, if_part=part)


def command_of(call: Call, *, web_url: str) -> Command | None:
    """Parse what is wanted; None when it was only said between people.

    Args:
        web_url: Where the pages of the code host are.
    """
    if call.action:
        return _pressed(call, web_url)
    text, before = spoken(call.text, web_url=web_url), spoken(call.before, web_url=web_url)
    command = parse(text, web_url=web_url, heard=call.heard or Heard.OVERHEARD)
    # "hey @parley status" is the command; "what do you think, @parley, of that?" is a question as a whole.
    if before and (isinstance(command, AskCommand) or not any(map(str.isalnum, text))):
        return parse(f"{before} {text}".strip(), web_url=web_url, heard=Heard.ADDRESSED)
    # "I pushed to <link>" in a reply asks for no review: where one is known, a pointer to it will do.
    if call.if_part and isinstance(command, ReviewCommand) and "review" not in text.casefold():
        return replace(command, overheard=True)
    return command


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


def _event(body: Body, me: str, team: str) -> Call | None:
    event = body.get("event") or {}
    kind, user, channel, ts = (str(event.get(name) or "") for name in ("type", "user", "channel", "ts"))
    if kind not in ("message", "app_mention") or not (user and channel and ts):
        return None
    if event.get("subtype") not in _SUBTYPES or event.get("bot_id") or event.get("hidden") or user == me:
        return None
    direct = event.get("channel_type") == "im"
    mention = re.compile(rf"<@{re.escape(me)}(?:\|[^<>]*)?>[\s,:]*")
    text = str(event.get("text") or "")
    if kind == "message" and not direct and mention.search(text):
        return None  # its twin, the app_mention, is the one that counts
    thread = str(event.get("thread_ts") or "")
    place = SlackPlace(
        team=team,
        channel=channel,
        thread=thread,
        message=ts,
        person=user,
        home=_home(body, event, team),
        direct=direct,
    )
    names = (f"slack:{team}:{body.get('event_id')}", f"slack:{team}/{channel}/{ts}")
    if direct or kind == "app_mention":
        before, *rest = mention.split(text, maxsplit=1)
        said, before = (mention.sub(" ", rest[0]), before) if rest else (before, "")
        return Call(place=place, names=names, text=said.strip(), before=before.strip(), heard=Heard.ADDRESSED)
    to_another = _OF_ANOTHER.match(text) is not None
    return Call(place=place, names=names, text=text, heard=Heard.OVERHEARD, if_part=bool(thread) and not to_another)


def _home(body: Body, event: Body, team: str) -> str:
    """Return whose a person is in a channel of several companies; inside of one, workspaces share their people."""
    home = str(event.get("user_team") or event.get("team") or "")
    return home if body.get("is_ext_shared_channel") and home != team else ""


def _command(body: Body, team: str) -> Call:
    place = SlackPlace(
        team=team,
        channel=str(body.get("channel_id", "")),
        person=str(body.get("user_id", "")),
        person_name=str(body.get("user_name", "")),
        response_url=str(body.get("response_url", "")),
    )
    names = (f"slack:{body.get('trigger_id')}",)
    return Call(place=place, names=names, text=str(body.get("text") or ""), heard=Heard.SLASH)


def _shortcut(body: Body, team: str) -> Call:
    message = body.get("message") or {}
    return Call(
        place=_where(body, team),
        names=(f"slack:{body.get('trigger_id')}",),
        text="\n".join(_written(message)),
        action=SHORTCUT,
    )


def _written(part: Any) -> Iterator[str]:
    """Yield what a message says and links: programs put it into blocks and attachments, often not into the text."""
    if isinstance(part, list):
        for inner in part:
            yield from _written(inner)
    elif isinstance(part, dict):
        for name, value in part.items():
            if isinstance(value, str) and name in ("text", "url", "title_link", "from_url", "pretext", "value"):
                yield value
            elif isinstance(value, dict | list):
                yield from _written(value)


def _button(body: Body, team: str) -> Call | None:
    action = (body.get("actions") or [{}])[0]
    if action.get("action_id") not in BUTTONS:
        return None
    place = _where(body, team)
    return Call(
        # The message is the bot's own: where nobody else writes but one person, it is alone with them.
        place=replace(
            place, thread=place.thread or place.message, pressed=place.message, direct=place.channel.startswith("D")
        ),
        names=(f"slack:{body.get('trigger_id')}",),
        action=str(action["action_id"]),
        value=str(action.get("value") or ""),
    )


def _where(body: Body, team: str) -> SlackPlace:
    """Return the message that an interaction is about."""
    user, channel, message = body.get("user") or {}, body.get("channel") or {}, body.get("message") or {}
    return SlackPlace(
        team=team,
        channel=str(channel.get("id") or ""),
        thread=str(message.get("thread_ts") or ""),
        message=str(message.get("ts") or ""),
        person=str(user.get("id") or ""),
        person_name=str(user.get("username") or user.get("name") or ""),
        response_url=str(body.get("response_url") or ""),
    )


def _pressed(call: Call, web_url: str) -> Command:
    review, _, finding = call.value.partition(":")
    match call.action:
        case render.REVIEW_AGAIN:
            return AgainCommand(review=review)
        case render.SHOW_ALL:
            return ShowAllCommand(review=review)
        case render.DISMISS:
            return DismissCommand(finding=finding, review=review)
        case render.UNDO:
            return UndoCommand(finding=finding, review=review)
        case render.HELPFUL | render.NOT_HELPFUL:
            return RateCommand(review=review, helpful=call.action == render.HELPFUL)
    linked = find_pull_requests(spoken(call.text, web_url=web_url), web_url=web_url)
    if linked:
        return ReviewCommand(targets=linked)
    return Misunderstood(sentence=say("This message has no link to a pull request of {host}.", host=web_url))
