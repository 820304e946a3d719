"""What can be reviewed, found among the words of a message or of a command line.

Files and ranges of this machine are looked for only where a folder is given: never in what came from a chat platform.
The file system is asked one thing, whether a file of a given name exists.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.domain.change import DiffFile, GitRange, PullRequestRef, Target
from bot.domain.errors import NotUnderstood
from bot.domain.links import find_pull_requests, parse_pull_request
from bot.domain.sentence import Sentence, say

AROUND = " \t\r\n.,;:!?'\"`*()[]{}<>“”„‘’‚«»…，。：；！？"
"""What people, their telephones and chats put around a word that is not part of it."""

_WORD = re.compile(r"\"(?P<double>[^\"\n]+)\"(?=\s|$)|'(?P<single>[^'\n]+)'(?=\s|$)|(?P<word>\S+)")
# Chinese and Japanese letters end a link: they may follow it without a space.
_LINK = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^\s\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]+")
_LINKING = {"and", "&", "+", ",", "und", "和"}
_PATH_START = ("/", "./", "../", "~/")
_PATCH = (".diff", ".patch")
_REVISION_LETTERS = re.compile(r"(?!-)[\w@^~{}./+-]+")
_REVISION = re.compile(r"(?:HEAD|@|[0-9a-f]{7,40})(?:[~^][0-9]*)*|[\w./+-]+(?:[~^][0-9]*)+")
_LONGEST_NAME = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """Where words were written.

    Attributes:
        web_url: Where the pages of the code host are.
        folder: The repository that ranges are of; None where nothing of this machine may be named.
    """

    web_url: str
    folder: Path | None = None


def parse_target(text: str, *, web_url: str, local: bool, folder: Path) -> Target:
    """Return what the whole of *text* names; `-` is standard input where *local* is set.

    Raises:
        NotUnderstood: It names nothing that can be reviewed; the sentence says what would be understood.
    """
    name = text.strip()
    here = Here(web_url=web_url, folder=folder if local else None)
    if local and name == "-":
        return DiffFile(path=None)
    target = _pull_request(name, here) or _local_target(name, here)
    if target is None:
        raise NotUnderstood(explain(name, here))
    return target


def words(text: str) -> list[str]:
    """Split a message at white space; what stands in quotes is one word."""
    return [match["double"] or match["single"] or match["word"] for match in _WORD.finditer(text)]


def after(text: str, count: int) -> str:
    """Return what stands behind the first *count* words, as it was written."""
    ends = [match.end() for match, _ in zip(_WORD.finditer(text), range(count), strict=False)]
    return text[ends[-1] :].strip() if ends else text


def take(said: Sequence[str], here: Here, *, bare: bool = False) -> tuple[tuple[Target, ...], str]:
    """Return the targets among the words and what else was said.

    Pull requests are found anywhere, files and ranges only before other words.

    Args:
        bare: No verb asked for a target, so that only a name that can be nothing else is a file or range.
    """
    targets: list[Target] = []
    others: list[str] = []
    for word in said:
        found: tuple[Target, ...] = pull_requests_in(word, here)
        local = None if found or others else (_plain_local_target if bare else _local_target)(word, here)
        if bare and isinstance(local, GitRange) and len(said) > 1:
            local = None  # "well...maybe so" is no range
        targets += (local,) if local else found
        if not (found or local) and (others or word.casefold() not in _LINKING):
            others.append(word)
    while others and others[-1].casefold() in _LINKING:
        others.pop()
    return tuple(dict.fromkeys(targets)), " ".join(others)


def sole_target(word: str, here: Here) -> Target | None:
    """Return what *word* names, where it can be nothing but a target."""
    return _pull_request(word, here) or _plain_local_target(word, here)


def pull_requests_in(word: str, here: Here) -> tuple[PullRequestRef, ...]:
    """Return the pull requests that *word* is or has inside, as in a sentence without spaces."""
    if "/" not in word:
        return ()
    found = _pull_request(word, here)
    return (found,) if found else find_pull_requests(word, web_url=here.web_url)


def links_in(text: str, here: Here) -> tuple[PullRequestRef, ...]:
    """Return the pull requests that *text* has links to, each once."""
    linked = (word for word in words(text) if "://" in word or is_link(word, here))
    return tuple(dict.fromkeys(ref for word in linked for ref in pull_requests_in(word, here)))


def is_link(word: str, here: Here) -> bool:
    """Tell whether *word* is a link and nothing else, wherever it leads; to the code host it may lack its scheme."""
    return _LINK.fullmatch(_completed(word, here).strip(AROUND)) is not None


def explain(name: str, here: Here) -> Sentence:
    """Say why *name* names nothing that can be reviewed, and what would."""
    name = _completed(name, here)
    try:
        parse_pull_request(name, web_url=here.web_url)
    except NotUnderstood as error:
        if here.folder is None or "://" in name:
            return error.sentence
    return say(
        "{name} names nothing I can review. I understand links such as {example}, owner/repository#12, "
        ".diff and .patch files, and ranges such as main...HEAD.",
        name="".join(letter if letter.isprintable() else " " for letter in name[:100]) or "''",
        example=f"{here.web_url.rstrip('/')}/owner/repository/pull/12",
    )


def _pull_request(word: str, here: Here) -> PullRequestRef | None:
    try:
        return parse_pull_request(_completed(word, here), web_url=here.web_url)
    except NotUnderstood:
        return None


def _completed(word: str, here: Here) -> str:
    """Put the scheme before a link to the code host that lacks it, as browsers show links; leave other words alone."""
    scheme, _, host = here.web_url.rstrip("/").partition("://")
    name = word.strip(AROUND)
    return f"{scheme}://{name}" if name.casefold().startswith(f"{host.casefold()}/") else word


def _local_target(word: str, here: Here) -> DiffFile | GitRange | None:
    """Return the file or range that *word* names where a target is expected."""
    name = word.strip("`\"'")
    if here.folder is None or not name or len(name) > _LONGEST_NAME or "\0" in name or "://" in name:
        return None
    path = _expanded(name)
    if name.startswith(_PATH_START) or _is_patch(path) or _is_file(path):
        return DiffFile(path=path)
    if any(_ends(name)) or _REVISION.fullmatch(name):
        return GitRange(folder=here.folder, range=name)
    return None


def _plain_local_target(word: str, here: Here) -> DiffFile | GitRange | None:
    """Return the file or range that *word* names even among words that could be about anything."""
    target = _local_target(word, here)
    if isinstance(target, DiffFile):
        return target if target.path and _is_patch(target.path) else None
    return target if target and all(_ends(target.range)) else None


def _ends(name: str) -> tuple[str, str]:
    """Return both ends of a range, empty where one is left out; both are empty when it is none."""
    old, dots, new = name.partition("..")
    new = new.removeprefix(".")
    if not dots or ".." in new or new.startswith((".", "-")) or not _REVISION_LETTERS.fullmatch(name):
        return "", ""
    return old, new


def _is_patch(path: Path) -> bool:
    return path.suffix.lower() in _PATCH


def _expanded(name: str) -> Path:
    try:
        return Path(name).expanduser()
    except RuntimeError:  # nobody of that name has a home here
        return Path(name)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a name no file can have
        return False
