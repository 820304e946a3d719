"""Modals and App Home: https://docs.slack.dev/reference/methods/views.open and its neighbours."""

from __future__ import annotations

from typing import Any

from tests.standins.slack import limits
from tests.standins.slack.api.common import Refused, Workspace
from tests.standins.slack.world import APP, BOT_ID, TEAM

TRIGGER_SECONDS = 3.0


def open_modal(slack: Workspace, arguments: dict[str, Any]) -> dict[str, Any]:
    """Open a modal for the person whose action left a trigger, which is good once and for three seconds."""
    trigger = str(arguments["trigger_id"])
    issued = slack.triggers.get(trigger)
    if issued is None:
        raise Refused("invalid_trigger_id")
    if slack.now() - issued > TRIGGER_SECONDS:
        raise Refused("expired_trigger_id")
    if trigger in slack.exchanged:
        raise Refused("exchanged_trigger_id")
    view = _checked(arguments)
    slack.exchanged.add(trigger)
    shown = _known(view, f"V{len(slack.modals) + 1}", slack.stamp())
    slack.modals.append(shown)
    return {"view": shown}


def update(slack: Workspace, arguments: dict[str, Any]) -> dict[str, Any]:
    """Replace a modal that is open."""
    place = next((n for n, one in enumerate(slack.modals) if one["id"] == arguments.get("view_id")), None)
    if place is None:
        raise Refused("not_found")
    if arguments.get("hash") and arguments["hash"] != slack.modals[place]["hash"]:
        raise Refused("hash_conflict")
    slack.modals[place] = _known(_checked(arguments), str(arguments["view_id"]), slack.stamp())
    return {"view": slack.modals[place]}


def publish(slack: Workspace, arguments: dict[str, Any]) -> dict[str, Any]:
    """Show App Home to a person."""
    user = arguments["user_id"]
    if user not in slack.people:
        raise Refused("invalid_arguments")
    if arguments.get("hash") and arguments["hash"] != slack.homes.get(user, {}).get("hash"):
        raise Refused("hash_conflict")
    slack.homes[user] = _known(_checked(arguments), f"VH{user}", slack.stamp())
    return {"view": slack.homes[user]}


def _checked(arguments: dict[str, Any]) -> dict[str, Any]:
    view: dict[str, Any] = limits.decoded(arguments["view"])
    if problems := limits.view_problems(view):
        raise Refused("invalid_arguments", response_metadata={"messages": [f"[ERROR] {one}" for one in problems]})
    return view


def _known(view: dict[str, Any], number: str, stamp: str) -> dict[str, Any]:
    return {
        **view,
        "id": number,
        "team_id": TEAM,
        "app_id": APP,
        "bot_id": BOT_ID,
        "hash": f"{stamp}.hash",
        "root_view_id": number,
        "previous_view_id": None,
        "state": {"values": {}},
        "private_metadata": view.get("private_metadata", ""),
    }
