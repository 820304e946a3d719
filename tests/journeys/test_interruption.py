"""Ctrl-C and SIGTERM end the program within two seconds, whatever it does, and leave database and terminal whole."""

from __future__ import annotations

import os
import pty
import select
import signal
import sqlite3
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.real

PATIENCE = 60
"""Seconds after which a terminal that shows nothing has failed."""

PARLEY = [sys.executable, "-m", "bot"]


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PARLEY_")}
    own = {"PARLEY_MEMORY__DATABASE": str(tmp_path / "m.sqlite3"), "TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1"}
    clean.pop("PYTHONUNBUFFERED", None)
    return {**clean, **own}


@pytest.fixture
def long_diff(tmp_path: Path) -> Path:
    """Write a change that takes far longer to read than any test waits."""
    lines = "".join(f"+value_{number} = compute({number}, scale=3)\n" for number in range(2000))
    file = tmp_path / "long.diff"
    file.write_text(f"--- /dev/null\n+++ b/values.py\n@@ -0,0 +1,2000 @@\n{lines}", encoding="utf-8")
    return file


def assert_whole(environ: dict[str, str]) -> None:
    with sqlite3.connect(environ["PARLEY_MEMORY__DATABASE"]) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    database.close()


@pytest.mark.parametrize("stage", ["Fetching", "Loading", "Reading"])
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_review_ends_soon_at_every_stage(
    stage: str, number: int, code: int, long_diff: Path, environ: dict[str, str]
) -> None:
    with subprocess.Popen(
        [*PARLEY, "chat"], env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(f"{long_diff}\n")
        process.stdin.flush()
        assert any(line.startswith(stage) for line in process.stdout)

        began = time.monotonic()
        process.send_signal(number)
        _, errors = process.communicate(timeout=20)
        seconds = time.monotonic() - began

    assert (process.returncode, errors) == (code, "")
    assert seconds < 2
    assert_whole(environ)


class Terminal:
    """A pseudo terminal with `parley` in it."""

    def __init__(self, *words: str, environ: dict[str, str]) -> None:
        self._near, far = pty.openpty()
        self._far = far
        self.before = termios.tcgetattr(far)
        self.process = subprocess.Popen(
            [*PARLEY, *words], env=environ, stdin=far, stdout=far, stderr=far, start_new_session=True
        )
        self.seen = b""

    def wait_for(self, text: bytes) -> None:
        """Read until *text* was shown."""
        while text not in self.seen:
            if not select.select([self._near], [], [], PATIENCE)[0]:
                raise TimeoutError(self.seen)
            self.seen += os.read(self._near, 65536)

    def type(self, text: bytes) -> None:
        os.write(self._near, text)

    def settings(self) -> list[object]:
        return list(termios.tcgetattr(self._far))

    def end(self) -> float:
        """Send SIGTERM and return the seconds until the program is gone."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=20)
        return time.monotonic() - began

    def close(self) -> None:
        """Read what is left and close both ends."""
        os.set_blocking(self._near, False)
        try:
            while piece := os.read(self._near, 65536):
                self.seen += piece
        except BlockingIOError:
            pass
        os.close(self._near)
        os.close(self._far)


@pytest.fixture
def chat(environ: dict[str, str]) -> Iterator[Terminal]:
    terminal = Terminal("chat", environ=environ)
    yield terminal
    terminal.process.kill()
    terminal.process.wait()


def assert_sane(terminal: Terminal) -> None:
    assert terminal.settings() == terminal.before
    terminal.close()
    hidden, shown = terminal.seen.rfind(b"\x1b[?25l"), terminal.seen.rfind(b"\x1b[?25h")
    assert hidden <= shown


def test_a_terminal_is_sane_when_the_program_was_ended_at_its_prompt(chat: Terminal) -> None:
    chat.wait_for(b">")

    assert chat.end() < 2

    assert chat.process.returncode == 143
    assert_sane(chat)


def test_a_terminal_is_sane_when_the_program_was_ended_in_a_review(
    chat: Terminal, long_diff: Path, environ: dict[str, str]
) -> None:
    chat.wait_for(b">")
    chat.type(f"{long_diff}\r".encode())
    chat.wait_for(b"Reading")

    assert chat.end() < 2

    assert chat.process.returncode == 143
    assert_sane(chat)
    assert_whole(environ)


def test_a_review_on_the_command_line_ends_soon(long_diff: Path, environ: dict[str, str]) -> None:
    terminal = Terminal("review", str(long_diff), environ=environ)
    terminal.wait_for(b"Reading")

    assert terminal.end() < 2

    assert terminal.process.returncode == 143
    assert_sane(terminal)
