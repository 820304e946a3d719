"""Having a chart drawn by another process, beside the event loop and not on it."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from pathlib import Path

import structlog

import bot
from bot.charts.order import ORDER, order
from bot.domain.errors import ChartFailed
from bot.domain.picture import Picture
from bot.domain.sentence import Speak, say
from bot.domain.stats import Stats
from bot.reporting.stats_words import heading, in_words

log = structlog.get_logger()

MODULE = "bot.charts"

SECONDS = 60.0
"""For one chart. It takes one or two; the first on a machine lists all its fonts, which may take many more."""

_PNG = b"\x89PNG\r\n\x1a\n"
_SOURCE = Path(bot.__file__).resolve().parents[1]


class ChartProcess:
    """Draws one chart at a time, each in a process of its own."""

    def __init__(self, speak: Speak) -> None:
        self._speak = speak
        self._turn = asyncio.Lock()

    async def draw(self, stats: Stats) -> Picture:
        """Draw *stats*, and say in words what is drawn."""
        async with self._turn:
            png = await _drawn(ORDER.dump_json(order(stats, self._speak)))
        return Picture(
            name=re.sub(r"[^A-Za-z0-9._-]", "-", f"stats-{stats.repository}-{stats.at:%Y-%m-%d}"),
            title=heading(stats),
            png=png,
            words=tuple(in_words(stats)),
        )


async def _drawn(what: bytes) -> bytes:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",  # no module of the folder that the program was started in
        "-m",
        MODULE,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=_environment(),
        cwd=_SOURCE,  # matplotlib reads a `matplotlibrc` of the folder it is started in before any other
        start_new_session=True,  # Ctrl-C on a terminal is ours to hear
    )
    try:
        async with asyncio.timeout(SECONDS):
            png, errors = await process.communicate(what)
    except TimeoutError:
        raise ChartFailed(say("The chart was not drawn in time.")) from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode or not png.startswith(_PNG):
        log.warning("chart.failed", exit=process.returncode, errors=errors.decode(errors="replace")[-2000:])
        raise ChartFailed(say("The chart could not be drawn; the log of the bot says why."))
    return png


def _environment() -> dict[str, str]:
    """Return what the process needs: the way to our source, matplotlib's own settings, and no token of ours."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PARLEY_")}
    ways = os.pathsep.join(filter(None, (str(_SOURCE), kept.get("PYTHONPATH"))))
    return {**kept, "PYTHONPATH": ways, "MATPLOTLIBRC": os.devnull}
