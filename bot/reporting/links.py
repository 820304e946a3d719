"""Addresses of lines on the code host, made from the address of the pull request.

Forms: https://docs.github.com/en/get-started/writing-on-github/working-with-advanced-formatting/creating-a-permanent-link-to-a-code-snippet
and, on the page of changed files, `#diff-` with the SHA-256 of the path and `L` or `R` with the line.
"""

from __future__ import annotations

import hashlib
import re
from urllib.parse import quote

from bot.domain.change import PullRequest
from bot.domain.diff import Location, Side
from bot.domain.plain_text import encodable

_PULL_REQUEST = re.compile(r"(?P<repository>https?://[^\s?#]+)/pull/\d+")


def repository_url(pull_request: PullRequest) -> str:
    """Return the page of the repository, empty for a local diff."""
    page = _PULL_REQUEST.fullmatch(pull_request.url)
    return page["repository"] if page else ""


def location_url(pull_request: PullRequest, location: Location) -> str:
    """Return where people can look at a place of the change, empty for a local diff.

    New lines are shown in the file at the reviewed head, which stays when the branch moves on. Removed lines are
    in no file any more, so they are shown among the changed files.
    """
    repository = repository_url(pull_request)
    if not repository:
        return ""
    if location.side is Side.OLD or not pull_request.head_sha:
        return f"{pull_request.url}/files{_anchor(location)}"
    return f"{repository}/blob/{quote(encodable(pull_request.head_sha))}/{url_path(location.path)}{_lines(location)}"


def url_path(path: str) -> str:
    """Percent-encode a path of a repository; bytes that were no text become the replacement character."""
    return quote(encodable(path).lstrip("/"), safe="/")


def _lines(location: Location) -> str:
    end = f"-L{location.end_line}" if location.end_line != location.line else ""
    return f"#L{location.line}{end}"


def _anchor(location: Location) -> str:
    digest = hashlib.sha256(location.path.encode("utf-8", "surrogatepass")).hexdigest()
    return f"#diff-{digest}{'L' if location.side is Side.OLD else 'R'}{location.line}"
