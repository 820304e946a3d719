"""Short ways to make the values tests speak of; every keyword of the real class can be given."""

from __future__ import annotations

import itertools
import re
import struct
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from difflib import unified_diff
from typing import Any

from bot.diffing.parse import parse
from bot.domain.change import Change, CiState, Commit, PullRequest, PullRequestRef, RepositoryPattern, RepositoryRef
from bot.domain.conversation import ReviewNote, ReviewRecord, Role, ThreadRef, Turn
from bot.domain.diff import Diff, FileDiff, Location, Side
from bot.domain.digest import Decision, Digest, DigestEntry
from bot.domain.finding import Category, Finding, Severity
from bot.domain.history import Course, History
from bot.domain.picture import Picture
from bot.domain.review import Coverage, ModelInfo, Review, Risk, Usage, Verdict, judge
from bot.domain.sentence import Sentence
from bot.domain.subscription import DAILY, Subscription

Contents = Mapping[str, tuple[str | None, str | None]]
"""Text before and after by path; None where there is no such file then."""

_numbers = itertools.count(1)

HEAD = "1f" * 20
BASE = "0b" * 20
NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)

OLD_CODE = "def mean(values):\n    return sum(values) / len(values)\n"
NEW_CODE = "def mean(values):\n    total = sum(values)\n    return total / len(values)\n"


def diff_text(files: Contents, *, context: int = 3) -> str:
    """Write the diff that git would print for these files."""
    return "".join(_file_text(path, old, new, context) for path, (old, new) in files.items() if old != new)


def _file_text(path: str, old: str | None, new: str | None, context: int) -> str:
    header = f"diff --git a/{path} b/{path}\n"
    header += "new file mode 100644\n" if old is None else ""
    header += "deleted file mode 100644\n" if new is None else ""
    names = ("/dev/null" if old is None else f"a/{path}", "/dev/null" if new is None else f"b/{path}")
    lines = unified_diff(_lines(old), _lines(new), *names, n=context)
    return header + "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )


def _lines(text: str | None) -> list[str]:
    return re.findall(r"[^\n]*\n|[^\n]+", text or "")


def a_diff(files: Contents | None = None, *, context: int = 3) -> Diff:
    """Make the diff between texts, by default one that changes two lines of `stats.py`."""
    return parse(diff_text(files if files is not None else {"stats.py": (OLD_CODE, NEW_CODE)}, context=context))


def a_file(path: str = "stats.py", old: str | None = OLD_CODE, new: str | None = NEW_CODE, **fields: Any) -> FileDiff:
    """Make the diff of one file."""
    return replace(a_diff({path: (old, new)}).files[0], **fields)


def numbered(count: int, word: str = "line") -> str:
    """Write a text of *count* lines that are all different: `line 1`, `line 2`, ..."""
    return "".join(f"{word} {number}\n" for number in range(1, count + 1))


def a_ref(text: str = "octo/stats#12") -> PullRequestRef:
    """Make the name of a pull request from `owner/repository#number`."""
    owner, repository, number = re.split("[/#]", text)
    return PullRequestRef(owner=owner, repository=repository, number=int(number))


def a_commit(message: str = "Split the mean into steps", *, sha: str = HEAD, author: str = "mona") -> Commit:
    """Make a commit."""
    return Commit(sha=sha, message=message, author=author)


def a_pull_request(**fields: Any) -> PullRequest:
    """Make an open pull request of octo/stats."""
    ref: PullRequestRef | None = fields.pop("ref", a_ref())
    known: dict[str, Any] = {
        "title": "Split the mean into steps",
        "body": "Easier to step through in a debugger.",
        "author": "mona",
        "head_sha": HEAD,
        "base_sha": BASE,
        "head_branch": "steps",
        "base_branch": "main",
        "url": f"https://github.com/{ref.owner}/{ref.repository}/pull/{ref.number}" if ref else "",
        "state": "open",
        "private": False,
        "commits": (a_commit(),),
    }
    return PullRequest(**{**known, "ref": ref, **fields})


def a_change(files: Contents | None = None, **fields: Any) -> Change:
    """Make a change of these texts, in an ordinary pull request."""
    return Change(**{"pull_request": a_pull_request(), "diff": a_diff(files), **fields})


def a_location(path: str = "stats.py", line: int = 2, end_line: int | None = None, side: Side = Side.NEW) -> Location:
    """Make a place in a change."""
    return Location(path=path, side=side, line=line, end_line=line if end_line is None else end_line)


def a_finding(title: str = "Division by zero for an empty list", **fields: Any) -> Finding:
    """Make a finding about line 3 of the default change; `path` and `line` are short for a location."""
    location = a_location(fields.pop("path", "stats.py"), fields.pop("line", 3))
    known: dict[str, Any] = {
        "location": location,
        "severity": Severity.MEDIUM,
        "category": Category.BUG,
        "detail": "len(values) is 0 for an empty list.",
        "evidence": "    return total / len(values)",
        "suggestion": "Return 0.0 for an empty list.",
    }
    return Finding(**{**known, "title": title, **fields})


def a_coverage(**fields: Any) -> Coverage:
    """Make the coverage of a change of one file that was read as a whole."""
    return Coverage(**{"files_total": 1, "files_reviewed": 1, "lines_changed": 3, "lines_reviewed": 3, **fields})


def a_review(findings: Iterable[Finding] | None = None, **fields: Any) -> Review:
    """Make a finished review of one finding; the verdict follows from findings and coverage."""
    shown = (a_finding(),) if findings is None else tuple(findings)
    coverage = fields.get("coverage", a_coverage())
    known: dict[str, Any] = {
        "pull_request": a_pull_request(),
        "verdict": judge(shown, coverage),
        "risk": Risk.LOW,
        "summary": "The mean is computed in two steps.",
        "key_changes": ("mean keeps the total in a variable",),
        "risks": ("Callers may pass an empty list",),
        "coverage": coverage,
        "usage": Usage(prompt_tokens=900, cached_tokens=400, completion_tokens=120, model_calls=2, seconds=3.5),
        "model": ModelInfo(backend="llama_cpp", name="test-model", n_ctx=8192),
    }
    return Review(**{**known, "findings": shown, **fields})


def a_thread(thread: str = "1", channel: str = "console") -> ThreadRef:
    """Make the name of a thread."""
    return ThreadRef(channel=channel, thread=thread)


def a_turn(text: str = "Is an empty list possible?", **fields: Any) -> Turn:
    """Make something that a person said, or the bot for `role=Role.BOT`."""
    author = "" if fields.get("role") is Role.BOT else "mona"
    return Turn(**{"role": Role.PERSON, "author": author, "at": NOON, "text": text, **fields})


def a_record(**fields: Any) -> ReviewRecord:
    """Make a review as it is remembered."""
    known: dict[str, Any] = {
        "id": f"r{next(_numbers)}",
        "where": a_thread(),
        "target": str(a_ref()),
        "at": NOON,
        "review": a_review(),
        "change": a_change(),
    }
    return ReviewRecord(**{**known, **fields})


def a_note(**fields: Any) -> ReviewNote:
    """Make a remembered review in short."""
    known: dict[str, Any] = {
        "id": "r1",
        "where": a_thread(),
        "target": str(a_ref()),
        "at": NOON,
        "title": "Split the mean into steps",
        "url": "https://github.com/octo/stats/pull/12",
        "head_sha": HEAD,
        "verdict": Verdict.COMMENTS,
        "findings": 1,
        "private": False,
    }
    return ReviewNote(**{**known, **fields})


def an_entry(number: int = 12, **fields: Any) -> DigestEntry:
    """Make an open pull request of octo/stats that waits for a review."""
    known: dict[str, Any] = {
        "ref": a_ref(f"octo/stats#{number}"),
        "title": "Split the mean into steps",
        "url": f"https://github.com/octo/stats/pull/{number}",
        "author": "mona",
        "bot": False,
        "draft": False,
        "created": NOON - timedelta(days=2),
        "updated": NOON - timedelta(hours=3),
        "additions": 3,
        "deletions": 1,
        "ci": CiState.PASSING,
        "decision": Decision.REVIEW_REQUIRED,
        "requested": ("hubot",),
    }
    return DigestEntry(**{**known, **fields})


def a_digest(*entries: DigestEntry, **fields: Any) -> Digest:
    """Make a digest of octo/stats, by default with one entry."""
    known: dict[str, Any] = {"at": NOON, "patterns": (a_pattern(),), "entries": entries or (an_entry(),)}
    return Digest(**{**known, **fields})


def a_pattern(text: str = "octo/stats") -> RepositoryPattern:
    """Make the name of a repository, or of all of an owner."""
    owner, _, name = text.partition("/")
    return RepositoryPattern(owner=owner, name=name)


def a_subscription(pattern: str = "octo/stats", **fields: Any) -> Subscription:
    """Make a subscription of a Slack channel, daily at 09:30 UTC."""
    known: dict[str, Any] = {
        "id": f"s{next(_numbers)}",
        "channel": "slack:T1/C1",
        "pattern": a_pattern(pattern),
        "days": DAILY,
        "at": time(9, 30),
        "timezone": "UTC",
        "by": "slack:T1/U1",
        "since": datetime(2020, 1, 1, tzinfo=UTC),
    }
    return Subscription(**{**known, **fields})


def a_course(number: int = 12, **fields: Any) -> Course:
    """Make what happened to an open pull request of octo/stats, opened two days ago."""
    known: dict[str, Any] = {"author": "mona", "bot": False, "opened": NOON - timedelta(days=2)}
    return Course(**{**known, "number": number, **fields})


def a_history(*courses: Course, **fields: Any) -> History:
    """Make the history of octo/stats, of which everything is known."""
    known: dict[str, Any] = {
        "repository": RepositoryRef(owner="octo", name="stats"),
        "private": False,
        "since": datetime(2020, 1, 1, tzinfo=UTC),
        "courses": courses,
    }
    return History(**{**known, **fields})


def a_picture(**fields: Any) -> Picture:
    """Make a picture of one grey pixel, and what would be in it."""
    header, pixel = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0), zlib.compress(b"\0\x80")
    chunks = [(b"IHDR", header), (b"IDAT", pixel), (b"IEND", b"")]
    known: dict[str, Any] = {
        "name": "stats-octo-stats-2026-03-04",
        "title": Sentence(text="Pull requests of octo/stats"),
        "png": b"\x89PNG\r\n\x1a\n" + b"".join(_png_chunk(kind, data) for kind, data in chunks),
        "words": (Sentence(text="3 opened, 2 merged, 1 closed"),),
    }
    return Picture(**{**known, **fields})


def _png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
