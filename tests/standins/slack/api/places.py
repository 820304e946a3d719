"""Who and what there is: `auth.test`, `users.*`, `conversations.*`, `team.info`, `reactions.add`."""

from __future__ import annotations

from typing import Any

from tests.standins.slack.api.common import Refused, Workspace, described, readable
from tests.standins.slack.world import BOT, BOT_ID, TEAM, Channel, Message

A_PAGE = 2
"""Few on a page, so that nobody gets away with reading only the first."""


def auth_test(slack: Workspace, arguments: dict[str, Any]) -> dict[str, Any]:
    """Tell whose token it is."""
    return {
        "url": "https://octo.slack.com/",
        "team": "Octo",
        "user": slack.people[BOT].name,
        "team_id": TEAM,
        "user_id": BOT,
        "bot_id": BOT_ID,
        "is_enterprise_install": False,
    }


def team_info(slack: Workspace, arguments: dict[str, Any]) -> dict[str, Any]:
    """Tell the workspace."""
    return {"team": {"id": TEAM, "name": "Octo", "domain": "octo"}}


def users_info(slack: Workspace, arguments: dict[str, Any]) -> dict[str, Any]:
    """Tell about a person."""
    person = slack.people.get(arguments["user"])
    if person is None:
        raise Refused("user_not_found")
    profile = {"display_name": person.name, "real_name": person.name.title()}
    about = {"id": person.id, "team_id": TEAM, "name": person.name, "real_name": person.name.title(), "tz": person.tz}
    return {"user": {**about, "profile": profile, "is_bot": bool(person.bot_id), "is_restricted": person.guest}}


def users_conversations(slack: Workspace, arguments: dict[str, Any]) -> dict[str, Any]:
    """List the channels of a person, of private ones those that the bot is in too."""
    user = arguments.get("user") or BOT
    types = str(arguments.get("types") or "public_channel").split(",")
    if "private_channel" in types and "groups:read" not in slack.scopes:
        raise Refused("missing_scope", needed="groups:read", provided=",".join(slack.scopes))
    kinds = {"public_channel": "channel", "private_channel": "group", "im": "im"}
    wanted = {kinds[name] for name in types if name in kinds}
    exclude_archived = str(arguments.get("exclude_archived", "")).lower() in ("true", "1")
    seen = [
        channel
        for channel in slack.channels.values()
        if user in channel.members
        and channel.kind in wanted
        and not (channel.archived and exclude_archived)
        and (not channel.private or BOT in channel.members)
    ]
    start = int(arguments.get("cursor") or 0)
    more = str(start + A_PAGE) if start + A_PAGE < len(seen) else ""
    page = [_channel(channel) for channel in seen[start : start + A_PAGE]]
    return {"channels": page, "response_metadata": {"next_cursor": more}}


def conversations_info(slack: Workspace, arguments: dict[str, Any]) -> dict[str, Any]:
    """Tell about a channel."""
    return {"channel": _channel(readable(slack, arguments["channel"]))}


def conversations_open(slack: Workspace, arguments: dict[str, Any]) -> dict[str, Any]:
    """Open direct messages with a person."""
    if arguments["users"] not in slack.people:
        raise Refused("user_not_found")
    return {"channel": {"id": slack.direct(arguments["users"]).id}}


def conversations_history(slack: Workspace, arguments: dict[str, Any]) -> dict[str, Any]:
    """Return a channel's messages, newest first."""
    channel = _heard(slack, arguments)
    said = _told(slack, slack.standing(channel.id), arguments)
    return {"messages": said[::-1][: int(arguments.get("limit") or 100)], "has_more": False}


def conversations_replies(slack: Workspace, arguments: dict[str, Any]) -> dict[str, Any]:
    """Return a thread, its first message first, which comes however old it is."""
    channel = _heard(slack, arguments)
    thread = slack.standing(channel.id, str(arguments["ts"]))
    if not thread:
        raise Refused("thread_not_found")
    said = [*_told(slack, thread[:1], {**arguments, "oldest": ""}), *_told(slack, thread[1:], arguments)]
    return {"messages": said[: int(arguments.get("limit") or 1000)], "has_more": False}


def _told(slack: Workspace, messages: list[Message], arguments: dict[str, Any]) -> list[dict[str, Any]]:
    """Describe messages later than `oldest`, with their metadata only where it is asked for."""
    wanted = str(arguments.get("include_all_metadata", "")).lower() in ("true", "1")
    return [
        {**described(slack, message), **({"metadata": message.metadata} if wanted and message.metadata else {})}
        for message in messages
        if message.ts > str(arguments.get("oldest") or "")
    ]


def reactions_add(slack: Workspace, arguments: dict[str, Any]) -> dict[str, Any]:
    """Add an emoji to a message."""
    channel = _heard(slack, arguments)
    if slack.find(channel.id, str(arguments["timestamp"])) is None:
        raise Refused("message_not_found")
    reaction = (channel.id, str(arguments["timestamp"]), str(arguments["name"]))
    if reaction in slack.reactions:
        raise Refused("already_reacted")
    slack.reactions.append(reaction)
    return {}


def _heard(slack: Workspace, arguments: dict[str, Any]) -> Channel:
    channel = readable(slack, arguments["channel"])
    if BOT not in channel.members:
        raise Refused("not_in_channel")
    return channel


def _channel(channel: Channel) -> dict[str, Any]:
    about: dict[str, Any] = {"id": channel.id, "is_archived": channel.archived, "is_private": channel.private}
    if channel.person:
        return {**about, "is_im": True, "user": channel.person}
    return {**about, "is_channel": True, "name": channel.name, "is_member": BOT in channel.members}
