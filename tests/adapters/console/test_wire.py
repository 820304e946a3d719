"""Typed lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.console.settings import ConsoleSettings
from adapters.console.wire import Action, EnterThread, LeaveThread, ListThreads, Quit, read
from bot.domain.change import DiffFile, GitRange
from bot.domain.command import AskCommand, Misunderstood, ReviewCommand, StatusCommand
from tests.builders import a_ref

SETTINGS = ConsoleSettings(web_url="https://github.com", folder=Path("work"))
STATS = ReviewCommand(targets=(a_ref("octo/stats#12"),))


def typed(line: str) -> Action:
    return read(line, SETTINGS)


@pytest.mark.parametrize(
    ("line", "action"),
    [
        ("/threads", ListThreads()),
        ("/thread", ListThreads()),
        ("/Thread 2", EnterThread(number=2)),
        ("/leave", LeaveThread()),
        (" /quit ", Quit()),
        ("/exit", Quit()),
    ],
)
def test_some_words_move_between_threads(line: str, action: Action) -> None:
    assert typed(line) == action


@pytest.mark.parametrize("line", ["/thread x", "/thread two please", "/thread ２", "/thread -1"])
def test_a_thread_without_a_number_is_explained(line: str) -> None:
    action = typed(line)

    assert isinstance(action, Misunderstood)
    assert "`/thread 2`" in str(action.sentence)


@pytest.mark.parametrize("line", ["https://github.com/octo/stats/issues/3", "github.com/octo/stats/issues/3"])
def test_a_link_to_no_pull_request_is_a_mistake(line: str) -> None:
    action = typed(line)

    assert isinstance(action, Misunderstood)
    assert "is an issue" in str(action.sentence)


@pytest.mark.parametrize("line", ["/review octo/stats#12", "octo/stats#12", "review octo/stats#12"])
def test_a_review_is_asked_for_with_and_without_a_slash(line: str) -> None:
    assert typed(line) == STATS


def test_slack_s_way_to_write_commands_is_understood() -> None:
    assert typed("/review status") == typed("/status") == typed("status") == StatusCommand()


def test_an_unknown_word_is_a_mistake_behind_a_slash_and_else_a_question() -> None:
    assert isinstance(typed("/stauts"), Misunderstood)
    assert typed("stauts") == AskCommand(question="stauts")


def test_a_path_is_no_command(tmp_path: Path) -> None:
    assert typed("/tmp/x.diff") == ReviewCommand(targets=(DiffFile(path=Path("/tmp/x.diff")),))


def test_a_range_is_of_the_folder_the_program_was_started_in() -> None:
    assert typed("main...HEAD") == ReviewCommand(targets=(GitRange(folder=Path("work"), range="main...HEAD"),))


@pytest.mark.parametrize("line", ["sample", "review sample", "/review sample", " Sample "])
def test_the_sample_that_comes_with_the_program_is_there(line: str) -> None:
    action = typed(line)

    assert isinstance(action, ReviewCommand)
    (target,) = action.targets
    assert isinstance(target, DiffFile)
    assert target.path
    assert target.path.is_file()
