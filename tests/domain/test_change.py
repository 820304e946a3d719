"""Names of what is reviewed."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.change import DiffFile, GitRange, Target, is_same
from tests.builders import a_ref

STATS = a_ref("octo/stats#12")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (STATS, a_ref("Octo/STATS#12"), True),
        (STATS, a_ref("octo/stats#13"), False),
        (STATS, a_ref("octo/web#12"), False),
        (DiffFile(path=Path("x.diff")), DiffFile(path=Path("x.diff")), True),
        (DiffFile(path=Path("x.diff")), DiffFile(path=Path("X.diff")), False),
        (STATS, DiffFile(path=Path("octo/stats#12")), False),
        (GitRange(folder=Path("a"), range="main..x"), GitRange(folder=Path("b"), range="main..x"), False),
    ],
)
def test_only_pull_requests_may_be_written_in_other_letter_cases(one: Target, other: Target, same: bool) -> None:
    assert is_same(one, other) is same
