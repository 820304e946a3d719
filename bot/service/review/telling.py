"""Tells whoever waits for a review how far it is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol

from bot.domain.progress import Progress, Stage

Report = Callable[[Progress], Awaitable[None]]


class Tell(Protocol):
    """Reports progress on one target."""

    async def __call__(
        self,
        stage: Stage,
        *,
        done: int = 0,
        total: int = 0,
        path: str = "",
        files_done: int = 0,
        files_total: int = 0,
    ) -> None:
        """Say that *done* of *total* parts of *stage* are finished and *path* is next; the rest as in `Progress`."""
        ...


def teller(target: str, report: Report | None) -> Tell:
    """Return what tells *report* about *target*, and nobody where there is none."""

    async def tell(
        stage: Stage, *, done: int = 0, total: int = 0, path: str = "", files_done: int = 0, files_total: int = 0
    ) -> None:
        if report is not None:
            await report(
                Progress(
                    target=target,
                    stage=stage,
                    done=done,
                    total=total,
                    path=path,
                    files_done=files_done,
                    files_total=files_total,
                )
            )

    return tell
