"""Questions, and what a channel may still be told."""

from __future__ import annotations

import pytest

from bot.domain.change import PullRequestRef
from bot.domain.command import AskCommand
from bot.domain.conversation import ReviewRecord, Role, ThreadRef
from bot.domain.errors import CodeHostUnavailable
from bot.domain.sentence import say
from tests.builders import a_change, a_finding, a_pull_request, a_record, a_ref, a_review, a_turn
from tests.service.counter import CHANNEL, TWELVE, Counter, a_public_counter, ask
from tests.service.dialogue.setting import a_talked_about_record

SECRET = a_ref("octo/secret#12")
AWAY = CodeHostUnavailable(say("GitHub cannot be reached."))


def a_record_of(ref: PullRequestRef, thread: str, *, private: bool = False) -> ReviewRecord:
    about = a_pull_request(ref=ref, private=private)
    finding = a_finding(f"Problem of {ref.repository}", path=f"{ref.repository}.py")
    return a_record(
        id=f"{ref.repository}-{thread}",
        where=ThreadRef(channel=CHANNEL, thread=thread),
        target=str(ref),
        review=a_review([finding], pull_request=about),
        change=a_change(pull_request=about),
    )


async def a_counter(*records: ReviewRecord) -> Counter:
    """Make a desk that remembers these reviews, with one thing said about each."""
    counter = a_public_counter()
    for record in records:
        await counter.memory.save_review(record)
        turn = a_turn(f"The worry is about {record.target}.", role=Role.BOT)
        await counter.memory.add_turns(record.where, [turn])
    return counter


def prompt(counter: Counter) -> str:
    return counter.model.asked[-1].text


async def test_a_follow_up_about_what_is_public_is_answered() -> None:
    counter = await a_counter(a_record_of(TWELVE, "t1"))

    await counter.hand(ask("why?"), thread="t1")

    assert counter.chat.answers
    assert counter.code_host.asked == ["octo/stats"]


@pytest.mark.parametrize("question", [ask("why?"), ask("why?", SECRET)])
async def test_a_follow_up_about_what_is_no_longer_for_the_channel_is_refused(question: AskCommand) -> None:
    counter = await a_counter(a_record_of(SECRET, "t1"))

    await counter.hand(question, thread="t1")

    assert not counter.model.asked
    assert len(counter.chat.said) == 1


async def test_a_thread_that_also_speaks_of_what_is_hidden_is_closed() -> None:
    counter = await a_counter(a_record_of(SECRET, "t1"), a_record_of(TWELVE, "t1"))

    await counter.hand(ask("why?"), thread="t1")
    await counter.hand(ask("why?", TWELVE))

    assert not counter.model.asked
    assert counter.chat.said == 2 * ["This channel may not see the repository of this review any more."]


async def test_while_the_code_host_is_away_what_was_public_is_answered_about_and_what_was_not_is_not() -> None:
    counter = await a_counter(a_record_of(TWELVE, "t1"), a_record_of(SECRET, "t2", private=True))
    counter.code_host.failure = AWAY

    await counter.hand(ask("why?"), thread="t1")
    await counter.hand(ask("why?", a_ref("Octo/stats#12")))
    await counter.hand(ask("why?"), thread="t2")
    await counter.hand(ask("why?", a_ref("octo/web#7")))

    assert len(counter.chat.answers) == 2
    assert counter.chat.said == [
        "This channel may not see the repository of this review any more.",
        "GitHub cannot be reached.",
    ]


@pytest.mark.parametrize("name", ["octo/secret#12", "octo/none#12"])
async def test_asking_about_what_is_hidden_sounds_like_asking_about_what_is_not_there(name: str) -> None:
    counter = a_public_counter()

    await counter.hand(ask("why?", a_ref(name)))

    assert counter.chat.said == [
        f"I cannot show {name} here: it does not exist, or this channel may not see it. If it should, an admin says "
        f"`allow {name.partition('#')[0]}` here."
    ]


@pytest.mark.parametrize("name", ["octo/stats#12", "Octo/STATS#12"])
async def test_a_question_about_a_pull_request_finds_its_review_in_whatever_letters(name: str) -> None:
    counter = await a_counter(a_record_of(TWELVE, "t1"))
    terminal = Counter()
    await terminal.memory.save_review(a_talked_about_record(target="octo/stats#12"))

    await counter.hand(ask("why?", a_ref(name)))
    await terminal.hand(ask("why?", a_ref(name)))

    assert counter.chat.answers
    assert terminal.chat.answers


async def test_a_question_to_the_channel_is_answered_without_what_is_hidden() -> None:
    counter = await a_counter(a_record_of(TWELVE, "t1"), a_record_of(SECRET, "t2"))

    await counter.hand(ask("which worry do we have?"))

    (answered,) = counter.chat.kinds("answered")
    assert [source.partition(",")[0] for source in answered.sources] == ["octo/stats#12"]
    assert "secret" not in prompt(counter)
    assert counter.code_host.asked == ["octo/secret", "octo/stats"]


async def test_what_was_said_elsewhere_in_the_channel_is_left_out_while_something_is_hidden() -> None:
    counter = await a_counter(a_record_of(TWELVE, "t1"), a_record_of(SECRET, "t2"))
    where = ThreadRef(channel=CHANNEL, thread="t3")
    await counter.memory.add_turns(where, [a_turn("The worry of the secret one is the key.", role=Role.BOT)])

    await counter.hand(ask("which worry do we have?"))
    hidden = prompt(counter)
    counter.grants.given[CHANNEL] = ["octo/secret"]
    await counter.hand(ask("which worry do we have?"))

    assert "the key" not in hidden
    assert "the key" in prompt(counter)


async def test_asking_the_channel_about_what_is_hidden_sounds_as_if_nothing_were_remembered() -> None:
    hidden, empty = await a_counter(a_record_of(SECRET, "t2")), await a_counter()

    for counter in (hidden, empty):
        await counter.hand(ask("what did we find in octo/secret#12?"))

    assert hidden.chat.said == empty.chat.said
    assert not hidden.model.asked
