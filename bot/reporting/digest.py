"""A digest for people, as markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.domain.digest import Digest, DigestEntry
from bot.domain.sentence import Speak
from bot.reporting.digest_words import GROUPS, facts, grouped, heading, left_out, more, name, preamble
from bot.reporting.markup import inline, link

SHOWN = 50
"""Most entries of one group."""


def render_digest(digest: Digest, speak: Speak) -> str:
    """Write the digest, ending in a line feed; nothing of a pull request can become markup."""
    return "\n\n".join(_blocks(digest, speak)) + "\n"


def _blocks(digest: Digest, speak: Speak) -> Iterator[str]:
    yield f"# {inline(speak(heading(digest)))}"
    yield from (inline(speak(one)) for one in preamble(digest))
    for group, entries in grouped(digest).items():
        yield f"## {speak(GROUPS[group])} ({len(entries)})"
        yield "\n".join(_lines(entries, digest, speak))
    yield from (inline(speak(one)) for one in left_out(digest))
    yield from (inline(speak(reason)) for _, reason in digest.unread)


def _lines(entries: Sequence[DigestEntry], digest: Digest, speak: Speak) -> Iterator[str]:
    for entry in entries[:SHOWN]:
        told = " · ".join((f"({name(entry, digest)})", *(speak(fact) for fact in facts(entry, digest))))
        yield f"- {link(inline(entry.title), entry.url)} {inline(told)}"
    if len(entries) > SHOWN:
        yield f"- {speak(more(len(entries) - SHOWN))}"
