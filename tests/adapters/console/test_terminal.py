"""The console on a terminal: a real one, of the pseudo kind, with a process that owns it."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

PATIENCE = 20.0
ROOT = Path(__file__).parents[3]
CTRL_C, CTRL_D = "\x03", "\x04"


class Terminal:
    """A process on a terminal, and the hands and eyes in front of it."""

    def __init__(self, history: Path, **environment: str) -> None:
        self._master, slave = pty.openpty()
        termios.tcsetwinsize(slave, (24, 60))
        self.before = termios.tcgetattr(slave)
        self._slave = slave
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.adapters.console.on_terminal", str(history)],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            cwd=ROOT,
            start_new_session=True,
            env={**os.environ, "TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1", **environment},
        )

    def type(self, keys: str) -> None:
        os.write(self._master, keys.encode())

    def sees(self, text: str) -> str:
        """Wait until *text* is shown; return all that was shown since the last time, up to there."""
        shown, deadline = b"", time.monotonic() + PATIENCE
        while text not in plain(shown.decode(errors="replace")):
            # What moves on the screen never stops to write: silence alone is no sign that nothing more comes.
            ready, _, _ = select.select([self._master], [], [], max(0.0, deadline - time.monotonic()))
            assert ready, f"{text!r} is not shown: {shown[-2000:]!r}"
            assert time.monotonic() < deadline, f"{text!r} is not shown in time: {shown[-2000:]!r}"
            shown += os.read(self._master, 1)
        return shown.decode(errors="replace")

    def end(self) -> int:
        return self._process.wait(PATIENCE)

    @property
    def modes(self) -> list[Any]:
        return termios.tcgetattr(self._slave)

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._slave)
        os.close(self._master)


def plain(shown: str) -> str:
    """Take away what moves the cursor and what colours; steps back and further ahead again are blanks."""

    def blanks(steps: re.Match[str]) -> str:
        return " " * (int(steps["ahead"]) - int(steps["back"] or 1))

    drawn = re.sub(r"(?:\x08|\x1b\[(?P<back>\d+)D)\x1b\[(?P<ahead>\d+)C", blanks, shown)
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x1b\x07]*(?:\x07|\x1b\\)", "", drawn)


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    terminal = Terminal(tmp_path / "data" / "history")
    try:
        yield terminal
    finally:
        terminal.close()


def test_a_typed_line_is_answered_and_the_prompt_names_the_thread(terminal: Terminal) -> None:
    terminal.sees("> ")

    terminal.type("octo/stats#12\r")
    review = terminal.sees("Just ask")
    terminal.sees("octo/stats#12> ")
    terminal.type("is it safe?\r")
    terminal.sees("answered 'is it safe?'")
    terminal.sees("> ")
    terminal.type(CTRL_D)

    assert "Division by zero" in review
    assert terminal.end() == 0
    assert terminal.modes == terminal.before


def test_a_stopped_answer_is_said_to_be_stopped_once(terminal: Terminal) -> None:
    terminal.sees("> ")
    terminal.type("wait in the answer\r")
    terminal.sees("Thinking about it")

    terminal.type(CTRL_C)
    stopped = terminal.sees("(stopped)")
    rest = terminal.sees("> ")

    assert "Stopped." not in plain(stopped + rest)


def test_ctrl_c_stops_what_runs_and_nothing_else(terminal: Terminal) -> None:
    terminal.sees("> ")
    terminal.type("wait for me\r")
    terminal.sees("Thinking about it")

    terminal.type(CTRL_C)
    stopped = terminal.sees("Stopped.")
    terminal.sees("> ")
    terminal.type("still there?\r")
    terminal.sees("answered 'still there?'")
    terminal.sees("> ")
    terminal.type("/quit\r")

    assert "\x1b[?25h" in stopped, "the cursor is shown again"
    assert terminal.end() == 0
    assert terminal.modes == terminal.before


@pytest.mark.parametrize("key", [CTRL_C, CTRL_D])
def test_at_the_prompt_ctrl_c_and_ctrl_d_leave(terminal: Terminal, key: str) -> None:
    terminal.sees("> ")

    terminal.type(key)

    assert terminal.end() == 0
    assert terminal.modes == terminal.before


def test_what_is_pasted_at_once_is_one_message_and_remembered_for_the_next_time(
    terminal: Terminal, tmp_path: Path
) -> None:
    terminal.sees("> ")

    terminal.type("\x1b[200~what is\nthis?\x1b[201~\r")
    terminal.sees("answered 'what is\\nthis?'")
    terminal.sees("> ")
    terminal.type(CTRL_D)
    terminal.end()

    assert "+what is\n+this?\n" in (tmp_path / "data" / "history").read_text()


def test_a_verb_is_completed(terminal: Terminal) -> None:
    terminal.sees("> ")

    terminal.type("/thr\t")
    terminal.sees("eads")
    terminal.type("\x15/threads\r")

    terminal.sees("There is no thread yet")


def test_without_colours_there_are_none(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path / "history", NO_COLOR="1")
    try:
        terminal.sees("> ")
        terminal.type("octo/stats#12\r")
        shown = terminal.sees("Just ask")
        terminal.sees("octo/stats#12> ")
    finally:
        terminal.close()

    assert not re.search(r"\x1b\[[0-9;]*(?:3[0-7]|9[0-7])[0-9;]*m", shown)


def test_a_terminal_that_cannot_move_its_cursor_gets_plain_lines_and_a_prompt(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path / "history", TERM="dumb")
    try:
        terminal.sees("> ")
        terminal.type("wait for me\n")
        terminal.sees("On it.")
        terminal.type(CTRL_C)
        terminal.sees("Stopped.")
        terminal.sees("> ")
        terminal.type("octo/stats#12\n")
        shown = terminal.sees("Just ask")
        terminal.sees("octo/stats#12> ")
        terminal.type(CTRL_D)
        code = terminal.end()
    finally:
        terminal.close()

    assert "\x1b" not in shown
    assert code == 0
