"""Envelopes' payloads: https://docs.slack.dev/reference/interaction-payloads and https://docs.slack.dev/apis/events-api."""

from __future__ import annotations

import time
from typing import Any

from tests.standins.slack.api.common import Workspace, described
from tests.standins.slack.world import APP, BOT, TEAM, Message

TOKEN = "verification"


def callback(event: dict[str, Any], event_id: str) -> dict[str, Any]:
    """Wrap an event of the Events API."""
    authorization = {
        "enterprise_id": None,
        "team_id": TEAM,
        "user_id": BOT,
        "is_bot": True,
        "is_enterprise_install": False,
    }
    return {
        "token": TOKEN,
        "team_id": TEAM,
        "context_team_id": TEAM,
        "context_enterprise_id": None,
        "api_app_id": APP,
        "event": event,
        "type": "event_callback",
        "event_id": event_id,
        "event_time": int(time.time()),
        "authorizations": [authorization],
        "is_ext_shared_channel": False,
        "event_context": f"4-{event_id}",
    }


def command(slack: Workspace, channel: str, user: str, words: str, *, name: str, response_url: str) -> dict[str, Any]:
    """Describe a slash command."""
    place = slack.channels[channel]
    shown = "directmessage" if place.person else ("privategroup" if place.private else place.name)
    return {
        "token": TOKEN,
        "team_id": TEAM,
        "team_domain": "octo",
        "channel_id": channel,
        "channel_name": shown,
        "user_id": user,
        "user_name": slack.people[user].name,
        "command": name,
        "text": words,
        "api_app_id": APP,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": slack.trigger(),
    }


def interaction(slack: Workspace, user: str, kind: str) -> dict[str, Any]:
    """Describe what all interactions share."""
    name = slack.people[user].name
    return {
        "type": kind,
        "user": {"id": user, "username": name, "name": name, "team_id": TEAM},
        "api_app_id": APP,
        "token": TOKEN,
        "trigger_id": slack.trigger(),
        "team": {"id": TEAM, "domain": "octo"},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def pressed_in_message(slack: Workspace, message: Message, response_url: str) -> dict[str, Any]:
    """Describe the message whose button was pressed; of one that only one person sees Slack does not tell the text."""
    ephemeral = bool(message.only_for)
    place = {"id": message.channel, "name": slack.channels[message.channel].name or "directmessage"}
    container = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": message.channel,
        "is_ephemeral": ephemeral,
        **({"thread_ts": message.thread_ts} if message.thread_ts else {}),
    }
    shown = {} if ephemeral else {"message": described(slack, message)}
    return {
        "container": container,
        "channel": place,
        **shown,
        "state": {"values": {}},
        "response_url": response_url,
    }


def action(element: dict[str, Any], block: dict[str, Any], stamp: str) -> dict[str, Any]:
    """Describe a button that was pressed."""
    known: dict[str, Any] = {
        name: element[name] for name in ("action_id", "text", "value", "style", "type") if name in element
    }
    return {**known, "block_id": block.get("block_id", "b0"), "action_ts": stamp}


def find_button(blocks: list[dict[str, Any]], action_id: str, value: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a button and its block.

    Raises:
        AssertionError: There is no such button to press.
    """
    there = []
    for block in blocks:
        for element in [*block.get("elements", []), block.get("accessory", {})]:
            if element.get("type") == "button":
                there.append((element.get("action_id"), element.get("value")))
                if element.get("action_id") == action_id and value in element.get("value", ""):
                    return element, block
    raise AssertionError(f"no button {action_id} {value!r}; there are {there}")


def typed_into(view: dict[str, Any], typed: dict[str, Any]) -> dict[str, Any]:
    """Return the `state.values` of a modal: what was there at first, and what a person changed, by block.

    Raises:
        AssertionError: The form does not let anybody type that.
    """
    inputs = {block["block_id"]: block for block in view["blocks"] if block["type"] == "input"}
    assert set(typed) <= set(inputs), f"the form asks for {sorted(inputs)}"
    values: dict[str, Any] = {}
    for name, block in inputs.items():
        element = block["element"]
        state = _state(element, typed.get(name))
        assert block.get("optional") or any(value for key, value in state.items() if key != "type"), f"{name} is empty"
        values[name] = {element["action_id"]: state}
    return values


def _state(element: dict[str, Any], typed: Any) -> dict[str, Any]:
    kind = element["type"]
    match kind:
        case "plain_text_input":
            value = element.get("initial_value") if typed is None else typed
            assert len(value or "") <= element.get("max_length", 3000), "longer than the form takes"
            return {"type": kind, "value": value or None}
        case "timepicker":
            return {"type": kind, "selected_time": typed or element.get("initial_time")}
        case "conversations_select" | "channels_select" | "users_select":
            what = kind.removesuffix("s_select")
            return {"type": kind, f"selected_{what}": typed or element.get(f"initial_{what}")}
        case "multi_static_select" | "checkboxes":
            return {"type": kind, "selected_options": _options(element, typed, element.get("initial_options", []))}
        case "static_select" | "radio_buttons":
            initial = [element["initial_option"]] if "initial_option" in element else []
            chosen = _options(element, None if typed is None else [typed], initial)
            return {"type": kind, "selected_option": chosen[0] if chosen else None}
    raise AssertionError(f"nobody can fill in a {kind} here")


def _options(element: dict[str, Any], typed: list[str] | None, initial: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if typed is None:
        return initial
    known = {option["value"]: option for option in element["options"]}
    return [known[value] for value in typed]
