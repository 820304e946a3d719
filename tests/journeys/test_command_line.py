"""A review from the command line, by the starter model: output on one stream, progress on the other."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.real

DIFF = """\
--- a/pages.py
+++ b/pages.py
@@ -1,3 +1,4 @@
 def offset(page, size):
-    return page * size
+    # pages begin at 1
+    return (page - 1) * size

"""


def parley(*words: str, stdin: str, home: Path) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PARLEY_")}
    return subprocess.run(
        [sys.executable, "-m", "bot", *words],
        env={**clean, "XDG_DATA_HOME": str(home)},
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )


def test_json_is_alone_on_standard_output_and_progress_beside_it(tmp_path: Path) -> None:
    done = parley("review", "-", "--format", "json", stdin=DIFF, home=tmp_path)

    assert done.returncode == 0
    review = json.loads(done.stdout)
    assert review["coverage"]["lines_reviewed"] == review["coverage"]["lines_changed"] == 3
    assert [line.split()[0] for line in done.stderr.splitlines()] == ["Fetching", "Loading", "Reading", "Summarising"]


def test_a_quiet_review_says_nothing_else(tmp_path: Path) -> None:
    done = parley("review", "-", "--quiet", stdin=DIFF, home=tmp_path)

    assert (done.returncode, done.stderr) == (0, "")
    assert "pages.py" in done.stdout or "standard input" in done.stdout


def test_a_doctor_without_network_says_what_is_well(tmp_path: Path) -> None:
    file = tmp_path / "c.toml"
    file.write_text('[github]\napi_url = "http://127.0.0.1:9"\n', encoding="utf-8")

    done = parley("doctor", "--config", str(file), stdin="", home=tmp_path)

    assert done.returncode == 3
    assert [line.split()[:2] for line in done.stdout.splitlines()] == [
        ["ok", "configuration"],
        ["ok", "prompts"],
        ["warn", "model"],
        ["ok", "database"],
        ["fail", "github"],
    ]
    assert str(file) in done.stdout
