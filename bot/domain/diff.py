"""A change as text: `Diff` > `FileDiff` > `Hunk` > `Line`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.sentence import Sentence

UNLISTED = "/"
"""Path of what stands for files that a source kept back and whose names nobody knows; no file has it."""


class Side(StrEnum):
    """Which file a line number speaks of: the one after the change, or the one before it."""

    NEW = "new"
    OLD = "old"


class LineKind(StrEnum):
    """What the change does with a line."""

    ADDED = "added"
    REMOVED = "removed"
    CONTEXT = "context"


class FileStatus(StrEnum):
    """What the change does with a file."""

    ADDED = "added"
    REMOVED = "removed"
    MODIFIED = "modified"
    RENAMED = "renamed"
    COPIED = "copied"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a hunk.

    Attributes:
        text: Without its line feed; a carriage return before it is kept.
        old: Number in the old file, None for an added line.
        new: Number in the new file, None for a removed line.
        ends_file: The file ends here without a line feed.
    """

    kind: LineKind
    text: str
    old: int | None
    new: int | None
    ends_file: bool = False

    @property
    def changed(self) -> bool:
        """Tell whether the change added or removed this line."""
        return self.kind is not LineKind.CONTEXT

    def number_on(self, side: Side) -> int | None:
        """Return the line's number in the file of that side, None where it does not exist."""
        return self.new if side is Side.NEW else self.old


@dataclass(frozen=True, slots=True, kw_only=True)
class Hunk:
    """A run of consecutive lines around one change.

    Attributes:
        heading: What the diff tool wrote behind the second `@@`, usually the enclosing definition.
    """

    heading: str
    lines: tuple[Line, ...]

    @property
    def lines_changed(self) -> int:
        """Count the lines that were added or removed."""
        return sum(line.changed for line in self.lines)

    def first(self, side: Side) -> int:
        """Return the number of the first line on that side, 0 where the hunk has none there."""
        return next((n for line in self.lines if (n := line.number_on(side))), 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileDiff:
    """What a change does to one file.

    Attributes:
        path: Where the file is after the change, or was, for a removed one.
        old_path: Where it was before, equal to `path` unless renamed or copied.
        binary: The change to the content is not shown as text.
        submodule: The entry is a commit of another repository, not a file.
        old_mode: Octal mode before, such as `100644`; empty where the diff does not say.
        new_mode: Octal mode after; empty where the diff does not say.
        unread: Why the source gave no lines although there are some, None otherwise.
        lines_declared: How many changed lines the source says there are; it counts where it gave none.
    """

    path: str
    old_path: str
    status: FileStatus
    hunks: tuple[Hunk, ...] = ()
    binary: bool = False
    submodule: bool = False
    old_mode: str = ""
    new_mode: str = ""
    unread: Sentence | None = None
    lines_declared: int = 0

    @property
    def lines(self) -> Iterator[Line]:
        """Walk over all lines that the diff shows."""
        return (line for hunk in self.hunks for line in hunk.lines)

    @property
    def lines_changed(self) -> int:
        """Count the lines that were added or removed."""
        return sum(hunk.lines_changed for hunk in self.hunks) or self.lines_declared


@dataclass(frozen=True, slots=True, kw_only=True)
class Diff:
    """A whole change."""

    files: tuple[FileDiff, ...]

    @property
    def lines_changed(self) -> int:
        """Count the lines that were added or removed."""
        return sum(file.lines_changed for file in self.files)

    def at(self, path: str) -> tuple[FileDiff, ...]:
        """Find a file by its path after the change, or else by the one before it.

        It stands there once, but in a series of patches once for each that touches it.
        """
        by_new = tuple(file for file in self.files if file.path == path)
        return by_new or tuple(file for file in self.files if file.old_path == path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """A run of lines in one file of a change, on one side, both ends included."""

    path: str
    side: Side
    line: int
    end_line: int

    def __str__(self) -> str:
        end = f"-{self.end_line}" if self.end_line != self.line else ""
        return f"{self.path}:{self.line}{end}"
