"""The program as a process of its own, which can be killed."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.config import Settings
from tests.standins.slack import StandInSlack

ROOT = Path(__file__).parents[3]


def environ_of(settings: Settings, slack: StandInSlack, **more: str) -> dict[str, str]:
    """Return what `parley run` is told in its environment; *more* goes before it."""
    return {
        "PARLEY_SLACK__BOT_TOKEN": slack.bot_token,
        "PARLEY_SLACK__APP_TOKEN": slack.app_token,
        "PARLEY_SLACK__API_URL": slack.api_url,
        "PARLEY_GITHUB__API_URL": settings.github.api_url,
        "PARLEY_GITHUB__WEB_URL": settings.github.web_url,
        "PARLEY_GITHUB__TOKEN": settings.github.token.get_secret_value(),
        "PARLEY_MEMORY__DATABASE": settings.memory.database,
        **more,
    }


@asynccontextmanager
async def process(settings: Settings, slack: StandInSlack, model: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """Serve in a process of its own, until the end of the block."""
    github = settings.github.web_url
    before = slack.socket.opened
    words = ("-m", "tests.journeys.slack.serve", slack.api_url, github, settings.memory.database, model)
    async with spawned(*words, environ={}) as running:
        await slack.until(lambda: slack.socket.opened > before, 30)
        yield running


@asynccontextmanager
async def spawned(*words: str, environ: dict[str, str]) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run Python, and kill it at the end of the block if it still runs."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("PARLEY_")}
    running = await asyncio.create_subprocess_exec(
        sys.executable,
        *words,
        env={**own, "PYTHONPATH": str(ROOT), **environ},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield running
    finally:
        if running.returncode is None:
            running.kill()
        await running.communicate()
