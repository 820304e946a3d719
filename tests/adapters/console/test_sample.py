"""The change that comes with the program."""

from __future__ import annotations

import subprocess
from pathlib import Path

from adapters.console.wire import SAMPLE
from bot.diffing.parse import parse
from bot.domain.diff import FileStatus


def test_the_sample_is_a_diff_of_a_few_files_with_what_a_reviewer_should_find() -> None:
    diff = parse(SAMPLE.read_bytes())

    assert {file.path for file in diff.files} >= {"shelf/pages.py", "shelf/search.py", "shelf/export.py", "uv.lock"}
    assert 50 <= diff.lines_changed <= 100
    added = "\n".join(line.text for file in diff.files for line in file.lines if line.old is None)
    assert "WHERE author = '{author}'" in added
    assert 'file = open(path, "w"' in added


def test_git_applies_the_sample_to_what_it_was_made_from(tmp_path: Path) -> None:
    for file in parse(SAMPLE.read_bytes()).files:
        if file.status is not FileStatus.ADDED:
            path = tmp_path / file.path
            path.parent.mkdir(parents=True, exist_ok=True)
            # Lines that the diff does not show may be anything.
            lines = {line.old: line.text for line in file.lines if line.old}
            path.write_text("".join(f"{lines.get(number, '')}\n" for number in range(1, max(lines) + 1)))

    subprocess.run(["git", "apply", "-v", str(SAMPLE)], cwd=tmp_path, check=True, capture_output=True)

    assert (tmp_path / "shelf/export.py").is_file()
