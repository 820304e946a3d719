"""Budget: pack the lines of the selected files into chunks that fit the model's context.

Whole hunks stay together; a hunk that is too large is split into slices that overlap by a few lines, and a line that
is too long is shortened and remembered as not wholly read. Every line of every hunk is in some chunk.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.domain.diff import FileDiff, FileStatus, Hunk, Line, LineKind
from bot.ports.language_model import LanguageModel

OVERLAP = 3
"""Lines that a slice of a hunk repeats from the slice before it, as many as a diff shows around a change."""

LONGEST_NAME = 200
"""Characters of a path or heading in a title: names must not crowd out the lines."""

SIGNS = {LineKind.ADDED: "+", LineKind.REMOVED: "-", LineKind.CONTEXT: " "}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line as the model sees it.

    Attributes:
        text: Number in the new file, sign and text; a removed line has no number.
        tokens: What the text takes by itself, line feed included.
        shortened: The line was too long; its rest is in no prompt.
    """

    line: Line
    text: str
    tokens: int
    shortened: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A hunk, or a slice of one.

    Attributes:
        title: What introduces the part in the prompt: the file and what happens to it, and the hunk's heading.
        tokens: Title and rows together.
    """

    path: str
    title: str
    rows: tuple[Row, ...]
    tokens: int

    @property
    def text(self) -> str:
        """Return the part as the model sees it."""
        return "\n".join((self.title, *(row.text for row in self.rows)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """What one prompt shows."""

    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        """Return the chunk as the model sees it."""
        return "\n".join(part.text for part in self.parts)

    @property
    def paths(self) -> tuple[str, ...]:
        """Name the files in it, each once, in order."""
        return tuple(dict.fromkeys(part.path for part in self.parts))

    def halves(self) -> tuple[Chunk, ...]:
        """Split into two smaller chunks; into nothing when it is a single line."""
        if len(self.parts) > 1:
            middle = len(self.parts) // 2
            return Chunk(parts=self.parts[:middle]), Chunk(parts=self.parts[middle:])
        (part,) = self.parts
        middle = len(part.rows) // 2
        if not middle:
            return ()
        return tuple(Chunk(parts=(_part(part, rows),)) for rows in (part.rows[:middle], part.rows[middle:]))


async def pack(files: Sequence[FileDiff], model: LanguageModel, *, room: int) -> tuple[Chunk, ...]:
    """Pack all hunks of *files*, in order, into chunks of at most *room* tokens each.

    Files without lines (renames, changes of mode) are in no chunk: there is nothing in them to read.
    """
    parts = [part for file in files for part in await _parts(file, model, room=room)]
    return tuple(Chunk(parts=heap) for heap in _heaps(parts, room))


def _heaps(parts: Sequence[Part], room: int) -> Iterator[tuple[Part, ...]]:
    heap: list[Part] = []
    used = 0
    for part in parts:
        if heap and used + part.tokens > room:
            yield tuple(heap)
            heap, used = [], 0
        heap.append(part)
        used += part.tokens
    if heap:
        yield tuple(heap)


async def _parts(file: FileDiff, model: LanguageModel, *, room: int) -> list[Part]:
    titles = [_title(file, hunk) for hunk in file.hunks]
    title_tokens = await model.count_texts([f"{title}\n" for title in titles])
    parts = []
    for hunk, title, tokens in zip(file.hunks, titles, title_tokens, strict=True):
        rows = await _rows(hunk, model, room=room - tokens)
        whole = Part(path=file.path, title=title, rows=(), tokens=tokens)
        parts += [_part(whole, piece) for piece in _slices(rows, room - tokens)]
    return parts


def _part(like: Part, rows: tuple[Row, ...]) -> Part:
    title_tokens = like.tokens - sum(row.tokens for row in like.rows)
    tokens = title_tokens + sum(row.tokens for row in rows)
    return Part(path=like.path, title=like.title, rows=rows, tokens=tokens)


def _slices(rows: Sequence[Row], room: int) -> Iterator[tuple[Row, ...]]:
    start = 0
    while start < len(rows):
        end, used = start, 0
        while end < len(rows) and (end == start or used + rows[end].tokens <= room):
            used += rows[end].tokens
            end += 1
        yield tuple(rows[start:end])
        if end == len(rows):
            return
        # The overlap must leave each slice with something new, also when single lines fill the room.
        start = max(end - OVERLAP, start + 1) if end - start > 2 * OVERLAP else end


async def _rows(hunk: Hunk, model: LanguageModel, *, room: int) -> list[Row]:
    texts = [_shown(line) for line in hunk.lines]
    tokens = await model.count_texts([f"{text}\n" for text in texts])
    rows = []
    for line, text, size in zip(hunk.lines, texts, tokens, strict=True):
        row = Row(line=line, text=text, tokens=size)
        rows.append(row if size <= room else await _shortened(row, model, room))
    return rows


async def _shortened(row: Row, model: LanguageModel, room: int) -> Row:
    text, tokens = row.text, row.tokens
    while tokens > room and len(text) > 1:
        keep = max(1, min(len(text) - 2, len(text) * room // tokens))
        text = text[:keep] + "…"
        (tokens,) = await model.count_texts([f"{text}\n"])
    return Row(line=row.line, text=text, tokens=tokens, shortened=True)


def _shown(line: Line) -> str:
    number = f"{line.new} " if line.new is not None else ""
    text = line.text.removesuffix("\r")
    return f"{number}{SIGNS[line.kind]}{text}"


def _title(file: FileDiff, hunk: Hunk) -> str:
    moved = f" (was {file.old_path[-LONGEST_NAME:]})" if file.status in (FileStatus.RENAMED, FileStatus.COPIED) else ""
    heading = f": {hunk.heading[:LONGEST_NAME]}" if hunk.heading else ""
    return f"=== {file.path[-LONGEST_NAME:]}{moved} [{file.status}]{heading}"
