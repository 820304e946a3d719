"""Reviews and changes survive being a document, also an older one."""

from __future__ import annotations

import json
import zlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.change import Change, CiState, Commit, Issue, PullRequest, PullRequestRef
from bot.domain.diff import Diff, FileDiff, FileStatus, Hunk, Line, LineKind, Location, Side
from bot.domain.finding import Category, Dropped, Finding, Severity
from bot.domain.review import CommitNote, Coverage, FileNote, ModelInfo, Review, Risk, Usage, Verdict
from bot.domain.sentence import Sentence
from bot.store.documents import DocumentDamaged, dump_change, dump_review, load_change, load_review
from tests.builders import a_change, a_finding, a_review, numbered

# bytes that are no UTF-8 are decoded to the low half of the surrogates
undecodable = st.characters(min_codepoint=0xDC80, max_codepoint=0xDCFF, categories=["Cs"])
text = st.text(st.characters(exclude_categories=["Cs"]) | undecodable)
names = st.sampled_from(["path", "why", "share"])
count = st.integers(0, 10**9)
values = st.one_of(text, st.integers(), st.floats(allow_nan=False, allow_infinity=False))
plain = st.builds(Sentence, text=text, plural=text, count=count, values=st.dictionaries(names, values, max_size=2))
sentence = st.builds(
    Sentence, text=text, plural=text, count=count, values=st.dictionaries(names, st.one_of(values, plain), max_size=2)
)


def some(items: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(items, max_size=2).map(tuple)


line = st.builds(
    Line,
    kind=st.sampled_from(LineKind),
    text=text,
    old=st.none() | count,
    new=st.none() | count,
    ends_file=st.booleans(),
)
file = st.builds(
    FileDiff,
    path=text,
    old_path=text,
    status=st.sampled_from(FileStatus),
    hunks=some(st.builds(Hunk, heading=text, lines=some(line))),
    binary=st.booleans(),
    new_mode=text,
    unread=st.none() | sentence,
)
diff = st.builds(Diff, files=some(file))
pull_request = st.builds(
    PullRequest,
    title=text,
    ref=st.none() | st.builds(PullRequestRef, owner=text, repository=text, number=count),
    body=text,
    private=st.none() | st.booleans(),
    labels=some(text),
    ci=st.sampled_from(CiState),
    commits=some(st.builds(Commit, sha=text, message=text, author=text)),
    issues=some(st.builds(Issue, number=count, title=text, body=text)),
)
change = st.builds(
    Change, pull_request=pull_request, diff=diff, generated=st.frozensets(text, max_size=2), per_commit=some(diff)
)
finding = st.builds(
    Finding,
    location=st.builds(Location, path=text, side=st.sampled_from(Side), line=count, end_line=count),
    severity=st.sampled_from(Severity),
    category=st.sampled_from(Category),
    title=text,
    detail=text,
    evidence=text,
    suggestion=text,
    source=text,
)
note = st.builds(FileNote, path=text, reason=sentence)
review = st.builds(
    Review,
    pull_request=pull_request,
    verdict=st.sampled_from(Verdict),
    risk=st.sampled_from(Risk),
    summary=text,
    key_changes=some(text),
    risks=some(text),
    findings=some(finding),
    coverage=st.builds(
        Coverage,
        files_total=count,
        files_reviewed=count,
        lines_changed=count,
        lines_reviewed=count,
        skipped=some(note),
        failed=some(note),
    ),
    usage=st.builds(Usage, prompt_tokens=count, seconds=st.floats(0, 10**6)),
    model=st.builds(ModelInfo, backend=text, name=text, n_ctx=count, starter=st.booleans()),
    dropped=some(st.builds(Dropped, title=text, path=text, reason=sentence)),
    commits=some(st.builds(CommitNote, sha=text, title=text, summary=text)),
    unsummarised=st.none() | sentence,
)
few = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@few
@given(review)
def test_a_review_survives(value: Review) -> None:
    document = dump_review(value)

    assert document.isascii()
    assert load_review(document) == value


@few
@given(change)
def test_a_change_survives(value: Change) -> None:
    assert load_change(dump_change(value)) == value


def test_a_change_takes_little_room() -> None:
    value = a_change({"numbers.txt": (None, numbered(2000))})

    assert len(dump_change(value)) < 20_000


def test_a_document_without_a_newer_field_gets_its_default() -> None:
    document = json.loads(dump_review(a_review(more=(a_finding(),))))
    del document["more"]

    assert load_review(json.dumps(document)) == a_review()


def test_a_field_that_is_gone_is_ignored() -> None:
    document = json.loads(dump_review(a_review())) | {"mood": "sunny"}

    assert load_review(json.dumps(document)) == a_review()


@pytest.mark.parametrize("document", ["", "{", "[]", "null", '{"verdict": "splendid"}', "\0"])
def test_what_is_no_review_is_damaged(document: str) -> None:
    with pytest.raises(DocumentDamaged):
        load_review(document)


@pytest.mark.parametrize(
    "document", [b"", b"{}", zlib.compress(b"{}"), zlib.compress(b"\xff"), dump_change(a_change())[:-9]]
)
def test_what_is_no_change_is_damaged(document: bytes) -> None:
    with pytest.raises(DocumentDamaged):
        load_change(document)
