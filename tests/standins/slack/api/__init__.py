"""The Web API: every method that the stand-in knows, and the right that Slack asks for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from tests.standins.slack.api import chat, files, places, streams, views
from tests.standins.slack.api.common import Refused, Workspace

__all__ = ["METHODS", "Refused", "answer"]

Method: TypeAlias = Callable[[Workspace, dict[str, Any]], dict[str, Any]]

METHODS: dict[str, tuple[Method, str]] = {
    "auth.test": (places.auth_test, ""),
    "team.info": (places.team_info, "team:read"),
    "users.info": (places.users_info, "users:read"),
    "users.conversations": (places.users_conversations, "channels:read"),
    "conversations.info": (places.conversations_info, "channels:read"),
    "conversations.open": (places.conversations_open, "im:write"),
    "conversations.history": (places.conversations_history, "channels:history"),
    "conversations.replies": (places.conversations_replies, "channels:history"),
    "reactions.add": (places.reactions_add, "reactions:write"),
    "chat.postMessage": (chat.post_message, "chat:write"),
    "chat.postEphemeral": (chat.post_ephemeral, "chat:write"),
    "chat.update": (chat.update, "chat:write"),
    "chat.delete": (chat.delete, "chat:write"),
    "chat.getPermalink": (chat.get_permalink, ""),
    "chat.startStream": (streams.start, "chat:write"),
    "chat.appendStream": (streams.append, "chat:write"),
    "chat.stopStream": (streams.stop, "chat:write"),
    "files.getUploadURLExternal": (files.get_upload_url, "files:write"),
    "files.completeUploadExternal": (files.complete_upload, "files:write"),
    "views.open": (views.open_modal, ""),
    "views.update": (views.update, ""),
    "views.publish": (views.publish, ""),
}


def answer(slack: Workspace, method: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """Answer one call of the bot.

    Raises:
        Refused: As Slack refuses.
        LookupError: There is no such method.
    """
    handle, scope = METHODS[method]
    if scope and scope not in slack.scopes:
        raise Refused("missing_scope", needed=scope, provided=",".join(slack.scopes))
    return handle(slack, arguments)
