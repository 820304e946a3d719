"""Two changes are compared as they stand: what has the same lines is known, wherever these are now."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.conversation import ReviewRecord
from bot.domain.diff import UNLISTED, Diff, FileDiff, FileStatus, Side
from bot.domain.finding import Finding
from bot.domain.review import FileNote
from bot.domain.sentence import say
from bot.service.review.since import Known, compare
from tests.builders import Contents, a_change, a_coverage, a_diff, a_finding, a_location, a_record, a_review, numbered

OLD = numbered(200)
NEW = OLD.replace("line 50\n", "added\nreturn None\n").replace("line 150\n", "more\nreturn None\n")
BEHIND_MANY = "# new\n" * 101


def a_claim(line: int, evidence: str, side: Side = Side.NEW, source: str = "model") -> Finding:
    return a_finding(location=a_location("a.py", line, side=side), evidence=evidence, source=source)


def remembered(*findings: Finding, files: Contents, **fields: object) -> ReviewRecord:
    return a_record(review=a_review(findings, **fields), change=a_change(files))


def compared(record: ReviewRecord, diff: Diff) -> Known:
    return compare(record, diff, diff.files)


def places(findings: tuple[Finding, ...]) -> list[str]:
    return [str(finding.location) for finding in findings]


def test_without_an_earlier_review_everything_is_to_be_read() -> None:
    diff = a_diff({"a.py": (OLD, NEW)})

    known = compare(None, diff, diff.files)

    assert known.to_read(diff.files) == list(diff.files)
    assert known.outcome((a_finding(),), a_coverage(), ()) is None


def test_a_rebase_that_only_moves_lines_leaves_a_file_known() -> None:
    record = remembered(a_claim(50, "added"), files={"a.py": (OLD, NEW)})

    diff = a_diff({"a.py": (BEHIND_MANY + OLD, BEHIND_MANY + NEW)})
    known = compared(record, diff)

    assert known.to_read(diff.files) == []
    assert places(known.findings) == ["a.py:151"]


def test_of_equal_lines_the_finding_stays_with_its_own() -> None:
    record = remembered(a_claim(152, "return None"), files={"a.py": (OLD, NEW)})

    # The other `return None` is now on the very line 152.
    known = compared(record, a_diff({"a.py": (BEHIND_MANY + OLD, BEHIND_MANY + NEW)}))

    assert places(known.findings) == ["a.py:253"]


def test_a_finding_about_removed_lines_moves_with_these() -> None:
    record = remembered(a_claim(150, "line 150", Side.OLD), files={"a.py": (OLD, NEW)})

    known = compared(record, a_diff({"a.py": (BEHIND_MANY + OLD, BEHIND_MANY + NEW)}))

    assert places(known.findings) == ["a.py:251"]
    assert known.findings[0].location.side is Side.OLD


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (OLD, NEW.replace("added\n", "added \n")),
        (OLD.replace("line 49\n", "if False:\n"), NEW.replace("line 49\n", "if False:\n")),
        (None, NEW),
    ],
    ids=["a blank", "a line around the change", "another status"],
)
def test_a_file_that_changed_in_any_way_is_to_be_read(old: str | None, new: str) -> None:
    record = remembered(a_claim(50, "added"), files={"a.py": (OLD, NEW)})

    diff = a_diff({"a.py": (old, new)})

    assert compared(record, diff).to_read(diff.files) == list(diff.files)


def test_a_line_feed_at_the_end_that_is_missing_now_is_a_change() -> None:
    record = remembered(files={"a.py": (None, "added\n")})

    diff = a_diff({"a.py": (None, "added")})

    assert compared(record, diff).to_read(diff.files) == list(diff.files)


def renamed(old: str, new: str, name: str = "a.py", status: FileStatus = FileStatus.RENAMED) -> Diff:
    """Make a change that renames a file to `b.py` and changes it."""
    return Diff(files=(replace(a_diff({name: (old, new)}).files[0], path="b.py", status=status),))


@pytest.mark.parametrize(
    "diff",
    [renamed(OLD, NEW, status=FileStatus.COPIED), renamed(OLD, NEW, "c.py"), a_diff({"b.py": (OLD, NEW)})],
    ids=["a copy", "from elsewhere", "in place"],
)
def test_a_file_that_has_its_lines_for_another_reason_is_to_be_read(diff: Diff) -> None:
    record = a_record(change=replace(a_change(), diff=renamed(OLD, NEW)))

    assert compared(record, diff).to_read(diff.files) == list(diff.files)
    assert compared(record, record.change.diff).to_read(record.change.diff.files) == []


def test_removed_lines_of_a_renamed_file_that_cannot_be_read_are_not_resolved() -> None:
    removed = a_claim(50, "line 50", Side.OLD)
    record = a_record(review=a_review((removed,)), change=replace(a_change(), diff=renamed(OLD, NEW)))
    coverage = a_coverage(failed=(FileNote(path="b.py", reason=say("cut twice")),))

    known = compared(record, renamed(OLD, NEW.replace("more\n", "")))
    held = known.joined((), coverage)
    since = known.outcome(held, coverage, ())

    assert held == (removed,)
    assert since is not None
    assert since.kept == {removed.id}
    assert known.joined((), a_coverage()) == ()


@pytest.mark.parametrize("where", ["failed", "skipped"])
def test_a_file_that_was_not_read_then_is_to_be_read(where: str) -> None:
    note = FileNote(path="a.py", reason=say("cut twice"))
    record = remembered(files={"a.py": (OLD, NEW)}, coverage=a_coverage(**{where: (note,)}))

    diff = a_diff({"a.py": (OLD, NEW)})

    assert compared(record, diff).to_read(diff.files) == list(diff.files)


def test_who_claims_a_finding_is_remembered() -> None:
    record = remembered(
        a_claim(50, "added", source="ruff"), a_claim(151, "more", source="ruff"), files={"a.py": (OLD, NEW)}
    )

    unchanged = compared(record, a_diff({"a.py": (OLD, NEW)}))
    changed = compared(record, a_diff({"a.py": (OLD, NEW.replace("added\n", ""))}))

    assert [one.source for one in unchanged.findings] == ["ruff", "ruff"]
    assert [one.source for one in changed.standing] == ["ruff"]
    assert [one.source for one in changed.gone] == ["ruff"]


def test_a_quoted_line_that_goes_on_differently_now_is_gone() -> None:
    record = remembered(a_claim(51, "return None"), files={"a.py": (OLD, NEW)})

    known = compared(record, a_diff({"a.py": (OLD, NEW.replace("return None\n", "return None or 0\n"))}))

    assert (known.standing, known.gone) == ((), record.review.findings)


def test_nothing_is_resolved_in_files_that_the_source_kept_back() -> None:
    record = remembered(a_claim(50, "added"), files={"a.py": (OLD, NEW)})
    others = a_diff({"b.py": (None, "b\n")}).files
    kept_back = FileDiff(path=UNLISTED, old_path=UNLISTED, status=FileStatus.MODIFIED, unread=say("not listed"))

    whole = compared(record, Diff(files=others)).outcome((), a_coverage(), ())
    part = compared(record, Diff(files=(*others, kept_back))).outcome((), a_coverage(), ())

    assert whole is not None
    assert whole.resolved == record.review.findings
    assert part is not None
    assert part.resolved == ()
