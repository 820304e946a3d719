"""How far a review is, as one message that is edited in place."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """The steps of a review that people wait for, in order."""

    QUEUED = "queued"
    FETCHING = "fetching"
    LOADING = "loading"
    READING = "reading"
    SUMMARISING = "summarising"


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """A snapshot.

    Attributes:
        target: What is being reviewed.
        done: Chunks finished in this stage.
        total: Chunks in this stage, 0 where the stage has no parts.
        path: The file being read now; empty outside of reading.
        files_done: Files of which every part is finished.
        files_total: Files to be read, 0 while nobody knows.
    """

    target: str
    stage: Stage
    done: int = 0
    total: int = 0
    path: str = ""
    files_done: int = 0
    files_total: int = 0
