"""Since: what an earlier review of the same change still says, so that only the rest is read again.

The two changes are compared as they stand, file by file. How the branch got from one to the other does not matter: a
rebase or a forced push that leaves the lines of a file as they were leaves its findings too. The lines around a change
count: what was right where it stood may be wrong where it stands now.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from bot.domain.conversation import ReviewRecord
from bot.domain.diff import UNLISTED, Diff, FileDiff, Side
from bot.domain.finding import Finding
from bot.domain.review import Coverage, FileNote, Review, Since
from bot.service.review.anchor import anchor
from bot.service.review.claims import Claim
from bot.service.review.rank import same


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What an earlier review says about the change as it is now; nothing where there is none.

    Attributes:
        diff: The change as it is now.
        files: Those that were read then and have the same lines now: they are not read again.
        findings: The findings in these files, on their present lines.
        standing: Findings in other files whose quoted lines are still in the change, on their present lines.
        gone: Findings whose quoted lines are not in the change any more.
    """

    diff: Diff
    review: Review | None = None
    files: tuple[FileDiff, ...] = ()
    findings: tuple[Finding, ...] = ()
    standing: tuple[Finding, ...] = ()
    gone: tuple[Finding, ...] = ()

    def to_read(self, selected: Sequence[FileDiff]) -> list[FileDiff]:
        """Return the selected files that must be read now."""
        return [file for file in selected if file not in self.files]

    def joined(self, found: Sequence[Finding], coverage: Coverage) -> tuple[Finding, ...]:
        """Add to what was *found* now what still holds of then.

        What is claimed again keeps the name that people know, and dismissed, it by. What was found in a file that
        could not be read to its end this time stands, for nobody has looked whether it holds.
        """
        told = [self._named(finding) for finding in found]
        names = {finding.id for finding in told}
        failed = _paths(coverage.failed, self.diff)
        unseen = [then for then in self.standing if then.location.path in failed and then.id not in names]
        return (*told, *self.findings, *unseen)

    def outcome(self, held: Iterable[Finding], coverage: Coverage, dismissed: Collection[str]) -> Since | None:
        """Compare the earlier review with all that is *held* now; None where there was none.

        Nothing is resolved in a file at which nobody looked, and nothing that people dismissed is told as resolved.
        """
        if self.review is None:
            return None
        names = {finding.id for finding in held}
        over = (*self.standing, *self.gone)
        resolved = [then for then in over if then.id not in names and then.id not in dismissed]
        unread = _paths((*coverage.failed, *coverage.skipped), self.diff)
        return Since(
            head_sha=self.review.pull_request.head_sha,
            unchanged=len(self.files),
            kept=frozenset(then.id for then in (*self.findings, *over) if then.id in names),
            resolved=tuple(
                sorted(
                    (then for then in resolved if self._was_looked_at(then.location.path, unread)),
                    key=lambda then: then.severity.rank,
                )
            ),
        )

    def _named(self, now: Finding) -> Finding:
        if any(now.id == then.id for then in self.standing):
            return now
        then = next((then for then in self.standing if same(now, then)), None)
        return replace(now, location=then.location, title=then.title, evidence=then.evidence) if then else now

    def _was_looked_at(self, path: str, unread: Collection[str]) -> bool:
        if self.diff.at(path):
            return path not in unread
        return not self.diff.at(UNLISTED)  # else it may be there and not be listed


def compare(record: ReviewRecord | None, diff: Diff, selected: Sequence[FileDiff]) -> Known:
    """Find out what *record* still says about *diff*, of which these files are *selected* to be reviewed.

    A file in which a line changed is to be read as a whole again, and so is one that was not read to its end then.
    """
    if record is None:
        return Known(diff=diff)
    pairs = list(_unchanged(record, selected))
    kept: list[Finding] = []
    standing: list[Finding] = []
    gone: list[Finding] = []
    for then in (*record.review.findings, *record.review.more, *record.review.dismissed):
        if moved := next(filter(None, (_moved(then, *pair) for pair in pairs)), None):
            kept.append(moved)
        elif again := _anchored(then, diff):
            standing.append(again)
        else:
            gone.append(then)
    return Known(
        diff=diff,
        review=record.review,
        files=tuple(file for _, file in pairs),
        findings=tuple(kept),
        standing=tuple(standing),
        gone=tuple(gone),
    )


def _unchanged(record: ReviewRecord, selected: Sequence[FileDiff]) -> Iterator[tuple[FileDiff, FileDiff]]:
    """Pair what files were with what they are, where that is the same and was read."""
    coverage, before = record.review.coverage, record.change.diff
    unread = _paths((*coverage.failed, *coverage.skipped), before)
    for file in selected:
        was = next((then for then in before.at(file.path) if _content(then) == _content(file)), None)
        if was is not None and file.path not in unread:
            yield was, file


def _content(file: FileDiff) -> tuple[object, ...]:
    # Without the numbers and headings: lines that only moved say what they said.
    hunks = tuple(tuple((line.kind, line.text, line.ends_file) for line in hunk.lines) for hunk in file.hunks)
    return file.old_path, file.status, hunks


def _paths(notes: Iterable[FileNote], diff: Diff) -> set[str]:
    """Return the paths of the files that are noted, before the change and after it."""
    noted = {note.path for note in notes}
    return noted | {file.old_path for file in diff.files if file.path in noted}


def _moved(then: Finding, was: FileDiff, file: FileDiff) -> Finding | None:
    """Put a finding where its lines are now; None if it is not about this file, which has the lines that it had."""
    here = then.location
    if here.path != (file.path if here.side is Side.NEW else file.old_path):
        return None
    numbers = {
        old.number_on(here.side): new.number_on(here.side) for old, new in zip(was.lines, file.lines, strict=True)
    }
    first, last = numbers.get(here.line), numbers.get(here.end_line)
    return replace(then, location=replace(here, line=first, end_line=last)) if first and last else None


def _anchored(then: Finding, diff: Diff) -> Finding | None:
    now = anchor(
        Claim(
            path=then.location.path,
            line=then.location.line,
            quote=then.evidence,
            severity=then.severity,
            category=then.category,
            title=then.title,
            detail=then.detail,
            suggestion=then.suggestion,
        ),
        diff,
    )
    return replace(now, source=then.source) if isinstance(now, Finding) and now.id == then.id else None
