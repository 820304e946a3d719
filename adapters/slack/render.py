"""Reviews, progress and digests as Slack's blocks, inside its limits.

Limits: 50 blocks a message, and about 13,200 characters over all blocks, past which Slack answers
`msg_blocks_too_long`: https://docs.slack.dev/reference/block-kit/blocks and https://github.com/slackapi/bolt-js/issues/2509.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from adapters.slack.rich import (
    Block,
    Element,
    bullets,
    letters,
    link,
    preformatted,
    rich_text,
    section,
    shown,
    spans,
    text,
)
from bot.domain.conversation import ReviewRecord
from bot.domain.diff import Side
from bot.domain.digest import Digest, DigestEntry
from bot.domain.finding import Finding
from bot.domain.plain_text import one_line, plain
from bot.domain.progress import Progress, Stage
from bot.domain.review import Review
from bot.domain.sentence import Sentence, Speak, say, say_many
from bot.reporting import words
from bot.reporting.digest_words import GROUPS, facts, grouped, heading, more
from bot.reporting.links import location_url
from bot.reporting.parts.findings import is_new
from bot.reporting.parts.footer import footer
from bot.reporting.parts.headline import read, since
from bot.reporting.verdict import reasons

MOST_BLOCKS = 48
MOST_LETTERS = 11_000
LONGEST_TEXT = 3_000
BAR = 12

REVIEW_AGAIN, SHOW_ALL, DISMISS, UNDO = "review_again", "show_all", "dismiss", "undo"
HELPFUL, NOT_HELPFUL = "helpful", "not_helpful"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A message.

    Attributes:
        text: What is shown where blocks cannot be, as in a notification.
        whole: Nothing was left out for want of room.
    """

    blocks: list[Block]
    text: str
    whole: bool = True


def of_sentence(words_of: str, *, hosts: Sequence[str]) -> Rendered:
    """Lay out a sentence of the bot's own; what strangers put into it is not parsed."""
    said = _clipped(words_of, LONGEST_TEXT)
    return Rendered(blocks=[rich_text(section(*spans(said, hosts=hosts)))], text=said)


def of_progress(progress: Progress, speak: Speak, *, resumed: bool) -> Rendered:
    """Lay out how far a review is, in two lines."""
    line = speak(_stage(progress))
    if resumed:
        line = f"{speak(say('This was interrupted and goes on.'))} {line}"
    if progress.total:
        done = min(BAR, progress.done * BAR // progress.total)
        files = (
            speak(say("{done} of {total} files", done=progress.files_done, total=progress.files_total))
            if progress.files_total
            else ""
        )
        line = f"{line}\n{'▓' * done}{'░' * (BAR - done)} {files}".rstrip()
    return plain_message(line)


def interrupted(target: str, speak: Speak) -> Rendered:
    """Say that the bot stops for now."""
    return plain_message(
        speak(say("{target}: interrupted, I am being restarted and take this up again.", target=target))
    )


def plain_message(line: str) -> Rendered:
    """Lay out words that Slack does not parse, in a block that can be edited by itself."""
    said = _clipped(plain(line), LONGEST_TEXT) or " "
    block: Block = {"type": "section", "text": {"type": "plain_text", "text": said, "emoji": False}}
    return Rendered(blocks=[block], text=said)


def of_review(record: ReviewRecord, speak: Speak) -> Rendered:
    """Lay out a review: as many findings as fit, with buttons; what is missing is counted."""
    return next(messages(record, speak))


def messages(record: ReviewRecord, speak: Speak) -> Iterator[Rendered]:
    """Lay out a review in as many messages as it takes; the first has the verdict, each has whole findings."""
    review = record.review
    top, bottom = list(_top(review, speak)), list(_bottom(record, speak))
    groups = [_finding(number, one, record, speak) for number, one in review.numbered()]
    groups += [_dismissed(finding, record, speak) for finding in review.dismissed]
    pages = list(_pages(groups, first=MOST_LETTERS - letters(top) - letters(bottom) - 200, top=len(top) + len(bottom)))
    on_first = sum(len(group) > 0 for group in pages[0])
    left = len(groups) - on_first
    note = [_note(speak(_not_shown(left)))] if left else []
    whole = not (left or review.more or review.coverage.failed or review.coverage.skipped or review.dropped)
    first = [*top, *(block for group in pages[0] for block in group), *note, *bottom]
    title = one_line(f"{record.target}: {speak(words.VERDICTS[review.verdict])}")
    yield Rendered(blocks=first, text=_clipped(title, LONGEST_TEXT), whole=whole)
    for page in pages[1:]:
        yield Rendered(blocks=[block for group in page for block in group], text=_clipped(title, LONGEST_TEXT))


def short_review(record: ReviewRecord, speak: Speak) -> Rendered:
    """Lay out the verdict alone, for where Slack refuses the rest; the file has everything."""
    blocks = [*list(_top(record.review, speak))[:1], *list(_bottom(record, speak))]
    return Rendered(blocks=blocks, text=_clipped(shown(blocks), LONGEST_TEXT), whole=False)


def of_digest(digest: Digest, speak: Speak) -> Rendered:
    """Lay out a digest: every group, as many entries of each as fit."""
    groups = grouped(digest)
    room = (MOST_LETTERS - 600) // max(1, len(groups))
    blocks = [rich_text(section(text(speak(heading(digest)), bold=True)))]
    for group, entries in groups.items():
        lines, left = _entries(entries, digest, speak, room=room)
        title = section(text(f"{speak(GROUPS[group])} ({len(entries)})", bold=True))
        tail = [section(text(speak(more(left)), italic=True))] if left else []
        blocks.append(rich_text(title, bullets(lines), *tail))
    blocks += [_note(_clipped(speak(reason), 300)) for _, reason in digest.unread[:10]]
    return Rendered(blocks=blocks[:MOST_BLOCKS], text=_clipped(speak(heading(digest)), LONGEST_TEXT))


def _entries(
    entries: Sequence[DigestEntry], digest: Digest, speak: Speak, *, room: int
) -> tuple[list[list[Element]], int]:
    lines: list[list[Element]] = []
    for entry in entries:
        told = " · ".join(speak(fact) for fact in facts(entry, digest.at))
        line = [
            link(entry.url, str(entry.ref)),
            text(f" {_clipped(one_line(entry.title), 120)} · {_clipped(one_line(told), 200)}"),
        ]
        room -= sum(len(element["text"]) for element in line) + len(entry.url)
        if room < 0:
            break
        lines.append(line)
    return lines, len(entries) - len(lines)


def _top(review: Review, speak: Speak) -> Iterator[Block]:
    request = review.pull_request
    name = (
        link(request.url, str(request.ref), bold=True) if request.ref else text(_clipped(request.title, 200), bold=True)
    )
    title = text(f" {_clipped(one_line(request.title), 250)}") if request.ref else text("")
    grounds = " ".join(speak(one) for one in (*reasons(review), words.risk(review)) if one)
    told = [read(review.coverage), *([since(review.since)] if review.since else [])]
    yield rich_text(
        section(name, title),
        section(text(speak(words.VERDICTS[review.verdict]), bold=True), *spans(f" · {_clipped(grounds, 900)}")),
        section(text(" ".join(map(speak, told)))),
    )
    if review.summary or review.unsummarised:
        account = review.summary or speak(
            say("There is no summary: {reason}.", reason=review.unsummarised or say("the model gave none"))
        )
        parts = [section(*spans(_clipped(account, 1200)))]
        changes = [spans(_clipped(one_line(change), 200)) for change in review.key_changes[:5]]
        if any(changes):
            parts.append(bullets([change for change in changes if change]))
        yield rich_text(*parts)
    resolved = review.since.resolved if review.since else ()
    if resolved:
        titles = [[text(_clipped(one_line(one.title), 120), strike=True)] for one in resolved[:5]]
        yield rich_text(section(text(f"{speak(words.RESOLVED)} ({len(resolved)})", bold=True)), bullets(titles))


def _finding(number: int, finding: Finding, record: ReviewRecord, speak: Speak) -> list[Block]:
    review = record.review
    place = [link(location_url(review.pull_request, finding.location), _clipped(str(finding.location), 200))]
    notes = [speak(words.CATEGORIES[finding.category])]
    if finding.location.side is Side.OLD:
        notes.insert(0, speak(say("old file")))
    if is_new(finding, review):
        notes.insert(0, speak(words.NEW))
    if finding.source != "model":
        notes.append(speak(say("found by {source}", source=finding.source)))
    heading_of = f"{number}. {speak(words.SEVERITIES[finding.severity])} · {_clipped(one_line(finding.title), 200)}"
    parts = [section(text(heading_of, bold=True)), section(*place, text(" · " + " · ".join(notes)))]
    if finding.evidence.strip():
        parts.append(preformatted(_clipped(finding.evidence, 800)))
    if finding.detail.strip():
        parts.append(section(*spans(_clipped(finding.detail, 900))))
    if finding.suggestion.strip():
        parts += [section(text(speak(words.SUGGESTION), bold=True)), preformatted(_clipped(finding.suggestion, 800))]
    button = _button(DISMISS, speak(say("Dismiss")), f"{record.id}:{finding.id}")
    return [rich_text(*parts), {"type": "actions", "elements": [button]}]


def _dismissed(finding: Finding, record: ReviewRecord, speak: Speak) -> list[Block]:
    line = section(text(f"{speak(say('Dismissed:'))} "), text(_clipped(one_line(finding.title), 150), strike=True))
    button = _button(UNDO, speak(say("Undo")), f"{record.id}:{finding.id}")
    return [rich_text(line), {"type": "actions", "elements": [button]}]


def _bottom(record: ReviewRecord, speak: Speak) -> Iterator[Block]:
    review = record.review
    if review.coverage.failed or review.coverage.skipped:
        yield _note(_clipped(_unread(review, speak), 800))
    buttons = [_button(REVIEW_AGAIN, speak(say("Review again")), record.id)]
    if review.more:
        buttons.append(_button(SHOW_ALL, speak(say("Show all findings")), record.id))
    buttons += [
        _button(HELPFUL, speak(say("Helpful")), record.id),
        _button(NOT_HELPFUL, speak(say("Not helpful")), record.id),
    ]
    yield {"type": "actions", "block_id": f"review-{record.id}", "elements": buttons}
    told = [line.strip("*`") for line in footer(review, speak) if line != "---"]
    yield _note(_clipped(" · ".join(told).replace("`", ""), 1500))


def _unread(review: Review, speak: Speak) -> str:
    told = []
    for label, notes in (
        (say("Not read to the end"), review.coverage.failed),
        (say("Left out"), review.coverage.skipped),
    ):
        if notes:
            named = "; ".join(f"{note.path} ({speak(note.reason)})" for note in notes[:5])
            told.append(f"{speak(label)} ({len(notes)}): {named}{' …' if len(notes) > 5 else ''}")
    return "\n".join(told)


def _pages(groups: Sequence[list[Block]], *, first: int, top: int) -> Iterator[list[list[Block]]]:
    """Put whole groups on pages; the first has less room, and *top* blocks already."""
    page: list[list[Block]] = []
    room, blocks = first, MOST_BLOCKS - top - 1
    for group in groups:
        size = letters(group)
        if size > room or len(group) > blocks:
            yield page
            page, room, blocks = [], MOST_LETTERS, MOST_BLOCKS
        page.append(group)
        room, blocks = room - size, blocks - len(group)
    yield page


def _button(action: str, label: str, value: str) -> Element:
    return {
        "type": "button",
        "action_id": action,
        "text": {"type": "plain_text", "text": label[:75], "emoji": False},
        "value": value,
    }


def _note(line: str) -> Block:
    return {"type": "context", "elements": [{"type": "plain_text", "text": plain(line) or " ", "emoji": False}]}


def _not_shown(count: int) -> Sentence:
    return say_many("{count} more finding is in the file below.", "{count} more findings are in the file below.", count)


def _stage(progress: Progress) -> Sentence:
    match progress.stage:
        case Stage.QUEUED:
            return say("Waiting for my turn: {target}", target=progress.target)
        case Stage.FETCHING:
            return say("Fetching {target}", target=progress.target)
        case Stage.LOADING:
            return say("Loading the model for {target}", target=progress.target)
        case Stage.SUMMARISING:
            return say("Summing up {target}", target=progress.target)
        case Stage.READING:
            return say("Reading {target}: {path}", target=progress.target, path=one_line(progress.path))


def _clipped(words_of: str, most: int) -> str:
    return words_of if len(words_of) <= most else f"{words_of[: most - 1]}…"


def split_markdown(markdown: str, most: int = MOST_LETTERS) -> Iterator[str]:
    """Split an answer at line ends into messages; a code block that is cut is closed and opened again."""
    lines = [piece for line in markdown.splitlines(keepends=True) for piece in _short(line, most // 2)]
    page, fence = "", ""
    for line in lines:
        if len(page) + len(line) > most - 10:
            yield f"{page}{fence and chr(10) + '```'}"
            page = f"{fence}\n" if fence else ""
        page += line
        if line.lstrip().startswith("```"):
            fence = "" if fence else "```"
    if page.strip():
        yield page


def _short(line: str, most: int) -> Iterator[str]:
    cuts = [*range(0, len(line), most), len(line)]
    for begin, end in pairwise(cuts):
        yield line[begin:end]
