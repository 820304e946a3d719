"""What every `Chat` does, shown on the console in a pipe, on a stand-in Slack and on the double."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from adapters.console.chat import ConsoleChat
from adapters.console.screen import Screen
from adapters.slack.chat import SlackChat
from adapters.slack.place import SlackPlace
from bot.domain.conversation import ThreadRef
from bot.domain.digest import Fate
from bot.domain.picture import Picture
from bot.domain.progress import Progress, Stage
from bot.domain.review import Review
from bot.domain.sentence import say
from bot.domain.watch import Card
from bot.ports.chat import Chat
from bot.reporting.card_words import state
from tests.adapters.slack.posts import wall
from tests.builders import a_digest, a_finding, a_picture, a_record, a_review, an_entry
from tests.doubles.chat import Entry, TranscriptChat
from tests.standins.slack import StandInSlack

CONSOLE = ThreadRef(channel="console")


@dataclass(frozen=True, kw_only=True)
class Place:
    """A chat, and what people see of it: everything that was posted and not replaced, in one piece."""

    chat: Chat
    where: ThreadRef
    seen: Callable[[], str]


@asynccontextmanager
async def in_a_pipe() -> AsyncIterator[Place]:
    out = io.StringIO()
    with TemporaryDirectory() as folder:
        chat = ConsoleChat(Screen(out, str), CONSOLE, enter=lambda _where, _title: None, pictures=Path(folder))
        yield Place(chat=chat, where=CONSOLE, seen=out.getvalue)


@asynccontextmanager
async def on_the_double() -> AsyncIterator[Place]:
    chat = TranscriptChat(where=CONSOLE)
    yield Place(chat=chat, where=CONSOLE, seen=lambda: "\n".join(_standing(chat.transcript)))


@asynccontextmanager
async def on_slack() -> AsyncIterator[Place]:
    place = SlackPlace(team="T1", channel="C1", person="U1", person_name="ada")
    async with StandInSlack() as slack, wall(slack) as opened:

        def seen() -> str:
            return "\n".join(message.seen for message in (*slack.by_bot(), *slack.by_bot(ephemeral=True)))

        yield Place(chat=SlackChat(opened.api, place, str), where=place.where, seen=seen)


def _standing(transcript: list[Entry]) -> list[str]:
    """Return what a platform that can edit would show in the end."""
    posts: list[tuple[str, str]] = []
    replaces = {
        "edited": "card",
        "progress": "progress",
        "review": "progress",
        "answered": "pushed",
        "pushed": "pushed",
    }
    for entry in transcript:
        text = _shown(entry.what, whole=entry.kind == "all")
        if posts and posts[-1][0] == replaces.get(entry.kind):
            before = posts.pop()[1]
            text = before + text if entry.kind == "pushed" else text
        posts.append((entry.kind, "\n".join((text, *entry.sources))))
    return [text for _, text in posts]


def _shown(what: object, *, whole: bool) -> str:
    match what:
        case Review():
            return _words(what, whole=whole)
        case Picture():
            return "\n".join(map(str, (what.title, *what.words)))
        case Card():
            return f"{what.entry.title}: {state(what)}"
    return str(what)


def _words(review: Review, *, whole: bool) -> str:
    findings = (*review.findings, *(review.more if whole else ()))
    return "\n".join((review.summary, *(finding.title for finding in findings)))


@pytest.fixture(params=[in_a_pipe, on_the_double, on_slack])
async def place(request: pytest.FixtureRequest) -> AsyncIterator[Place]:
    make: Callable[[], AbstractAsyncContextManager[Place]] = request.param
    async with make() as made:
        yield made


def reading(done: int, total: int) -> Progress:
    return Progress(target="octo/stats#12", stage=Stage.READING, done=done, total=total, path="stats.py")


async def test_a_chat_knows_who_speaks_and_where(place: Place) -> None:
    assert place.chat.where == place.where
    assert place.chat.person


async def test_each_thread_is_another_place_in_the_same_channel(place: Place) -> None:
    threads = [(await place.chat.open_thread("octo/stats#12")).where for _ in range(2)]

    assert {thread.channel for thread in threads} == {place.where.channel}
    assert len({thread.thread for thread in threads} - {""}) == 2


async def test_in_a_thread_there_is_no_other_thread(place: Place) -> None:
    thread = await place.chat.open_thread("octo/stats#12")

    assert (await thread.open_thread("octo/stats#13")).where == thread.where


async def test_a_sentence_is_shown(place: Place) -> None:
    await place.chat.say(say("Nothing is running in {place}.", place="[bold]here[/bold]"))

    assert "Nothing is running in [bold]here[/bold]." in place.seen()


async def test_progress_is_one_message_however_often_it_changes(place: Place) -> None:
    for done in range(500):
        await place.chat.show_progress(reading(done, 500))

    assert len(place.seen().splitlines()) <= 10


async def test_a_review_is_shown_once_and_after_its_progress(place: Place) -> None:
    await place.chat.show_progress(reading(0, 1))
    await place.chat.show_review(a_record(review=a_review([], summary="The mean is computed in two steps.")))

    assert place.seen().count("The mean is computed in two steps.") == 1
    assert "stats.py" not in place.seen().partition("The mean is computed in two steps.")[2]


async def test_a_second_review_has_its_own_progress(place: Place) -> None:
    for summary in ("First things first.", "And then the second."):
        await place.chat.show_progress(reading(0, 1))
        await place.chat.show_review(a_record(review=a_review(summary=summary)))

    assert place.seen().index("First things first.") < place.seen().index("And then the second.")


async def test_the_whole_answer_stands_once_in_place_of_its_pieces(place: Place) -> None:
    answer = await place.chat.answer()
    for piece in ("An empty ", "list ", "divides by zer"):
        answer.push(piece)
    await answer.finish("An empty list divides by zero.", sources=("stats.py:3", "finding 1"))

    assert place.seen().count("An empty list") == 1
    assert "divides by zero." in place.seen()
    assert "stats.py:3" in place.seen()
    assert "finding 1" in place.seen()


async def test_an_answer_may_come_without_pieces(place: Place) -> None:
    answer = await place.chat.answer()
    await answer.finish("I do not know.")

    assert place.seen().strip() == "I do not know."


async def test_every_finding_can_be_shown_also_those_over_the_limit(place: Place) -> None:
    review = replace(a_review([a_finding("Shown at once")]), more=(a_finding("Only now", line=2),))
    await place.chat.show_all(a_record(review=review))

    assert "Shown at once" in place.seen()
    assert "Only now" in place.seen()


async def test_a_digest_is_posted(place: Place) -> None:
    await place.chat.show_digest(a_digest(an_entry(12)))

    assert "Split the mean into steps" in place.seen()


async def test_a_card_begins_a_thread_and_is_edited_in_place(place: Place) -> None:
    first = Card(entry=an_entry(12))
    where = await place.chat.show_card(first)
    await place.chat.show_card(replace(first, fate=Fate.MERGED), where)

    assert (where.channel, where.thread != "") == (place.where.channel, True)
    assert "Split the mean into steps" in place.seen()
    assert "Merged" in place.seen()


async def test_each_card_is_another_thread(place: Place) -> None:
    threads = {(await place.chat.show_card(Card(entry=an_entry(number)))).thread for number in (12, 13)}

    assert len(threads) == 2


async def test_that_it_is_interrupted_can_be_said_though_nothing_runs(place: Place) -> None:
    await place.chat.show_interrupted()


async def test_a_picture_comes_with_what_it_shows_in_words(place: Place) -> None:
    await place.chat.show_picture(a_picture())

    assert place.seen().count("Pull requests of octo/stats") == 1
    assert "3 opened, 2 merged, 1 closed" in place.seen()


async def test_what_only_the_person_needs_to_know_is_said_too(place: Place) -> None:
    await place.chat.say(say("Thank you."), privately=True)

    assert "Thank you." in place.seen()
