"""An `Inbox` of a process that can end when a test says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tests.builders import NOON


@dataclass(kw_only=True)
class DictJob:
    """A job; `held` is whether a living process has it, `finished` whether it is done."""

    id: str
    names: tuple[str, ...]
    source: str
    body: str
    at: datetime
    tries: int = 1
    held: bool = True
    finished: bool = False
    notes: dict[str, str] = field(default_factory=dict)

    def noted(self, key: str) -> str:
        return self.notes.get(key, "")

    async def note(self, key: str, value: str) -> None:
        self.notes[key] = value

    async def done(self) -> None:
        self.finished, self.body, self.notes = True, "", {}


@dataclass(kw_only=True)
class DictInbox:
    """Keeps jobs in the order they were heard; tests may look inside, and move `now`."""

    now: datetime = NOON
    jobs: list[DictJob] = field(default_factory=list)

    async def take(self, *names: str, source: str, body: str) -> DictJob | None:
        if any(name in job.names for job in self.jobs for name in names):
            return None
        job = DictJob(id=names[0], names=names, source=source, body=body, at=self.now)
        self.jobs.append(job)
        return job

    async def adopt(self, source: str) -> Sequence[DictJob]:
        left = [job for job in self.jobs if job.source == source and not job.held and not job.finished]
        for job in left:
            job.held = True
            job.tries += 1
        return sorted(left, key=lambda job: (job.at, job.id))

    async def forget_before(self, moment: datetime) -> None:
        self.jobs = [job for job in self.jobs if not job.finished or job.at >= moment]

    def end_process(self) -> None:
        """Let go of everything, as a process that is killed does."""
        for job in self.jobs:
            job.held = False

    @property
    def unfinished(self) -> list[DictJob]:
        """Return the jobs that nobody has done."""
        return [job for job in self.jobs if not job.finished]
