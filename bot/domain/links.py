"""The two ways people name a pull request: a link to it, and `owner/repository#12`.

Only the configured code host counts. A link is compared part by part, never by its beginning, so that
`https://github.com@evil.example/` or a look-alike host names nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import SplitResult, urlsplit

from bot.domain.change import PullRequestRef, RepositoryPattern, RepositoryRef
from bot.domain.errors import NotUnderstood
from bot.domain.sentence import Sentence, say

_OWNER = r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}"
_REPOSITORY = r"(?!\.{1,2}(?![A-Za-z0-9._-]))[A-Za-z0-9._-]{1,100}"
_NUMBER = r"[1-9][0-9]{0,8}"
_NAME = rf"(?P<owner>{_OWNER})/(?P<repository>{_REPOSITORY})"

_SHORT = re.compile(rf"{_NAME}#(?P<number>{_NUMBER})")
_PATH = re.compile(rf"/{_NAME}/pull/(?P<number>{_NUMBER})(?:\.diff|\.patch)?(?P<rest>(?:/[A-Za-z0-9._-]*)*)")
_REPOSITORY_NAME = re.compile(_NAME)
_EVERY = re.compile(rf"(?P<owner>{_OWNER})/\*")
_OTHER_PAGE = re.compile(rf"/{_NAME}(?:/(?P<kind>[a-z]+)(?:/.*)?)?/?")

# Chinese and Japanese are written without spaces, so a name may touch such a letter, but no other.
_CJK = r"[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]"
_URL = r"[Hh][Tt][Tt][Pp][Ss]?://[A-Za-z0-9!#$%&*+,\-./:;=?@_~]+"
_MENTION = re.compile(
    rf"(?P<url>{_URL})|(?:(?<![\w./@#:%\\-])|(?<={_CJK}))(?P<short>{_SHORT.pattern})(?:(?!\w)|(?={_CJK}))"
)
_MARKDOWN = re.compile(r"\[[^\]]*\]\(([^()\s]+)\)")
_END = " \t\r\n.,;:!?"
_AROUND = " \t\r\n.,;:!?'\"`*~()[]{}"
_PORTS = {"http": 80, "https": 443}
_LONGEST = 2000


def parse_pull_request(text: str, *, web_url: str) -> PullRequestRef:
    """Return the pull request that the whole of *text* names, in whatever brackets a chat put around it.

    Args:
        web_url: Where the pages of the code host are, with port and path prefix where it has them.

    Raises:
        NotUnderstood: It names something else, with a sentence about what would be understood.
    """
    name = _unwrap(text)
    if len(name) <= _LONGEST and (short := _SHORT.fullmatch(name)):
        return _ref(short)
    ref = _from_url(name, web_url)
    if ref is None:
        raise NotUnderstood(_explain(name, web_url))
    return ref


def parse_repository(text: str, *, web_url: str) -> RepositoryRef:
    """Return the repository that the whole of *text* names: `owner/name`, or a link to one of its pages.

    Raises:
        NotUnderstood: It names none.
    """
    name = _unwrap(text).rstrip("/")
    found = _REPOSITORY_NAME.fullmatch(name) if len(name) <= _LONGEST else None
    path = _path_on_host(name, web_url)
    found = found or (_OTHER_PAGE.fullmatch(path) if path is not None else None)
    if found is None:
        shown = "".join(letter if letter.isprintable() else " " for letter in name[:100])
        raise NotUnderstood(say("{name} names no repository. Say owner/name, or paste its link.", name=shown or "''"))
    return RepositoryRef(owner=found["owner"], name=found["repository"])


def parse_pattern(text: str, *, web_url: str) -> RepositoryPattern:
    """Return what `parse_repository` understands, or with `owner/*` all repositories of an owner.

    Raises:
        NotUnderstood: It names no repository.
    """
    every = _EVERY.fullmatch(text.strip(_END + "'\"`<>"))
    if every:
        return RepositoryPattern(owner=every["owner"], name="*")
    one = parse_repository(text, web_url=web_url)
    return RepositoryPattern(owner=one.owner, name=one.name)


def find_pull_requests(text: str, *, web_url: str) -> tuple[PullRequestRef, ...]:
    """Find the pull requests that a message names, in its order and each once."""
    return tuple(dict.fromkeys(_mentions(text, web_url)))


def _mentions(text: str, web_url: str) -> Iterator[PullRequestRef]:
    for mention in _MENTION.finditer(text):
        ref = _ref(mention) if mention["short"] else _from_url(mention["url"].rstrip(_AROUND), web_url)
        if ref is not None:
            yield ref


def _ref(match: re.Match[str]) -> PullRequestRef:
    return PullRequestRef(owner=match["owner"], repository=match["repository"], number=int(match["number"]))


def _unwrap(text: str) -> str:
    """Take off what chats and people put around a link: `<link|label>`, `[label](link)`, punctuation."""
    name = text.strip(_AROUND)
    if markdown := _MARKDOWN.fullmatch(text.strip(_END)):
        name = markdown[1]
    elif name.startswith("<") and name.endswith(">"):
        name = name[1:-1].partition("|")[0]
    return name.strip(_AROUND)


def _from_url(url: str, web_url: str) -> PullRequestRef | None:
    path = _path_on_host(url, web_url)
    match = _PATH.fullmatch(path) if path is not None else None
    if match is None or {".", ".."} & set(match["rest"].split("/")):
        return None
    return _ref(match)


def _path_on_host(url: str, web_url: str) -> str | None:
    """Return the path of *url* below *web_url*, None for an address elsewhere or one that is written to mislead."""
    # urlsplit drops line feeds and tabs silently, and other programs read a backslash as a slash.
    if len(url) > _LONGEST or not url.isprintable() or "\\" in url or " " in url:
        return None
    there, here = _split(url), _split(web_url)
    if there is None or here is None or _origin(there) != _origin(here):
        return None
    prefix = here.path.rstrip("/")
    return there.path.removeprefix(prefix) if there.path.startswith(f"{prefix}/") else None


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    ordinary = parts.scheme in _PORTS and parts.netloc.isascii() and "@" not in parts.netloc
    return parts if ordinary else None


def _origin(parts: SplitResult) -> tuple[str, str | None, int]:
    return parts.scheme, parts.hostname, parts.port or _PORTS[parts.scheme]


def _explain(name: str, web_url: str) -> Sentence:
    known = say(
        "I understand links such as {example}, or owner/repository#12.",
        example=f"{web_url.rstrip('/')}/owner/repository/pull/12",
    )
    shown = "".join(letter if letter.isprintable() else " " for letter in name[:100])
    path = _path_on_host(name, web_url)
    page = _OTHER_PAGE.fullmatch(path) if path is not None else None
    if page is not None:
        return _explain_page(page["kind"], shown, known)
    if path is None and name.lower().startswith(("http://", "https://")):
        return say("{name} is not a page of {host}. {known}", name=shown, host=web_url, known=known)
    return say("{name} names no pull request. {known}", name=shown, known=known)


def _explain_page(kind: str | None, name: str, known: Sentence) -> Sentence:
    match kind:
        case "issues":
            return say("{name} is an issue, not a pull request. {known}", name=name, known=known)
        case "commit" | "commits":
            return say("{name} is a commit, not a pull request. {known}", name=name, known=known)
        case None:
            return say("{name} is a repository, not a pull request. {known}", name=name, known=known)
        case "pull":
            return say("{name} has no number a pull request could have. {known}", name=name, known=known)
        case _:
            return say("{name} is not the page of a pull request. {known}", name=name, known=known)
