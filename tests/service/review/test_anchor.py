"""A claim becomes a finding on the line that it quotes, or is dropped with a reason."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.diff import Diff, FileStatus, Side
from bot.domain.finding import Category, Dropped, Finding, Severity
from bot.service.review.anchor import anchor
from bot.service.review.claims import Claim
from tests.builders import a_diff, a_file

OLD = (
    "import os\n\n\ndef size(path):\n    check(path)\n    return os.stat(path).st_size\n\n\ndef last():\n    return 0\n"
)
NEW = "import os\n\n\ndef size(path):\n    return os.stat(path).st_size\n\n\ndef first(items):\n    return items[1]\n"


@pytest.fixture
def diff() -> Diff:
    return a_diff({"shop/files.py": (OLD, NEW)})


def a_claim(**changes: object) -> Claim:
    values: dict[str, object] = {
        "path": "shop/files.py",
        "quote": "return items[1]",
        "line": 9,
        "severity": Severity.HIGH,
        "category": Category.BUG,
        "title": "Wrong index",
        "detail": "The first item has index 0.",
        "suggestion": "return items[0]",
    }
    return Claim(**{**values, **changes})  # type: ignore[arg-type]  # one builder for all fields


def anchored(claim: Claim, diff: Diff) -> Finding:
    finding = anchor(claim, diff)
    assert isinstance(finding, Finding), finding
    return finding


def test_the_line_number_is_corrected_from_the_quotation(diff: Diff) -> None:
    finding = anchored(a_claim(line=9999), diff)

    assert (finding.location.line, finding.location.side) == (9, Side.NEW)


def test_the_evidence_is_the_line_of_the_diff_not_the_models_memory_of_it(diff: Diff) -> None:
    finding = anchored(a_claim(quote="return   items[1]"), diff)

    assert finding.evidence == "    return items[1]"


@pytest.mark.parametrize("quote", ["9 +    return items[1]", "+    return items[1]", "9 return items[1]"])
def test_number_and_sign_copied_from_the_prompt_do_not_matter(diff: Diff, quote: str) -> None:
    assert anchored(a_claim(quote=quote), diff).location.line == 9


def test_a_removed_line_is_found_on_the_old_side(diff: Diff) -> None:
    finding = anchored(a_claim(quote="check(path)"), diff)

    assert (finding.location.line, finding.location.side) == (5, Side.OLD)


def test_several_quoted_lines_make_a_range(diff: Diff) -> None:
    finding = anchored(a_claim(quote="def first(items):\n    return items[1]"), diff)

    assert (finding.location.line, finding.location.end_line) == (8, 9)


def test_of_equal_lines_the_one_nearest_to_the_claimed_number_is_taken() -> None:
    diff = a_diff({"a.py": (None, "x = load()\n" + "y = 0\n" * 5 + "x = load()\n")})

    assert anchored(a_claim(path="a.py", quote="x = load()", line=6), diff).location.line == 7
    assert anchored(a_claim(path="a.py", quote="x = load()", line=2), diff).location.line == 1


def test_a_changed_line_goes_before_an_equal_context_line() -> None:
    diff = a_diff({"a.py": ("run(now)\nb\n", "run(now)\nb\nrun(now)\n")})

    assert anchored(a_claim(path="a.py", quote="run(now)", line=1), diff).location.line == 3


@pytest.mark.parametrize("path", ["a/shop/files.py", "b/shop/files.py", "./shop/files.py", "`shop/files.py`"])
def test_a_path_is_recognised_as_diffs_and_people_write_it(diff: Diff, path: str) -> None:
    assert anchored(a_claim(path=path), diff).location.path == "shop/files.py"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"path": "shop/missing.py"}, "the file is not in the change"),
        ({"path": ""}, "the file is not in the change"),
        ({"quote": "return items[0]"}, "the quoted line is not in the change"),
        ({"quote": "import sys"}, "the quoted line is not in the change"),
        ({"quote": "it"}, "the quoted line is not in the change"),
        ({"quote": "  \n "}, "it quotes no line"),
    ],
)
def test_a_claim_about_what_is_not_there_is_dropped(diff: Diff, change: dict[str, str], reason: str) -> None:
    dropped = anchor(a_claim(**change), diff)

    assert isinstance(dropped, Dropped)
    assert str(dropped.reason) == reason


def test_a_finding_on_the_old_side_of_a_renamed_file_names_the_old_path() -> None:
    file = a_file("new.py", "keep()\nguard(user)\n", "keep()\n", old_path="old.py", status=FileStatus.RENAMED)

    finding = anchored(a_claim(path="new.py", quote="guard(user)"), Diff(files=(file,)))

    assert (finding.location.path, finding.location.side) == ("old.py", Side.OLD)


def test_a_line_of_the_second_patch_of_a_series_is_found() -> None:
    first, second = a_file("a.py", "x = 1\n", "x = 2\n"), a_file("a.py", "y = 1\n", "y = compute(x)\n")

    finding = anchored(a_claim(path="a.py", quote="y = compute(x)"), Diff(files=(first, second)))

    assert finding.evidence == "y = compute(x)"


LINES = st.lists(st.sampled_from(["return None", "x = load(path)", "", "}", "log(x)"]), max_size=12)


@given(old=LINES, new=LINES, quote=st.one_of(st.text(max_size=40), st.sampled_from(["return None", "x = load"])))
def test_every_finding_lies_on_a_line_of_the_diff(old: list[str], new: list[str], quote: str) -> None:
    before, after = ("".join(f"{line}\n" for line in lines) for lines in (old, new))
    diff = a_diff({"shop/files.py": (before, after)})

    outcome = anchor(a_claim(quote=quote), diff)

    if isinstance(outcome, Finding):
        numbers = [line.number_on(outcome.location.side) for file in diff.files for line in file.lines]
        assert outcome.location.line in numbers
        assert outcome.location.end_line in numbers
