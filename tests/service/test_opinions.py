"""Dismissing, undoing, rating and showing all, by words and by buttons."""

from __future__ import annotations

import pytest

from bot.domain.command import Command, DismissCommand, RateCommand, ShowAllCommand, UndoCommand
from bot.domain.conversation import ReviewRecord, ThreadRef
from bot.domain.errors import CodeHostUnavailable
from bot.domain.finding import Finding
from bot.domain.review import Review
from bot.domain.sentence import say
from tests.builders import a_change, a_finding, a_record, a_review
from tests.doubles.chat import TranscriptChat
from tests.service.counter import CHANNEL, Counter, a_public_counter

FIRST = a_finding("Retries for ever")
SECOND = a_finding("Leaks a socket.")
THIRD = a_finding("Unclear name")
OVER = a_finding("Old comment")


def a_reviewed_counter(channel: str = CHANNEL) -> Counter:
    counter = a_public_counter()
    where = ThreadRef(channel=channel, thread="t1")
    review = a_review([FIRST, SECOND, THIRD], more=(OVER,))
    counter.memory.records.append(a_record(id="r1", where=where, review=review))
    return counter


async def press(counter: Counter, *commands: Command) -> None:
    for command in commands:
        await counter.hand(command, thread="t1")


def shown(counter: Counter) -> list[tuple[int, Finding]]:
    """Return what the last review that was posted shows."""
    review = counter.chat.kinds("review", "all")[-1].what
    assert isinstance(review, Review)
    return list(review.numbered())


async def hidden(counter: Counter) -> set[str]:
    return {dismissal.title for dismissal in await counter.feedback.dismissed(CHANNEL)}


async def test_a_pressed_dismissal_hides_the_finding_in_the_message_and_remembers_who() -> None:
    counter = a_reviewed_counter()

    await press(counter, DismissCommand(finding=FIRST.id, review="r1"))

    assert shown(counter) == [(2, SECOND), (3, THIRD)]
    (dismissal,) = await counter.feedback.dismissed(CHANNEL)
    assert (dismissal.finding, dismissal.by, dismissal.at) == (FIRST.id, "test:mona", counter.clock.now())
    assert not counter.chat.said


async def test_a_spoken_dismissal_is_answered_in_a_sentence() -> None:
    counter = a_reviewed_counter()

    await press(counter, DismissCommand(finding="2"))

    assert counter.chat.said == ["Dismissed in this channel: Leaks a socket. `undo` takes it back."]
    assert not counter.chat.kinds("review")


async def test_numbers_stay_those_that_people_were_shown() -> None:
    counter = a_reviewed_counter()

    await press(counter, DismissCommand(finding="1"), DismissCommand(finding="2"))

    assert await hidden(counter) == {FIRST.title, SECOND.title}


async def test_a_finding_over_the_limit_has_the_number_under_which_all_of_them_are_shown() -> None:
    counter = a_reviewed_counter()

    await press(counter, DismissCommand(finding="4"))

    assert await hidden(counter) == {OVER.title}


async def test_the_number_of_a_finding_may_come_with_its_review_as_from_typed_options() -> None:
    counter = a_reviewed_counter()

    await press(counter, DismissCommand(finding="3", review="r1"))

    assert shown(counter) == [(1, FIRST), (2, SECOND)]


@pytest.mark.parametrize(
    "twice",
    [
        DismissCommand(finding=FIRST.id, review="r1"),
        DismissCommand(finding="1"),
        UndoCommand(finding=FIRST.id, review="r1"),
        RateCommand(review="r1", helpful=True),
        ShowAllCommand(review="r1"),
    ],
)
async def test_what_is_pressed_twice_is_done_once(twice: Command) -> None:
    once, again = a_reviewed_counter(), a_reviewed_counter()

    await press(once, twice)
    await press(again, twice, twice)

    assert (again.feedback.kept, again.feedback.rated) == (once.feedback.kept, once.feedback.rated)
    assert [entry.kind for entry in again.chat.transcript] == 2 * [entry.kind for entry in once.chat.transcript]
    assert again.chat.transcript[0] == again.chat.transcript[1]


async def test_a_finding_over_the_limit_can_be_dismissed_and_is_not_among_all_of_them_then() -> None:
    counter = a_reviewed_counter()

    await press(counter, DismissCommand(finding=OVER.id, review="r1"), ShowAllCommand(review="r1"))

    assert OVER not in [finding for _, finding in shown(counter)]
    assert await hidden(counter) == {OVER.title}


async def test_an_undo_brings_the_finding_back_under_its_number() -> None:
    counter = a_reviewed_counter()

    await press(counter, DismissCommand(finding=FIRST.id, review="r1"), UndoCommand(finding=FIRST.id, review="r1"))

    assert shown(counter) == [(1, FIRST), (2, SECOND), (3, THIRD)]
    assert await hidden(counter) == set()


async def test_a_spoken_undo_takes_back_what_the_person_dismissed_last() -> None:
    counter = a_reviewed_counter()
    await press(counter, DismissCommand(finding="1"))
    counter.clock.advance(5)
    await press(counter, DismissCommand(finding="2"))

    await counter.hand(UndoCommand())
    await counter.hand(UndoCommand())
    await counter.hand(UndoCommand())

    assert counter.chat.said[2:] == [
        "No longer dismissed: Leaks a socket.",
        "No longer dismissed: Retries for ever.",
        "You have dismissed nothing in this channel.",
    ]


async def test_a_spoken_undo_leaves_alone_what_others_dismissed() -> None:
    counter = a_reviewed_counter()
    other = TranscriptChat(where=ThreadRef(channel=CHANNEL, thread="t1"), local=False, person="hubot")
    await counter.desk.handle(DismissCommand(finding="1"), other)

    await counter.hand(UndoCommand())

    assert counter.chat.said == ["You have dismissed nothing in this channel."]
    assert await hidden(counter) == {FIRST.title}


@pytest.mark.parametrize("name", ["0", "6", "99999", "123456789012", "²", "x"])
async def test_a_number_that_no_finding_has_is_answered_with_how_many_there_are(name: str) -> None:
    counter = a_reviewed_counter()

    await press(counter, DismissCommand(finding=name))

    assert counter.chat.said == [f"There is no finding {name}; this review shows 3."]
    assert await hidden(counter) == set()


@pytest.mark.parametrize("thread", ["", "t9"])
async def test_a_dismissal_where_no_review_is_says_where_to_say_it(thread: str) -> None:
    counter = a_reviewed_counter()

    await counter.hand(DismissCommand(finding="1"), thread=thread)

    assert counter.chat.said == ["There is no review in this thread; say it in the thread of one."]


async def test_a_rating_is_kept_and_thanked_for_in_private() -> None:
    counter = a_reviewed_counter()

    await press(counter, RateCommand(review="r1", helpful=True), RateCommand(review="r1", helpful=False))

    assert await counter.feedback.ratings("r1") == (0, 1)
    assert counter.chat.whispered == ["Thank you: noted as helpful.", "Thank you: noted as not helpful."]
    assert not counter.chat.said


BUTTONS: list[Command] = [
    DismissCommand(finding=FIRST.id, review="r1"),
    UndoCommand(finding=FIRST.id, review="r1"),
    RateCommand(review="r1", helpful=True),
    ShowAllCommand(review="r1"),
]


@pytest.mark.parametrize("command", BUTTONS)
async def test_a_button_of_a_forgotten_review_says_what_to_do(command: Command) -> None:
    counter = a_reviewed_counter()
    counter.memory.records.clear()

    await press(counter, command)

    assert counter.chat.said == ["I do not remember this review any more. `review` makes a new one."]


@pytest.mark.parametrize("command", BUTTONS)
async def test_a_button_reaches_no_review_of_another_channel(command: Command) -> None:
    counter = a_reviewed_counter(channel="slack:T1/C9")

    await press(counter, command)

    assert "do not remember" in counter.chat.said[0]
    assert (counter.feedback.kept, counter.feedback.rated) == ({}, {})


@pytest.mark.parametrize("command", BUTTONS)
async def test_a_button_of_a_review_that_is_no_longer_for_this_channel_does_nothing(command: Command) -> None:
    counter = a_reviewed_counter()
    counter.code_host.repositories["octo/stats"] = True

    await press(counter, command)

    assert counter.chat.said == ["This channel may not see the repository of this review any more."]
    assert not counter.chat.kinds("review", "all")
    assert (counter.feedback.kept, counter.feedback.rated) == ({}, {})


async def test_an_undo_that_is_refused_restores_nothing() -> None:
    counter = a_reviewed_counter()
    await press(counter, DismissCommand(finding=FIRST.id, review="r1"))
    counter.code_host.repositories["octo/stats"] = True

    await press(counter, UndoCommand(finding=FIRST.id, review="r1"))

    assert await hidden(counter) == {FIRST.title}


async def test_buttons_work_while_the_code_host_is_away() -> None:
    counter = a_reviewed_counter()
    counter.code_host.failure = CodeHostUnavailable(say("GitHub cannot be reached."))

    await press(counter, DismissCommand(finding=FIRST.id, review="r1"))

    assert shown(counter) == [(2, SECOND), (3, THIRD)]


async def test_on_a_terminal_a_finding_of_a_local_change_is_dismissed_too() -> None:
    counter = Counter()
    record: ReviewRecord = a_record(
        id="r1", where=ThreadRef(channel="console", thread="t1"), target="fix.diff", change=a_change()
    )
    counter.memory.records.append(record)

    await press(counter, DismissCommand(finding="1"))

    assert counter.chat.said[0].startswith("Dismissed in this channel: Division by zero")
