"""What the change does, as the model tells it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.domain.review import CommitNote, Review
from bot.domain.sentence import Sentence, Speak, say
from bot.reporting.markup import code, inline, paragraphs


def account(review: Review, speak: Speak) -> Iterator[str]:
    """Tell the summary, the key changes, the hidden risks and what each commit does."""
    yield paragraphs(review.summary)
    if review.unsummarised:
        yield speak(say("There is no summary: {reason}.", reason=inline(speak(review.unsummarised))))
    yield from _listed(say("Key changes"), [inline(change) for change in review.key_changes], speak)
    yield from _listed(say("Hidden risks"), [inline(risk) for risk in review.risks], speak)
    yield from _listed(say("Commits"), [_commit(note, speak) for note in review.commits], speak)


def _listed(heading: Sentence, items: Sequence[str], speak: Speak) -> Iterator[str]:
    shown = [f"- {item}" for item in items if item]
    if shown:
        yield f"## {speak(heading)}"
        yield "\n".join(shown)


def _commit(note: CommitNote, speak: Speak) -> str:
    told = inline(note.summary) or speak(say("the model said nothing about it"))
    part = f" ({speak(say('not all of it was read'))})" if note.partial else ""
    return f"{code(note.sha[:7])} {inline(note.title)}: {told}{part}"
