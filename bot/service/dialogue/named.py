"""What a question names outright: files, lines, findings and pull requests.

A name weighs more than any number of shared words, and a name that stands for nothing is an answer by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

from bot.domain.targets import Here, links_in
from bot.service.dialogue.relevance import CJK

_FILE = re.compile(rf"(?:(?![{CJK}])[\w.@+/\\-])+")
_LINE = re.compile(r"\s*(?::|#L|,?\s+(?:at\s+)?(?:line|lines|zeile)\s+|,?\s*第)(\d{1,9})", re.IGNORECASE)
_AND = r"#?(\d{1,9}(?:\s*(?:,|and|und|&)\s*#?\d{1,9})*)"
_FINDING = re.compile(
    rf"\b(?:findings?|befunde?)\s*(?:nr\.?|no\.?|number|nummer)?\s*{_AND}"  # finding 2, findings 1 and 3
    r"|(?:发现|问题)\s*#?(\d{1,9})(?!\s*[\d个条项])"  # 问题2, but not 发现2个问题, which counts them
    r"|第\s*(\d{1,9})\s*[个条项]"
    r"|(第[一二三四五]|\b(?:first|second|third|fourth|fifth|erste|zweite|dritte|vierte|fünfte))[nrs]?\s*[个条项]?\s*"
    r"(?:findings?|befund|发现|问题)",
    re.IGNORECASE,
)
_ORDINALS = {
    word: number
    for words in ("first second third fourth fifth", "erste zweite dritte vierte fünfte", "第一 第二 第三 第四 第五")
    for number, word in enumerate(words.split(), start=1)
}
# Names on a code host are ASCII, and a Chinese word may touch them: 看看#12.
_HASH = re.compile(r"(?<![\w/#])#(\d{1,9})\b", re.ASCII)
_PULL_REQUEST = re.compile(
    r"(?:(?P<repository>(?<![\w./-])[\w.-]+(?:/[\w.-]+)?)|(?<![\w/#]))#(?P<number>\d{1,9})\b", re.ASCII
)
_KINDS = frozenset({"pr", "pull", "mr"})
"""What is written before a number like a repository: `PR#12`."""
_LINK = re.compile(r"[a-z][a-z0-9+.-]*://[!-~]+", re.IGNORECASE)
# Endings of files people talk about. `requests.get` is a call; `billing.py` is a file even if nobody changed it.
_ENDINGS = frozenset(
    "adoc bash bat c cc cfg cmake conf cpp cs css csv dart diff ex exs go gradle h hpp html ini ipynb java jl js json "
    "jsx kt lock lua m md mjs ml patch php pl proto ps1 py pyi pyx rb rs rst sass scala scss sh sql svelte svg swift "
    "tf toml ts tsx txt vue xml yaml yml zig zsh".split()
)
_PRODUCTS = frozenset({"d3.js", "express.js", "next.js", "node.js", "nuxt.js", "react.js", "three.js", "vue.js"})


def files(question: str, paths: Iterable[str]) -> list[str]:
    """Find the *paths* that the question names, with or without folder, in the order of *paths*.

    The name without its ending counts where it cannot be an ordinary word: `retry_policy`, not `app`.
    """
    words = {word.casefold() for word in _words(question)}
    return [path for path in paths if words & _spellings(path)]


def likely_files(question: str, paths: Iterable[str]) -> list[str]:
    """Find the *paths* whose name without its ending occurs as a word, which may also be just a word."""
    words = {word.casefold() for word in _words(question)}
    return [path for path in paths if PurePosixPath(path).stem.casefold() in words]


def lines(question: str, path: str) -> list[int]:
    """Find the line numbers that follow the name of *path*, as in `app.py:12` or "app.py line 12"."""
    spellings = _spellings(path)
    named_here = (match for match in _FILE.finditer(question) if _trim(match.group()).casefold() in spellings)
    return [int(line.group(1)) for match in named_here if (line := _LINE.match(question, match.end()))]


def strangers(question: str, paths: Iterable[str]) -> list[str]:
    """Find what looks like a file name and is none of *paths*."""
    known = {spelling for path in paths for spelling in _spellings(path)}
    looking = (word for word in _words(question) if _looks_like_file(word) and word.casefold() not in known)
    return list(dict.fromkeys(looking))


def findings(question: str) -> list[int]:
    """Find the numbers of findings spoken of as "finding 2", "findings 1 and 3", "the first finding", "第2个问题"."""
    numbers = []
    for match in _FINDING.finditer(question):
        digits, *others, ordinal = match.groups()
        texts = re.findall(r"\d+", digits or "") + [other for other in others if other]
        numbers += [int(text) for text in texts] + ([_ORDINALS[ordinal.casefold()]] if ordinal else [])
    return list(dict.fromkeys(numbers))


def hashes(question: str) -> list[int]:
    """Find the numbers of a bare `#2`; whether that is a finding or a pull request, the place decides."""
    return list(dict.fromkeys(int(match.group(1)) for match in _HASH.finditer(_without_links(question))))


def pull_requests(question: str, *, web_url: str) -> list[str]:
    """Find what the question calls `#12`, `repository#12` or `owner/repository#12`; a link becomes the last form.

    Args:
        web_url: Where the pages of the code host are: a link to any other host names nothing.
    """
    links = [str(ref) for ref in links_in(question, Here(web_url=web_url))]
    spoken = _PULL_REQUEST.finditer(_without_links(question))
    return list(dict.fromkeys([*links, *map(_name, spoken)]))


def is_called(target: str, names: Sequence[str]) -> bool:
    """Tell whether one of *names*, as `pull_requests` gives them, means *target*."""
    full = f"/{target}".casefold()
    return any(full.endswith(name.casefold() if name.startswith("#") else f"/{name}".casefold()) for name in names)


def _name(spoken: re.Match[str]) -> str:
    repository = spoken["repository"] or ""
    return f"{'' if repository.casefold() in _KINDS else repository}#{spoken['number']}"


def _without_links(question: str) -> str:
    return _LINK.sub(" ", question)


def _words(question: str) -> list[str]:
    return [word for match in _FILE.finditer(question) if (word := _trim(match.group()))]


def _trim(word: str) -> str:
    return word.replace("\\", "/").removeprefix("./").rstrip(".-/+").removeprefix("/")


def _looks_like_file(word: str) -> bool:
    name = PurePosixPath(word)
    return name.suffix[1:].casefold() in _ENDINGS and bool(name.stem) and word.casefold() not in _PRODUCTS


def _spellings(path: str) -> set[str]:
    parts = path.casefold().split("/")
    with_folders = {"/".join(parts[i:]) for i in range(len(parts))}
    stem = PurePosixPath(parts[-1]).stem
    return with_folders | ({stem} if re.search(r"[_\d-]", stem) else set())
