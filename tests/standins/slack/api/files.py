"""Uploads in three steps: https://docs.slack.dev/reference/methods/files.completeUploadExternal."""

from __future__ import annotations

from typing import Any

from tests.standins.slack import limits
from tests.standins.slack.api.common import Refused, Workspace, composed, posted, writable

PNG = b"\x89PNG"
LONGEST_ALT = 1_000


def get_upload_url(slack: Workspace, arguments: dict[str, Any]) -> dict[str, Any]:
    """Say where the content is to be sent."""
    if int(arguments.get("length") or 0) < 1 or not arguments.get("filename"):
        raise Refused("invalid_arguments")
    if len(str(arguments.get("alt_txt") or "")) > LONGEST_ALT:
        raise Refused("alt_txt_too_large")
    number = f"F{len(slack.uploads) + 1}"
    slack.uploads[number] = b""
    slack.alts[number] = str(arguments.get("alt_txt") or "")
    return {"upload_url": f"{slack.url}/upload/{number}", "file_id": number}


def complete_upload(slack: Workspace, arguments: dict[str, Any]) -> dict[str, Any]:
    """Post what was sent."""
    channel = writable(slack, arguments["channel_id"])
    files = limits.decoded(arguments["files"])
    for file in files:
        content = slack.uploads.get(file["id"])
        if not content:
            raise Refused("file_not_found")
        said = str(arguments.get("initial_comment") or file.get("title") or file["id"])
        message = composed(slack, channel, {"text": said, "thread_ts": arguments.get("thread_ts")})
        if content.startswith(PNG):
            message.image, message.alt = content, slack.alts[file["id"]]
        else:
            message.file = content.decode()
        message.file_name, message.subtype = str(file.get("title", "")), "file_share"
        posted(slack, message)
    return {"files": files}
