"""Run `python -m bench [CASE...]`: each case is measured on the whole program and printed as one JSON object.

Cases: `start` (start-up time), `small`, `twelve`, `long` (reviews of local diffs), `varied` (50 small reviews; fails
when a part of one got no usable answer), `requests` (what a pull request of one file costs on GitHub), `digest` (what
1,000 open pull requests cost), `lag` (how late the event loop wakes while a model is loaded, reads and writes), `chart`
(how long a chart of a year takes, and how late the event loop wakes meanwhile; beside it the same in a thread, which is
how it is not done).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from bench import cases
from bench.digests import digest

Figures = dict[str, Any]


def measure(*arguments: str, environment: Mapping[str, str] | None = None) -> tuple[Figures, str]:
    """Run `parley` with *arguments*; return seconds, peak resident MiB and exit code, and what it printed."""
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile("w+") as out:
        own = {"PARLEY_MEMORY__DATABASE": str(Path(folder) / "bench.sqlite3"), **(environment or {})}
        began = time.monotonic()
        process = subprocess.Popen([sys.executable, "-m", "bot", *arguments], stdout=out, env={**os.environ, **own})
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        figures = {"exit": process.returncode, "seconds": round(seconds, 2), "peak_mib": round(usage.ru_maxrss / 1024)}
        return figures, out.read()


def start() -> Figures:
    """Take the best of five starts of `parley --help`, next to those of an empty Python."""
    best = min(measure("--help")[0]["seconds"] for _ in range(5))
    empty = []
    for _ in range(5):
        began = time.monotonic()
        subprocess.run([sys.executable, "-c", "pass"], check=True)
        empty.append(time.monotonic() - began)
    return {"help_seconds": best, "ratio_to_empty_python": round(best / min(empty), 1)}


def review(diff: str) -> Figures:
    """Review *diff* with the configured model."""
    with tempfile.NamedTemporaryFile("w", suffix=".diff", encoding="utf-8") as file:
        file.write(diff)
        file.flush()
        figures, out = measure("review", file.name, "--format", "json")
    if figures["exit"] not in (0, 4):
        return figures
    result = json.loads(out)
    usage, coverage = result["usage"], result["coverage"]
    return {
        **figures,
        "model_calls": usage["model_calls"],
        "tokens_prompted": usage["prompt_tokens"],
        "tokens_evaluated": usage["prompt_tokens"] - usage["cached_tokens"],
        "tokens_generated": usage["completion_tokens"],
        "lines_changed": coverage["lines_changed"],
        "lines_reviewed": coverage["lines_reviewed"],
        "failed": len(coverage["failed"]),
        "findings": len(result["findings"]),
        "dropped": len(result["dropped"]),
        "verdict": result["verdict"],
    }


def requests() -> Figures:
    """Review a pull request of one file from the tests' GitHub, with a token and without, and count what was asked."""
    # Only here: the stand-in is no part of what is measured elsewhere.
    from tests.standins.github import StandInGitHub, one_file

    figures = {}
    for name, token in (("with_token", "good"), ("without_token", "")):
        with tempfile.TemporaryDirectory() as folder, StandInGitHub(one_file(Path(folder))) as github:
            github.open_pull_request()
            places = {"PARLEY_GITHUB__API_URL": github.api_url, "PARLEY_GITHUB__WEB_URL": github.web_url}
            measured, _ = measure(
                "review", "octo/hello.world#12", environment={**places, "PARLEY_GITHUB__TOKEN": token}
            )
            figures[name] = {**measured, "requests": len(github.requests)}
    return figures


def lag() -> Figures:
    """Review a diff inside this process, and tell in milliseconds how late the event loop woke meanwhile."""
    from bot.assembly import assemble
    from bot.config import Settings
    from bot.domain.change import DiffFile
    from bot.log import configure

    configure()

    async def work(file: Path) -> Figures:
        async with assemble(Settings()) as application:
            return await watched(application.reviewer.review(DiffFile(path=file)))

    with tempfile.NamedTemporaryFile("w", suffix=".diff", encoding="utf-8") as file:
        file.write(cases.small())
        file.flush()
        return asyncio.run(work(Path(file.name)))


async def watched(work: Awaitable[object]) -> Figures:
    """Tell how long *work* takes, and in milliseconds how late the event loop wakes meanwhile."""
    late: list[float] = []

    async def watch() -> None:
        while True:
            asked = time.monotonic()
            await asyncio.sleep(0.005)
            late.append((time.monotonic() - asked - 0.005) * 1000)

    watching = asyncio.create_task(watch())
    began = time.monotonic()
    await work
    seconds = time.monotonic() - began
    watching.cancel()
    late.sort()
    return {
        "seconds": round(seconds, 2),
        "p50_ms": round(late[len(late) // 2], 1),
        "p99_ms": round(late[-len(late) // 100], 1),
        "most_ms": round(late[-1], 1),
    }


def chart() -> Figures:
    """Draw a chart of a year in a process of its own, as the bot does, then in a thread, for comparison."""
    from bot.charts.drawing import ChartProcess
    from bot.charts.order import order

    stats = cases.a_year()

    def in_a_thread() -> bytes:
        from bot.charts.figure import draw

        return draw(order(stats, str))

    async def work() -> Figures:
        charts = ChartProcess(str)
        idle = await watched(asyncio.sleep(1))
        processes = [await watched(charts.draw(stats)) for _ in range(3)]
        threads = [await watched(asyncio.to_thread(in_a_thread)) for _ in range(3)]
        return {"idle": idle, "in_a_process": processes, "in_a_thread": threads}

    return asyncio.run(work())


def varied(count: int) -> Figures:
    """Review *count* small diffs; a part without a usable answer counts as a failure."""
    results = [review(diff) for diff in cases.varied(count)]
    bad = [one for one in results if one["exit"] not in (0, 4) or one["failed"]]
    return {
        "reviews": len(results),
        "failures": len(bad),
        "seconds": round(sum(one["seconds"] for one in results), 1),
        "findings": sum(one.get("findings", 0) for one in results),
        "dropped": sum(one.get("dropped", 0) for one in results),
    }


def main() -> int:
    """Measure what was asked for, or everything."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=50, help="reviews of the case `varied`")
    parser.add_argument("case", nargs="*", help="what to measure; everything when empty")
    arguments = parser.parse_args()
    known: dict[str, Callable[[], Figures]] = {
        "start": start,
        "small": lambda: review(cases.small()),
        "twelve": lambda: review(cases.twelve_files()),
        "long": lambda: review(cases.one_long_file()),
        "requests": requests,
        "digest": digest,
        "lag": lag,
        "chart": chart,
        "varied": lambda: varied(arguments.count),
    }
    if unknown := set(arguments.case) - set(known):
        parser.error(f"unknown case {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    figures = {name: known[name]() for name in arguments.case or known}
    print(json.dumps(figures, indent=2))
    return 1 if any(one.get("failures") for one in figures.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
