"""What is reviewed when people ask for it, link it, press a button, or asked before a restart."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.domain.change import DiffFile, RepositoryRef
from bot.domain.command import AgainCommand, CancelCommand, ReviewCommand, StatusCommand, WatchedReviewCommand
from bot.domain.conversation import ReviewRecord, ThreadRef
from bot.domain.errors import BotError, ChatRefused, ChatUnavailable, CodeHostUnavailable
from bot.domain.feedback import Dismissal
from bot.domain.finding import Finding
from bot.domain.review import FileNote, Review, Since, judge
from bot.domain.sentence import Sentence, say
from tests.builders import HEAD, NOON, a_coverage, a_finding, a_ref
from tests.doubles.chat import TranscriptChat
from tests.doubles.code_host import FixedCodeHost
from tests.service.counter import CHANNEL, SEVEN, TWELVE, Counter, KnownReviews, a_public_counter, review
from tests.service.dialogue.setting import FINDINGS

SECRET = a_ref("octo/secret#12")
MOVED = "2e" * 20


def overheard(*names: str) -> ReviewCommand:
    return ReviewCommand(targets=tuple(map(a_ref, names)), overheard=True)


def targets(counter: Counter) -> list[str]:
    return [str(target) for target, _ in counter.reviews.reviewed]


def a_dismissal(finding: Finding = FINDINGS[0]) -> Dismissal:
    return Dismissal(channel=CHANNEL, finding=finding.id, title=finding.title, by="test:mona", at=NOON)


async def again(counter: Counter, record: ReviewRecord) -> None:
    await counter.hand(AgainCommand(review=record.id), thread=record.where.thread)


async def test_a_review_for_a_channel_is_remembered_as_the_code_host_writes_its_name() -> None:
    counter = a_public_counter()

    await counter.hand(review(a_ref("Octo/STATS#12")))

    assert [record.target for record in counter.memory.records] == ["octo/stats#12"]
    assert targets(counter) == ["octo/stats#12"]


async def test_every_review_has_a_name_of_its_own_that_fits_in_a_button() -> None:
    counter = a_public_counter()

    await counter.hand(review(TWELVE, SEVEN))

    ids = [record.id for record in counter.memory.records]
    assert len({*ids}) == 2
    assert all(key.isalnum() and len(key) == 16 for key in ids)


async def test_what_a_channel_may_not_see_is_refused_and_the_rest_is_reviewed() -> None:
    counter = a_public_counter()

    await counter.hand(review(SECRET, TWELVE))

    assert [said.partition(":")[0] for said in counter.chat.said] == ["I cannot show octo/secret#12 here"]
    assert targets(counter) == ["octo/stats#12"]


async def test_a_file_of_this_machine_is_never_reviewed_for_a_chat() -> None:
    counter = a_public_counter()

    await counter.hand(review(DiffFile(path=Path("/etc/passwd"))))

    assert not counter.reviews.reviewed
    assert "not from a chat" in counter.chat.said[0]


async def test_refusals_of_what_people_linked_to_each_other_are_told_to_the_person_alone_and_together() -> None:
    counter = a_public_counter()

    await counter.hand(overheard("octo/secret#12", "octo/none#7", "octo/stats#12"))

    assert not counter.chat.said
    (whispered,) = counter.chat.whispered
    assert [line.partition(":")[0] for line in whispered.splitlines()] == [
        "I cannot show octo/secret#12 here",
        "I cannot show octo/none#7 here",
    ]
    assert targets(counter) == ["octo/stats#12"]


async def test_a_refusal_is_said_before_the_minutes_that_the_other_reviews_take() -> None:
    counter = a_public_counter(reviews=KnownReviews(waits=True))

    task = await counter.start(overheard("octo/stats#12", "octo/secret#12"))
    whispered = counter.chat.whispered
    await counter.hand(CancelCommand())
    await task

    assert len(whispered) == 1


async def test_while_the_code_host_is_away_nothing_is_said_in_front_of_all_to_who_only_linked() -> None:
    counter = a_public_counter()
    counter.code_host.failure = CodeHostUnavailable(say("GitHub cannot be reached."))

    await counter.hand(overheard("octo/stats#12"))
    await counter.hand(review(TWELVE))

    assert counter.chat.whispered == ["GitHub cannot be reached."]
    assert counter.chat.said == ["GitHub cannot be reached."]
    assert not counter.reviews.reviewed


async def test_a_refused_target_does_not_run() -> None:
    counter = a_public_counter(reviews=KnownReviews(waits=True))
    task = await counter.start(review(SECRET, TWELVE))

    await counter.hand(StatusCommand())
    await counter.hand(CancelCommand())
    await task

    assert "octo/secret" not in "".join(counter.chat.said[1:])


async def test_a_target_that_is_done_is_not_in_the_way_while_the_next_is_read() -> None:
    counter = a_public_counter()
    await counter.hand(review(TWELVE))
    counter.reviews.errors = {TWELVE: CodeHostUnavailable(say("Away."))}
    counter.reviews.waits = True
    counter.reviews.began.clear()
    task = await counter.start(review(TWELVE, SEVEN))

    await counter.hand(review(TWELVE))
    await counter.hand(CancelCommand())
    await task

    assert targets(counter) == ["octo/stats#12", "octo/stats#12", "octo/web#7", "octo/stats#12"]


async def test_the_same_change_in_other_letters_is_one_change() -> None:
    counter = a_public_counter(reviews=KnownReviews(waits=True))
    task = await counter.start(review(TWELVE, a_ref("OCTO/stats#12")))

    await counter.hand(review(a_ref("Octo/Stats#12")))
    await counter.hand(CancelCommand())
    await task

    assert counter.chat.said[0] == "Octo/Stats#12 is being reviewed in this channel already."
    assert len(counter.reviews.reviewed) == 1


async def test_a_change_that_is_named_by_the_old_and_the_new_name_of_its_repository_is_reviewed_once() -> None:
    class Renamed(FixedCodeHost):
        def _known(self, repository: RepositoryRef) -> str | None:
            return "octo/stats"

    counter = a_public_counter(code_host=Renamed())

    await counter.hand(review(a_ref("octo/old#12"), TWELVE))

    assert targets(counter) == ["octo/stats#12"]
    assert counter.chat.said == ["octo/stats#12 is being reviewed in this channel already."]


@pytest.mark.parametrize(
    ("seconds", "age"), [(5, "just now"), (300, "5 minutes ago"), (6 * 86400 + 4000, "6 days ago")]
)
async def test_a_link_to_what_was_reviewed_at_this_head_is_answered_with_a_link_to_the_review(
    seconds: int, age: str
) -> None:
    counter = a_public_counter()
    await counter.hand(review(TWELVE))
    counter.clock.advance(seconds)

    await counter.hand(overheard("Octo/stats#12"))

    assert len(counter.reviews.reviewed) == 1
    (pointer,) = counter.chat.kinds("said")
    assert (pointer.where.thread, str(pointer.what)) == (
        "t2",
        f"I reviewed octo/stats#12 at this head {age}: https://chat.example/slack:T1/C2/t1",
    )


async def test_a_link_to_an_older_head_or_an_older_review_is_reviewed() -> None:
    counter = a_public_counter()
    await counter.hand(overheard("octo/stats#12"))
    counter.code_host.head = counter.reviews.head = MOVED
    await counter.hand(overheard("octo/stats#12"))
    counter.clock.advance(timedelta(days=7, seconds=1).total_seconds())
    await counter.hand(overheard("octo/stats#12"))

    assert len(counter.reviews.reviewed) == 3
    assert not counter.chat.said


async def test_who_asks_for_a_review_gets_one_also_of_a_head_that_was_reviewed() -> None:
    counter = a_public_counter()

    await counter.hand(review(TWELVE))
    await counter.hand(review(TWELVE))

    assert len(counter.reviews.reviewed) == 2


async def test_what_another_channel_reviewed_is_not_pointed_to() -> None:
    counter = a_public_counter()
    await counter.hand(review(TWELVE))

    chat = TranscriptChat(where=ThreadRef(channel="slack:T1/C9"), local=False)
    await counter.desk.handle(overheard("octo/stats#12"), chat)

    assert len(chat.kinds("review")) == 1


async def test_where_threads_have_no_address_the_review_is_only_spoken_of() -> None:
    class WithoutLinks(TranscriptChat):
        async def link_to(self, where: ThreadRef) -> str:
            return ""

    counter = a_public_counter(chat=WithoutLinks(where=ThreadRef(channel=CHANNEL), local=False))
    await counter.hand(overheard("octo/stats#12"))
    await counter.hand(overheard("octo/stats#12"))

    assert counter.chat.said == ["I reviewed octo/stats#12 at this head just now, in this channel."]


async def test_a_review_leaves_out_what_the_channel_dismissed() -> None:
    counter = a_public_counter()
    await counter.feedback.dismiss(a_dismissal())
    await counter.feedback.dismiss(replace(a_dismissal(FINDINGS[1]), channel="slack:T1/C9"))

    await counter.hand(review(TWELVE))

    assert counter.reviews.dismissed == [frozenset({FINDINGS[0].id})]


async def test_again_reads_what_moved_since_the_review() -> None:
    counter = a_public_counter()
    await counter.hand(review(TWELVE))
    (first,) = counter.memory.records
    counter.code_host.head = counter.reviews.head = MOVED

    await again(counter, first)

    assert counter.reviews.since == [None, first]
    assert [record.where.thread for record in counter.memory.records] == ["t1", "t1"]
    assert len(counter.chat.kinds("thread")) == 1


async def test_again_at_the_same_head_reads_everything() -> None:
    counter = a_public_counter()
    await counter.hand(review(TWELVE))

    await again(counter, counter.memory.records[0])

    assert counter.reviews.since == [None, None]


async def test_again_builds_on_the_newest_review_of_the_change() -> None:
    counter = a_public_counter()
    await counter.hand(review(TWELVE))
    counter.clock.advance(60)
    counter.code_host.head = counter.reviews.head = MOVED
    await counter.hand(review(TWELVE))
    first, second = counter.memory.records
    counter.code_host.head = "3d" * 20

    await again(counter, first)

    assert counter.reviews.since[2] == second


async def test_again_of_a_forgotten_review_says_what_to_do() -> None:
    counter = a_public_counter()

    await counter.hand(AgainCommand(review="gone"), thread="t1")

    assert counter.chat.said == ["I do not remember this review any more. `review` makes a new one."]


async def test_again_does_not_reach_into_another_channel() -> None:
    counter = a_public_counter()
    await counter.hand(review(TWELVE))
    chat = TranscriptChat(where=ThreadRef(channel="slack:T1/C9", thread="1"), local=False)

    await counter.desk.handle(AgainCommand(review=counter.memory.records[0].id), chat)

    assert "do not remember" in chat.said[0]
    assert len(counter.reviews.reviewed) == 1


async def test_again_of_a_repository_that_was_made_private_is_refused() -> None:
    counter = a_public_counter()
    await counter.hand(review(TWELVE))
    counter.code_host.repositories["octo/stats"] = True

    await again(counter, counter.memory.records[0])

    assert counter.chat.said == ["This channel may not see the repository of this review any more."]
    assert len(counter.reviews.reviewed) == 1


async def test_again_pressed_twice_reviews_once() -> None:
    counter = a_public_counter()
    await counter.hand(review(TWELVE))
    (record,) = counter.memory.records
    counter.reviews.waits = True
    counter.reviews.began.clear()
    task = asyncio.create_task(again(counter, record))
    await counter.reviews.began.wait()

    await again(counter, record)
    await counter.hand(CancelCommand())
    await task

    assert counter.chat.whispered == ["octo/stats#12 is being reviewed in this channel already."]
    assert len(counter.reviews.reviewed) == 2


async def test_a_local_change_is_not_reviewed_again_by_a_button() -> None:
    counter = Counter()
    await counter.hand(review(DiffFile(path=Path("fix.diff"))))

    await again(counter, counter.memory.records[0])

    assert "Only pull requests" in counter.chat.said[0]


def resumed(counter: Counter) -> None:
    """Let the process be another one that takes up what was asked at the present time."""
    counter.chat = replace(counter.chat, resumed=counter.clock.now(), transcript=[])
    counter.desk = counter.new_desk()
    counter.clock.advance(60)


async def test_a_review_that_was_made_before_the_restart_is_shown_and_not_made_again() -> None:
    counter = a_public_counter()
    at = counter.clock.now()
    await counter.hand(review(TWELVE, SEVEN))
    counter.memory.records.pop()
    counter.memory.said = counter.memory.said[:2]
    resumed(counter)
    counter.chat.resumed = at

    await counter.hand(review(TWELVE, SEVEN))

    assert targets(counter) == ["octo/stats#12", "octo/web#7", "octo/web#7"]
    assert [entry.where.thread for entry in counter.chat.kinds("review")] == ["t1", "t2"]
    assert [turn.text.partition(" and ")[0] for _, turn in counter.memory.said] == [
        "review octo/stats#12",
        "I reviewed octo/stats#12",
        "review octo/web#7",
        "I reviewed octo/web#7",
    ]


async def test_turns_that_are_missing_after_a_restart_are_added() -> None:
    counter = a_public_counter()
    at = counter.clock.now()
    await counter.hand(review(TWELVE))
    before = [turn.text for _, turn in counter.memory.said]
    counter.memory.said.clear()
    resumed(counter)
    counter.chat.resumed = at

    await counter.hand(review(TWELVE))

    assert [turn.text for _, turn in counter.memory.said] == before
    assert len(counter.reviews.reviewed) == 1


async def test_what_was_shown_again_is_shown_without_what_was_dismissed() -> None:
    counter = a_public_counter()
    at = counter.clock.now()
    await counter.hand(review(TWELVE))
    resumed(counter)
    counter.chat.resumed = at
    await counter.feedback.dismiss(a_dismissal())

    await counter.hand(review(TWELVE))

    (entry,) = counter.chat.kinds("review")
    assert isinstance(entry.what, Review)
    assert list(entry.what.numbered()) == [(2, FINDINGS[1])]


async def test_a_review_that_was_cut_off_is_made_anew() -> None:
    counter = a_public_counter()
    await counter.hand(review(TWELVE))
    counter.clock.advance(60)
    resumed(counter)

    await counter.hand(review(TWELVE))

    assert len(counter.reviews.reviewed) == 2


async def test_a_link_that_was_only_pointed_to_before_the_restart_is_not_reviewed_after_it() -> None:
    counter = a_public_counter()
    await counter.hand(review(TWELVE))
    counter.clock.advance(60)
    resumed(counter)

    await counter.hand(overheard("octo/stats#12"))

    assert len(counter.reviews.reviewed) == 1
    assert "I reviewed octo/stats#12 at this head" in counter.chat.said[0]


async def test_a_link_that_was_reviewed_before_the_restart_is_shown_and_not_pointed_to() -> None:
    counter = a_public_counter()
    at = counter.clock.now()
    await counter.hand(overheard("octo/stats#12"))
    resumed(counter)
    counter.chat.resumed = at

    await counter.hand(overheard("octo/stats#12"))

    assert len(counter.reviews.reviewed) == 1
    assert not counter.chat.said
    assert [entry.where.thread for entry in counter.chat.kinds("review")] == ["t1"]


@pytest.mark.parametrize("error", [ChatUnavailable(say("Slack is away.")), ChatRefused(say("It is archived."))])
async def test_a_failure_of_the_chat_itself_is_not_said_into_the_chat(error: BotError) -> None:
    class Archived(TranscriptChat):
        async def show_review(self, record: ReviewRecord) -> None:
            raise error

    class Mute(TranscriptChat):
        async def say(self, sentence: Sentence, *, privately: bool = False) -> None:
            raise error

    counter = a_public_counter()
    where = ThreadRef(channel=CHANNEL, thread="1")

    for chat, command in ((Archived(where=where, local=False), review(TWELVE)), (Mute(where=where), StatusCommand())):
        with pytest.raises(type(error)):
            await counter.desk.handle(command, chat)
        assert not chat.said


def watched(counter: Counter, *, asked: bool = False) -> Awaitable[None]:
    return counter.hand(WatchedReviewCommand(target=TWELVE, asked=asked), thread="card1")


async def test_a_watched_pull_request_is_reviewed_in_the_thread_of_its_card() -> None:
    counter = a_public_counter()

    await watched(counter)

    assert [entry.where.thread for entry in counter.chat.kinds("progress", "review")] == ["card1", "card1", "card1"]
    assert counter.reviews.since == [None]


async def test_a_head_that_was_reviewed_is_not_reviewed_again_unless_somebody_asks() -> None:
    counter = a_public_counter()
    await watched(counter)

    await watched(counter)
    assert len(counter.reviews.reviewed) == 1
    await watched(counter, asked=True)

    assert counter.reviews.since == [None, None]
    assert len(counter.chat.kinds("review")) == 2


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({"kept": {0, 1}}, None),
        ({"kept": {0}}, [2]),
        ({"kept": {0, 1}, "resolved": True}, []),
        ({"kept": {0, 1}, "failed": True}, []),
    ],
)
async def test_of_new_commits_only_what_is_new_or_unread_is_shown_and_no_progress(
    fields: dict[str, Any], shown: list[int] | None
) -> None:
    counter = a_public_counter()
    await watched(counter)
    counter.chat.transcript.clear()
    counter.clock.advance(60)
    counter.code_host.head = counter.reviews.head = MOVED
    counter.reviews.change = partial(moved_on, **fields)

    await watched(counter)

    assert counter.reviews.since[-1] is not None
    reviews = [entry.what for entry in counter.chat.kinds("review") if isinstance(entry.what, Review)]
    assert counter.chat.kinds("progress") == []
    assert [[number for number, _ in one.numbered()] for one in reviews] == ([] if shown is None else [shown])
    assert len(counter.memory.records) == 2, "it is remembered in any case"


def moved_on(review: Review, *, kept: set[int], resolved: bool = False, failed: bool = False) -> Review:
    """Let a review be one of what changed since."""
    names = frozenset(review.findings[place].id for place in kept)
    gone = (a_finding("Gone"),) if resolved else ()
    coverage = a_coverage(failed=(FileNote(path="a.py", reason=say("no answer")),)) if failed else review.coverage
    return replace(
        review,
        since=Since(head_sha=HEAD, unchanged=1, kept=names, resolved=gone),
        coverage=coverage,
        verdict=judge(review.findings, coverage),
    )


async def test_what_is_being_reviewed_already_is_left_alone() -> None:
    counter = a_public_counter(reviews=KnownReviews(waits=True))
    task = await counter.start(review(TWELVE))

    await watched(counter)
    await counter.hand(CancelCommand())
    await task

    assert len(counter.reviews.reviewed) == 1
