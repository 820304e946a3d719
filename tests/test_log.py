"""Events go to standard error, as JSON where nobody reads along, and never carry what a library's debug lines do."""

from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Iterator

import pytest
import structlog

from bot.log import configure


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_an_event_is_one_json_object_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    configure(logging.INFO)

    structlog.get_logger("bot.review").info("review.finished", findings=4, title="größer")

    out, err = capsys.readouterr()
    assert out == ""
    event = json.loads(err)
    assert event.pop("timestamp").endswith("Z")
    assert event == {"event": "review.finished", "findings": 4, "title": "größer", "level": "info"}


def test_a_terminal_gets_a_line_to_read(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    configure()

    structlog.get_logger().warning("github.throttled", seconds=3)

    assert "github.throttled" in terminal.getvalue()
    assert not terminal.getvalue().startswith("{")


def test_only_warnings_are_shown_unless_asked(capsys: pytest.CaptureFixture[str]) -> None:
    configure()

    structlog.get_logger().info("review.finished")
    structlog.get_logger().warning("github.throttled")

    assert [json.loads(line)["event"] for line in capsys.readouterr().err.splitlines()] == ["github.throttled"]


def test_debug_shows_our_details_and_spares_us_those_of_libraries(capsys: pytest.CaptureFixture[str]) -> None:
    configure(logging.DEBUG)

    structlog.get_logger("bot.llm").debug("model.asked")
    logging.getLogger("github.Requester").debug("Authorization: token ghp_dontshowme")
    logging.getLogger("httpx").info("HTTP Request: GET https://example.org")
    logging.getLogger("urllib3.connectionpool").warning("Retrying")

    err = capsys.readouterr().err
    assert [json.loads(line)["event"] for line in err.splitlines()] == ["model.asked", "Retrying"]


def fail(token: str) -> None:
    raise ValueError(len(token))


@pytest.mark.parametrize("stream", [Terminal, io.StringIO])
def test_a_traceback_does_not_show_the_values_of_variables(
    monkeypatch: pytest.MonkeyPatch, stream: type[io.StringIO]
) -> None:
    shown = stream()
    monkeypatch.setattr(sys, "stderr", shown)
    configure()

    try:
        fail("emwohstnod"[::-1])
    except ValueError:
        structlog.get_logger().exception("door.failed")

    assert "ValueError" in shown.getvalue()
    assert "dontshowme" not in shown.getvalue()


def test_configuring_again_does_not_say_everything_twice(capsys: pytest.CaptureFixture[str]) -> None:
    configure()
    configure()

    structlog.get_logger().warning("github.throttled")

    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.parametrize(("level", "lines"), [(logging.WARNING, 1), (logging.DEBUG, 4)])
def test_a_terminal_gets_a_traceback_only_when_it_asked_for_everything(
    monkeypatch: pytest.MonkeyPatch, level: int, lines: int
) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    configure(level)

    try:
        int("x")
    except ValueError:
        structlog.get_logger().exception("console.failed")

    shown = terminal.getvalue().strip().splitlines()
    assert "ValueError" in terminal.getvalue()
    assert (len(shown) >= lines) if level == logging.DEBUG else (len(shown) == lines)
