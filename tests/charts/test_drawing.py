"""A chart comes from another process, which leaves nothing behind in ours."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from bot.charts import drawing
from bot.charts.drawing import ChartProcess
from bot.domain.errors import ChartFailed
from bot.domain.picture import Picture
from bot.reporting.stats_words import in_words
from tests.charts.figures import some_stats


async def test_a_picture_has_the_figures_in_words_and_a_name_for_its_file() -> None:
    stats = some_stats()

    picture = await ChartProcess(str).draw(stats)

    assert picture.png.startswith(b"\x89PNG")
    assert picture.name == "stats-octo-stats-2026-03-04"
    assert str(picture.title) == "Pull requests of octo/stats, 8 weeks from 2026-01-12"
    assert picture.words == tuple(in_words(stats))


async def test_several_are_drawn_one_after_another() -> None:
    charts = ChartProcess(str)

    pictures = await asyncio.gather(*(charts.draw(some_stats(weeks)) for weeks in (1, 2)))

    assert all(isinstance(picture, Picture) and picture.png for picture in pictures)


async def test_what_the_folder_of_the_program_holds_is_neither_imported_nor_obeyed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = await ChartProcess(str).draw(some_stats(1))
    (tmp_path / "matplotlib.py").write_text("raise SystemExit(1)", encoding="utf-8")
    (tmp_path / "matplotlibrc").write_text("savefig.bbox: tight\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    assert (await ChartProcess(str).draw(some_stats(1))).png == usual.png


async def test_a_process_that_takes_too_long_is_ended_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "SECONDS", 0.0)

    with pytest.raises(ChartFailed, match="not drawn in time"):
        await ChartProcess(str).draw(some_stats())


async def test_a_process_that_fails_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "MODULE", "bot.nothing")

    with pytest.raises(ChartFailed, match="the log of the bot says why"):
        await ChartProcess(str).draw(some_stats())


async def test_a_chart_that_nobody_waits_for_any_more_leaves_no_process() -> None:
    drawn = asyncio.create_task(ChartProcess(str).draw(some_stats()))
    await asyncio.sleep(0)
    drawn.cancel()

    with pytest.raises(asyncio.CancelledError):
        await drawn


def test_nothing_that_the_program_imports_imports_matplotlib() -> None:
    modules = "bot.cli, bot.assembly, bot.charts.drawing, adapters.console.adapter, adapters.slack.adapter"
    code = f"import sys, {modules}; print(sys.modules.keys() & {{'matplotlib', 'PIL'}})"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "set()\n"
