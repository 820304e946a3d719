"""A review as Slack's blocks: the verdict, as many findings as fit, buttons. What is left out is counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from adapters.slack.finding_blocks import Cut, finding_blocks, title_of
from adapters.slack.prose import line, prose
from adapters.slack.render import (
    DIVIDER,
    HELPFUL,
    LONGEST_TEXT,
    MOST_BLOCKS,
    MOST_LETTERS,
    NOT_HELPFUL,
    REVIEW_AGAIN,
    SHOW_ALL,
    UNDO,
    button,
    buttons,
    note,
)
from adapters.slack.rich import Block, Element, Rendered, bullets, clipped, letters, link, rich_text, section, text
from bot.domain.conversation import ReviewRecord
from bot.domain.plain_text import one_line
from bot.domain.review import FileNote, Review
from bot.domain.sentence import Sentence, Speak, say, say_many
from bot.reporting import words
from bot.reporting.parts.footer import footer
from bot.reporting.parts.headline import read, since, still
from bot.reporting.verdict import reasons

MOST_TITLES = 5
"""Findings that are only named: resolved ones, dismissed ones."""

MOST_POINTS = 4
"""Key changes, and hidden risks."""


def of_review(record: ReviewRecord, speak: Speak) -> Rendered:
    """Lay out a review in one message."""
    cut, cut_findings = Cut(), Cut()
    top = [*_headline(record.review, speak, cut), *_account(record.review, speak, cut)]
    dismissed = list(_dismissed(record, speak, cut))
    bottom = [*dismissed, *_bottom(record, speak, shows_all=True)]
    groups = [finding_blocks(number, one, record, speak, cut=cut_findings) for number, one in record.review.numbered()]
    # Room for the note on what is left, too, and for two lines between.
    shown, left = _fitting(groups, MOST_LETTERS - letters([*top, *bottom]) - 300, MOST_BLOCKS - len(top + bottom) - 3)
    all_shown = not (left or cut_findings.happened)
    whole = all_shown and not (cut.happened or record.review.commits)
    more = [note(speak(_below(left)))] if not whole else []
    if all_shown and not record.review.more:
        bottom = [*dismissed, *_bottom(record, speak, shows_all=False)]
    middle = [DIVIDER, *shown, DIVIDER] if shown else []
    return Rendered(blocks=[*top, *middle, *more, *bottom], text=title(record, speak), whole=whole)


def verdict_only(record: ReviewRecord, speak: Speak) -> Rendered:
    """Lay out the verdict and the buttons, for where Slack refuses the rest."""
    blocks = [*_headline(record.review, speak, Cut()), *_bottom(record, speak, shows_all=True)]
    return Rendered(blocks=blocks, text=title(record, speak), whole=False)


def words_only(record: ReviewRecord, speak: Speak) -> Rendered:
    """Say the verdict in the text, for where Slack refuses any blocks."""
    return Rendered(blocks=[], text=title(record, speak), whole=False)


def all_findings(record: ReviewRecord, speak: Speak) -> list[Rendered]:
    """Lay out every finding, in as many messages as it takes.

    They have no buttons: a button changes the message it is on into the review. Findings are dismissed by their number.
    """
    cut = Cut(times=2)
    groups = [
        finding_blocks(number, one, record, speak, cut=cut, dismissible=False)
        for number, one in record.review.numbered()
    ]
    pages: list[Rendered] = []
    heading = [*_headline(record.review, speak, cut), rich_text(section(*line(_clip_title(speak(_all_of(record))))))]
    while groups or not pages:
        blocks, left = _fitting(groups, MOST_LETTERS - letters(heading), MOST_BLOCKS - len(heading))
        pages.append(Rendered(blocks=[*heading, *blocks], text=title(record, speak), whole=not cut.happened))
        groups, heading = groups[len(groups) - left :], []
    return pages


def title(record: ReviewRecord, speak: Speak) -> str:
    """Return what a notification says of a review."""
    return _clip_title(f"{record.target}: {speak(words.VERDICTS[record.review.verdict])}")


def _clip_title(said: str) -> str:
    return clipped(one_line(said), LONGEST_TEXT // 4)


def _all_of(record: ReviewRecord) -> Sentence:
    return say_many(
        "The {count} finding in {target}. `dismiss` and a number in this thread dismisses one.",
        "All {count} findings in {target}. `dismiss` and a number in this thread dismisses one.",
        len(record.review.findings),
        target=record.target,
    )


def _fitting(groups: Sequence[list[Block]], room: int, blocks: int) -> tuple[list[Block], int]:
    """Take whole groups from the front while they fit, and tell how many do not."""
    taken: list[Block] = []
    for number, group in enumerate(groups):
        room, blocks = room - letters(group), blocks - len(group)
        if room < 0 or blocks < 0:
            return taken, len(groups) - number
        taken += group
    return taken, 0


def _headline(review: Review, speak: Speak, cut: Cut) -> Iterator[Block]:
    request = review.pull_request
    named = cut(one_line(request.title), 250)
    name = [link(request.url, str(request.ref), bold=True), text(f" {named}")] if request.ref else [text(named)]
    grounds = " ".join(speak(one) for one in (*reasons(review), words.risk(review)) if one)
    told = [one for one in (read(review.coverage), review.since and since(review.since), still(review)) if one]
    yield rich_text(
        section(*name),
        section(text(speak(words.VERDICTS[review.verdict]), bold=True), *line(f" · {cut(grounds, 700)}")),
        section(text(" ".join(map(speak, told)))),
    )
    if unread := list(_unread(review, speak, cut)):
        yield note("\n".join(unread))


def _unread(review: Review, speak: Speak, cut: Cut) -> Iterator[str]:
    coverage = review.coverage
    for label, notes in ((say("Not read to the end"), coverage.failed), (say("Left out"), coverage.skipped)):
        if notes:
            named = "; ".join(_of_file(one, speak) for one in cut.first(notes, MOST_TITLES))
            yield f"{speak(label)} ({len(notes)}): {cut(named, 500)}{' …' if len(notes) > MOST_TITLES else ''}"


def _of_file(one: FileNote, speak: Speak) -> str:
    return f"{clipped(one_line(one.path), 150)} ({one_line(speak(one.reason))})"


def _account(review: Review, speak: Speak, cut: Cut) -> Iterator[Block]:
    parts = prose(cut(review.summary, 1000))
    if review.unsummarised:
        why = say("There is no summary: {reason}.", reason=review.unsummarised)
        parts.append(section(*line(cut(speak(why), 500))))
    for label, points in ((say("Key changes"), review.key_changes), (say("Hidden risks"), review.risks)):
        if listed := _points(points, cut):
            parts += [section(text(speak(label), bold=True)), listed]
    resolved = review.since.resolved if review.since else ()
    if resolved:
        titles = [title_of(one, cut, strike=True) for one in cut.first(resolved, MOST_TITLES)]
        parts += [section(text(f"{speak(words.RESOLVED)} ({len(resolved)})", bold=True)), bullets(titles)]
    if parts:
        yield rich_text(*parts)


def _points(points: Sequence[str], cut: Cut) -> Element | None:
    listed = bullets([line(cut(one_line(point), 180)) for point in cut.first(points, MOST_POINTS)])
    return listed if listed["elements"] else None


def _dismissed(record: ReviewRecord, speak: Speak, cut: Cut) -> Iterator[Block]:
    dismissed = record.review.dismissed
    for number, finding in enumerate(cut.first(dismissed, MOST_TITLES), start=1):
        yield rich_text(section(text(f"{speak(say('Dismissed:'))} "), *title_of(finding, cut, strike=True)))
        undo = button(UNDO, speak(say("Undo")), f"{record.id}:{finding.id}")
        yield buttons(f"dismissed-{number}-{finding.id}", undo)
    if len(dismissed) > MOST_TITLES:
        count = len(dismissed) - MOST_TITLES
        yield note(speak(say_many("{count} more is dismissed.", "{count} more are dismissed.", count)))


def _bottom(record: ReviewRecord, speak: Speak, *, shows_all: bool) -> Iterator[Block]:
    review = record.review
    if told := list(_counted(review, speak)):
        yield note(" ".join(told))
    row = [button(REVIEW_AGAIN, speak(say("Review again")), record.id)]
    if shows_all and (review.findings or review.more):
        row.append(button(SHOW_ALL, speak(say("Show all findings")), record.id))
    row.append(button(HELPFUL, speak(say("Helpful")), record.id))
    row.append(button(NOT_HELPFUL, speak(say("Not helpful")), record.id))
    yield buttons(f"review-{record.id}", *row)
    told = [one.strip("*") for one in footer(review, speak) if one != "---"]
    yield note(clipped(" · ".join(told).replace("`", ""), 700))


def _counted(review: Review, speak: Speak) -> Iterator[str]:
    if review.hidden:
        yield speak(
            say_many(
                "{count} more finding is not shown: over the limit, or below the severity that is asked for.",
                "{count} more findings are not shown: over the limit, or below the severity that is asked for.",
                review.hidden,
            )
        )
    if review.dropped:
        yield speak(
            say_many(
                "{count} claim of the model was dropped because it did not hold up against the diff.",
                "{count} claims of the model were dropped because they did not hold up against the diff.",
                len(review.dropped),
            )
        )


def _below(left: int) -> Sentence:
    if not left:
        return say("The full report is in the file below.")
    return say_many("{count} more finding is in the file below.", "{count} more findings are in the file below.", left)
