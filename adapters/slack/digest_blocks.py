"""A digest as Slack's blocks: every group, as many entries of each as fit, the rest counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from adapters.slack.render import LONGEST_TEXT, MOST_LETTERS, note
from adapters.slack.rich import (
    Block,
    Element,
    Rendered,
    bullets,
    clipped,
    letters,
    link,
    mention,
    rich_text,
    section,
    text,
)
from bot.domain.digest import Digest, DigestEntry
from bot.domain.plain_text import one_line
from bot.domain.sentence import Sentence, Speak
from bot.reporting.digest_words import GROUPS, facts, grouped, heading, left_out, mentioned, more, name, preamble

MOST_UNREAD = 5
MOST_MENTIONED = 3
TAIL = 100
"""Characters kept for the count of what is not shown of a group, and for its title."""


def of_digest(digest: Digest, speak: Speak) -> Rendered:
    """Lay out a digest in one message."""
    said = clipped(one_line(speak(heading(digest))), LONGEST_TEXT // 3)
    top = [rich_text(section(text(said, bold=True))), *(_note(one, speak) for one in preamble(digest))]
    bottom = [*(_note(one, speak) for one in left_out(digest)), *_unread(digest, speak)]
    groups = [(f"{speak(GROUPS[group])} ({len(entries)})", entries) for group, entries in grouped(digest).items()]
    lines = [[_entry(entry, digest, speak) for entry in entries] for _, entries in groups]
    rooms = _shared([sum(map(letters, entries)) + TAIL for entries in lines], MOST_LETTERS - letters([*top, *bottom]))
    middle = [
        _group(title, of_group, room, speak) for (title, _), of_group, room in zip(groups, lines, rooms, strict=True)
    ]
    return Rendered(blocks=[*top, *middle, *bottom], text=said)


def _shared(needs: Sequence[int], room: int) -> list[int]:
    """Share out the room: what a small group does not need is for the large ones."""
    shares = [0] * len(needs)
    for behind, place in enumerate(sorted(range(len(needs)), key=needs.__getitem__)):
        shares[place] = min(needs[place], room // (len(needs) - behind))
        room -= shares[place]
    return shares


def _group(title: str, lines: Sequence[list[Element]], room: int, speak: Speak) -> Block:
    shown: list[list[Element]] = []
    room -= TAIL
    for one in lines:
        room -= letters(one)
        if room < 0:
            break
        shown.append(one)
    left = len(lines) - len(shown)
    listed = [bullets(shown)] if shown else []
    tail = [section(text(speak(more(left)), italic=True))] if left else []
    return rich_text(section(text(title, bold=True)), *listed, *tail)


def _entry(entry: DigestEntry, digest: Digest, speak: Speak) -> list[Element]:
    told = " · ".join(one_line(speak(fact)) for fact in facts(entry, digest))
    title = link(entry.url, clipped(one_line(entry.title), 120))
    people = [mention(person) for person in mentioned(entry, digest)[:MOST_MENTIONED]]
    arrow = [text(" → ")] if people else []
    return [title, text(f" {clipped(name(entry, digest), 150)} · {clipped(told, 200)}"), *arrow, *people]


def _unread(digest: Digest, speak: Speak) -> Iterator[Block]:
    for _, reason in digest.unread[:MOST_UNREAD]:
        yield _note(reason, speak)
    if len(digest.unread) > MOST_UNREAD:
        yield note(speak(more(len(digest.unread) - MOST_UNREAD)))


def _note(sentence: Sentence, speak: Speak) -> Block:
    return note(clipped(one_line(speak(sentence)), 300))
