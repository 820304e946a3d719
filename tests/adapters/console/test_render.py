"""Values in words and lines."""

from __future__ import annotations

import io

import pytest
from rich.console import Console, RenderableType
from rich.spinner import Spinner

from adapters.console.render import answer_text, of_progress, progress_line, short
from bot.domain.progress import Progress, Stage


def drawn(what: RenderableType, *, width: int = 60, links: bool = True) -> str:
    out = io.StringIO()
    Console(file=out, width=width, force_terminal=links, no_color=True, markup=False).print(what)
    return out.getvalue()


def test_a_path_is_shortened_to_its_name_and_a_long_name_to_its_end() -> None:
    assert short("/usr/share/sample.diff") == "sample.diff"
    assert short("octo/stats#12") == "octo/stats#12"
    assert short(f"octo/{'x' * 90}#12") == f"…{'x' * 36}#12"


@pytest.mark.parametrize("stage", Stage)
def test_every_stage_has_words(stage: Stage) -> None:
    assert str(of_progress(Progress(target="octo/stats#12", stage=stage, done=1, total=2, path="stats.py")))


@pytest.mark.parametrize("width", [20, 60, 200])
def test_progress_is_one_line_at_any_width(width: int) -> None:
    progress = Progress(target="x", stage=Stage.READING, done=3, total=9, path="src/" * 40 + "stats.py")

    lines = drawn(progress_line(progress, Spinner("dots"), str), width=width, links=False).splitlines()

    assert len(lines) == 1
    assert len(lines[0]) <= width


def test_what_a_model_wrote_cannot_steer_the_terminal_or_hide_where_a_link_leads() -> None:
    shown = drawn(
        answer_text("\x1b]0;owned\x07red \x1b[31mtext [docs](https://evil.example/) [bold]x[/bold]"), width=100
    )

    assert "\x1b]" not in shown
    assert "\x1b[31m" not in shown
    assert "https://evil.example/" in shown
    assert "[bold]x[/bold]" in shown
