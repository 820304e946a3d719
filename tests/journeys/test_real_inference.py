"""Real inference from the outside: the starter model reviews and answers, also in Chinese, and without a network."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from bot.diffing.parse import parse
from tests.builders import diff_text
from tests.journeys.program import parley

pytestmark = pytest.mark.real

OLD = "def mean(values):\n    return sum(values) / len(values)\n"
LOOP = "    total = 0\n    for value in values:\n        total += value\n"
NEW = f"def mean(values):\n{LOOP}    return total / len(values)\n"
DIFF = diff_text({"stats.py": (OLD, NEW)})

# A process without a way out: its network namespace has nothing but a loopback that is down.
OFFLINE = ("unshare", "--net", "--map-root-user")


def offline() -> tuple[str, ...]:
    """Return what to put before a command to cut its network off; nothing where this machine does not allow it."""
    works = shutil.which("unshare") and subprocess.run([*OFFLINE, "true"], capture_output=True, check=False)
    return OFFLINE if works and works.returncode == 0 else ()


def test_a_review_of_a_local_diff_without_a_network(tmp_path: Path) -> None:
    (tmp_path / "mean.diff").write_text(DIFF, encoding="utf-8")

    process = parley("review", "mean.diff", "--format", "json", folder=tmp_path, before=offline())

    assert process.returncode == 0, process.stderr
    review = json.loads(process.stdout)
    assert review["coverage"]["lines_reviewed"] == review["coverage"]["lines_changed"] == 5
    assert review["coverage"]["failed"] == []
    assert review["model"]["backend"] == "llama_cpp"
    assert review["usage"]["completion_tokens"] > 0
    (file,) = parse(DIFF).files
    for finding in review["findings"]:
        assert any(line.new == finding["line"] or line.old == finding["line"] for line in file.lines)


def test_a_chat_reviews_answers_and_goes_on_tomorrow(tmp_path: Path) -> None:
    (tmp_path / "mean.diff").write_text(DIFF, encoding="utf-8")

    today = parley("chat", folder=tmp_path, said=b"mean.diff\nWhat does the loop in stats.py do?\n")
    tomorrow = parley("chat", folder=tmp_path, said=b"And what does it return?\nstatus\n")

    assert (today.returncode, tomorrow.returncode) == (0, 0), today.stderr + tomorrow.stderr
    assert "5 of 5 changed lines" in today.stdout
    assert "stats.py" in today.stdout.partition("What does the loop")[2]
    assert "mean.diff" in tomorrow.stdout


def test_a_review_and_an_answer_in_chinese(tmp_path: Path) -> None:
    (tmp_path / "mean.diff").write_text(DIFF, encoding="utf-8")

    process = parley(
        "chat",
        folder=tmp_path,
        environment={"PARLEY_REVIEW__LANGUAGE": "zh"},
        said="mean.diff\n这个循环做什么？\n".encode(),
    )

    assert process.returncode == 0, process.stderr
    assert "mean.diff" in process.stdout
    assert len(re.findall(r"[\u4e00-\u9fff]", process.stdout)) > 60
