"""What a digest costs: requests and seconds for many pull requests of a slow GitHub, and seconds to lay it out."""

from __future__ import annotations

import asyncio
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

REPOSITORIES, PULLS = 10, 100
LATENCY = 0.1
"""Seconds before each answer of the tests' GitHub."""


def digest() -> dict[str, Any]:
    """Have `Application.digest` fetch 10 repositories with 100 open pull requests each, and lay 1,000 entries out."""
    # Only here: stand-in and adapters are no part of what is measured elsewhere.
    from adapters.slack.digest_blocks import of_digest
    from bot.reporting.digest import render_digest
    from tests.standins.github import StandInGitHub, StandInPull, one_file

    with tempfile.TemporaryDirectory() as folder, StandInGitHub(one_file(Path(folder) / "git")) as github:
        for number in range(REPOSITORIES):
            github.served.add(f"acme/r{number}", *(StandInPull(number=1 + pull) for pull in range(PULLS)))
        github.latency = LATENCY
        began = time.monotonic()
        fetched = asyncio.run(_fetch(github.api_url, Path(folder)))
        seconds = time.monotonic() - began
        requests = len(github.requests)
    figures: dict[str, Any] = {"entries": len(fetched.entries), "requests": requests, "seconds": round(seconds, 2)}
    fresh = replace(fetched, entries=tuple(replace(entry, stale=False) for entry in fetched.entries))
    for name, render in (("markdown", render_digest), ("slack", of_digest)):
        began = time.monotonic()
        render(fresh, str)
        figures[f"{name}_seconds"] = round(time.monotonic() - began, 3)
    return figures


async def _fetch(api_url: str, folder: Path) -> Any:
    from bot.assembly import assemble
    from bot.config import GitHubSettings, MemorySettings, Settings
    from bot.domain.change import RepositoryPattern
    from bot.domain.command import DigestCommand

    settings = Settings(
        github=GitHubSettings(api_url=api_url, token="good"),  # type: ignore[arg-type]  # pydantic makes it a secret
        memory=MemorySettings(database=str(folder / "bench.sqlite3")),
    )
    patterns = tuple(RepositoryPattern(owner="acme", name=f"r{number}") for number in range(REPOSITORIES))
    async with assemble(settings) as application:
        return await application.digest(DigestCommand(patterns=patterns))
