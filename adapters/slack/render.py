"""Sentences, progress and buttons as Slack's blocks; `review_blocks` and `digest_blocks` lay out what is larger.

Limits: 50 blocks a message, 3,000 characters a text, and about 13,200 over all blocks, past which Slack answers
`msg_blocks_too_long`: https://docs.slack.dev/reference/block-kit/blocks and https://github.com/slackapi/bolt-js/issues/2509.
"""

from __future__ import annotations

from collections.abc import Sequence

from adapters.slack.rich import Block, Element, Rendered, clipped, rich_text, section, spans
from bot.domain.plain_text import one_line, plain
from bot.domain.progress import Progress, Stage
from bot.domain.sentence import Sentence, Speak, say

MOST_BLOCKS = 48
MOST_LETTERS = 11_000
LONGEST_TEXT = 2_900
BAR = 12
DIVIDER: Block = {"type": "divider"}

REVIEW_AGAIN, SHOW_ALL, DISMISS, UNDO = "review_again", "show_all", "dismiss", "undo"
HELPFUL, NOT_HELPFUL = "helpful", "not_helpful"


def of_sentence(words_of: str, *, hosts: Sequence[str]) -> Rendered:
    """Lay out a sentence of the bot's own; what strangers put into it is not parsed."""
    said = clipped(plain(words_of), MOST_LETTERS // 2)
    elements = spans(said, hosts=hosts) or spans("…")
    return Rendered(blocks=[rich_text(section(*elements))], text=said or "…")


def of_progress(progress: Progress, speak: Speak, *, resumed: bool) -> Rendered:
    """Lay out how far a review is, in two lines."""
    line = speak(_stage(progress))
    if resumed:
        line = f"{speak(say('This was interrupted and goes on.'))} {line}"
    if progress.total:
        done = min(BAR, progress.done * BAR // progress.total)
        line = f"{line}\n{'▓' * done}{'░' * (BAR - done)} {_files(progress, speak)}".rstrip()
    return plain_message(line)


def interrupted(target: str, speak: Speak) -> Rendered:
    """Say that the bot stops for now."""
    return plain_message(
        speak(say("{target}: interrupted, I am being restarted and take this up again.", target=one_line(target)))
    )


def plain_message(line: str) -> Rendered:
    """Lay out words that Slack does not parse, in a block that can be edited by itself."""
    said = clipped(plain(line), LONGEST_TEXT) or "…"
    block: Block = {"type": "section", "text": {"type": "plain_text", "text": said, "emoji": False}}
    return Rendered(blocks=[block], text=said)


def note(line: str) -> Block:
    """Lay out small print."""
    said = clipped(plain(line), LONGEST_TEXT) or "…"
    return {"type": "context", "elements": [{"type": "plain_text", "text": said, "emoji": False}]}


def buttons(name: str, *elements: Element) -> Block:
    """Put buttons in a row; *name* is unlike that of any other row of the message."""
    return {"type": "actions", "block_id": name[:255], "elements": list(elements)}


def button(action: str, label: str, value: str) -> Element:
    """Make a button; *value* comes back with it."""
    words = {"type": "plain_text", "text": clipped(label, 75), "emoji": False}
    return {"type": "button", "action_id": action, "text": words, "value": value[:2000]}


def _files(progress: Progress, speak: Speak) -> str:
    if not progress.files_total:
        return ""
    return speak(say("{done} of {total} files", done=progress.files_done, total=progress.files_total))


def _stage(progress: Progress) -> Sentence:
    target = clipped(one_line(progress.target), 300)
    match progress.stage:
        case Stage.QUEUED:
            return say("Waiting for my turn: {target}", target=target)
        case Stage.FETCHING:
            return say("Fetching {target}", target=target)
        case Stage.LOADING:
            return say("Loading the model for {target}", target=target)
        case Stage.SUMMARISING:
            return say("Summing up {target}", target=target)
        case Stage.READING:
            return say("Reading {target}: {path}", target=target, path=clipped(one_line(progress.path), 1000))
