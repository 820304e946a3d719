"""Hypothesis strategies: reviews in which strangers wrote whatever they liked."""

from __future__ import annotations

from typing import Any, TypeVar, cast

from hypothesis import strategies as st

from bot.domain.change import CiState, PullRequest, PullRequestRef
from bot.domain.diff import Location, Side
from bot.domain.finding import Category, Dropped, Finding, Severity
from bot.domain.review import CommitNote, Coverage, FileNote, ModelInfo, Review, Risk, Since, Usage, Verdict
from bot.domain.sentence import Sentence, say

T = TypeVar("T")

FRAGMENTS = (
    "`", "```", "~~~", "*", "**", "_", "__", "#", "# ", "> ", "- ", "1. ", "+ ", "===", "---", "|", "a | b", ":-- | -",
    "<script>", "</p>", "<!--", "<https://e.example>", "![a](b)", "[a](b)", "[a]: b", "[^1]", "[ ] ", "[", "](", "]",
    "\\", "&lt;", "~~", "~", "!", "\n", "\n\n", "    ", "\t", " ", "word", "a_b", "{", "}", "{0}", "\x1b[31m", "\u202e",
    "\ud800", "\x9b", "中文", "é",
)  # fmt: skip

hostile = st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.characters(exclude_categories=())), max_size=12).map(
    "".join
)
counts = st.integers(0, 10**9)


def values_of(kind: type[T], **known: st.SearchStrategy[Any]) -> st.SearchStrategy[T]:
    """Make values of a dataclass with hostile text in every field of text."""
    texts = {name: hostile for name, wanted in kind.__annotations__.items() if wanted == "str"}
    return st.builds(cast("Any", kind), **{**texts, **known})


def several(values: st.SearchStrategy[T]) -> st.SearchStrategy[tuple[T, ...]]:
    """Make up to three of them."""
    return st.lists(values, max_size=3).map(tuple)


def _location(path: str, side: Side, line: int, length: int) -> Location:
    return Location(path=path, side=side, line=line, end_line=line + length)


sentences: st.SearchStrategy[Sentence] = st.builds(lambda text: say("because of {text}", text=text), hostile)
locations = st.builds(_location, hostile, st.sampled_from(Side), st.integers(1, 10**6), st.integers(0, 5))
findings = values_of(
    Finding, location=locations, severity=st.sampled_from(Severity), category=st.sampled_from(Category)
)
notes = values_of(FileNote, reason=sentences)
coverages = values_of(
    Coverage,
    **dict.fromkeys(("files_total", "files_reviewed", "lines_changed", "lines_reviewed"), counts),
    skipped=several(notes),
    failed=several(notes),
)
usages = values_of(
    Usage,
    **dict.fromkeys(("prompt_tokens", "cached_tokens", "completion_tokens", "model_calls"), counts),
    seconds=st.floats(0, 10**6),
)
pull_requests = values_of(
    PullRequest,
    ref=st.none() | st.builds(PullRequestRef, owner=hostile, repository=hostile, number=st.integers(1, 10**6)),
    url=st.sampled_from(("", "https://github.com/octo/stats/pull/12", "javascript:alert(1)//pull/1")),
    ci=st.sampled_from(CiState),
)
ids = st.from_regex("[0-9a-f]{12}", fullmatch=True)
few = st.tuples() | st.tuples(findings)
reviews = values_of(
    Review,
    pull_request=pull_requests,
    verdict=st.sampled_from(Verdict),
    risk=st.sampled_from(Risk),
    key_changes=several(hostile),
    risks=several(hostile),
    findings=several(findings),
    coverage=coverages,
    usage=usages,
    model=values_of(ModelInfo, n_ctx=counts, starter=st.booleans()),
    more=few,
    dismissed=few,
    since=st.none() | st.builds(Since, head_sha=hostile, unchanged=counts, kept=st.frozensets(ids), resolved=few),
    dropped=several(values_of(Dropped, reason=sentences)),
    commits=several(values_of(CommitNote)),
    unsummarised=st.none() | sentences,
)
