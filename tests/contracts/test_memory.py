"""What every `Memory` does, shown on the database and on its double."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from bot.domain.change import CiState, Issue
from bot.domain.conversation import Conversation, ReviewRecord, Role, Turn
from bot.domain.diff import Diff, FileDiff, FileStatus
from bot.domain.finding import Category, Dropped, Severity
from bot.domain.review import CommitNote, FileNote, Since
from bot.domain.sentence import say, say_many
from bot.ports.memory import Memory
from tests.builders import (
    NOON,
    a_change,
    a_coverage,
    a_diff,
    a_file,
    a_finding,
    a_pull_request,
    a_record,
    a_review,
    a_thread,
    a_turn,
)
from tests.doubles.memory import DictMemory
from tests.store.file_memory import FileMemory

HERE = a_thread("1")
NEXT_DOOR = a_thread("2")
ELSEWHERE = a_thread("1", channel="slack:T1/C2")

STRANGE = "Grüße, 你好 🎉 \\u0041 \\ \udc80\udcff \x00 \r\n\t end"


@pytest.fixture(params=["database", "double"])
async def memory(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Memory]:
    if request.param == "double":
        yield DictMemory()
        return
    real = FileMemory(tmp_path / "memory.sqlite3")
    try:
        yield real
    finally:
        await real.close()


def after(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def said(*texts: str, start: float = 0) -> list[Turn]:
    """Make turns one minute apart."""
    return [a_turn(text, at=after(start + number)) for number, text in enumerate(texts)]


def texts(turns: Iterator[Turn] | tuple[Turn, ...] | list[Turn]) -> list[str]:
    return [turn.text for turn in turns]


def rich_record() -> ReviewRecord:
    """Make a review and a change in which every kind of value occurs."""
    reason = say("{path} was not read: {why}", path=STRANGE, why=say_many("one line", "{count} lines", 3, share=0.5))
    unread = FileDiff(
        path=STRANGE, old_path="ö", status=FileStatus.RENAMED, unread=reason, lines_declared=7, new_mode="100755"
    )
    pull_request = a_pull_request(
        title=STRANGE,
        ref=None,
        private=None,
        labels=("bug", STRANGE),
        ci=CiState.FAILING,
        issues=(Issue(number=3, title=STRANGE, body=""),),
    )
    change = a_change(
        pull_request=pull_request,
        diff=Diff(files=(unread, a_file("b.py", "a\r\n", f"{STRANGE}\nlast"), *a_diff().files)),
        generated=frozenset({"a", STRANGE}),
        per_commit=(a_diff(), Diff(files=())),
    )
    review = a_review(
        [a_finding(STRANGE, severity=Severity.CRITICAL, category=Category.SECURITY), a_finding(source="secrets")],
        pull_request=pull_request,
        coverage=a_coverage(failed=(FileNote(path=STRANGE, reason=reason),)),
        dropped=(Dropped(title="x", path=STRANGE, reason=reason),),
        commits=(CommitNote(sha="1f", title=STRANGE, summary=""),),
        unsummarised=reason,
        more=(a_finding("One more"),),
        dismissed=(a_finding("Not wanted"),),
        since=Since(head_sha="1f", unchanged=2, kept=frozenset({"a"}), resolved=(a_finding("Gone"),)),
    )
    return a_record(where=ELSEWHERE, target=STRANGE, review=review, change=change, at=after(0.001))


async def test_a_review_comes_back_equal(memory: Memory) -> None:
    record = rich_record()

    await memory.save_review(record)

    assert await memory.reviews(ELSEWHERE.channel, target=STRANGE) == [record]


async def test_turns_come_back_equal(memory: Memory) -> None:
    turns = (
        a_turn(STRANGE, author=STRANGE, at=NOON.replace(microsecond=123456)),
        a_turn("", role=Role.BOT),
    )

    await memory.add_turns(a_thread(STRANGE, channel=STRANGE), turns)

    assert await memory.conversation(a_thread(STRANGE, channel=STRANGE)) == Conversation(turns=turns)


async def test_moments_of_other_zones_are_the_same_moments(memory: Memory) -> None:
    tokyo = timezone(timedelta(hours=9))
    await memory.save_review(a_record(target="late", at=after(1).astimezone(tokyo)))
    await memory.save_review(a_record(target="early", at=NOON))

    found = await memory.reviews("console", since=after(0.5).astimezone(tokyo))

    assert [(record.target, record.at) for record in found] == [("late", after(1))]


async def test_reviews_come_newest_first(memory: Memory) -> None:
    for target, minute in (("second", 1), ("first", 0), ("third", 2), ("also third", 2)):
        await memory.save_review(a_record(target=target, at=after(minute)))

    found = await memory.reviews("console")

    assert [record.target for record in found] == ["also third", "third", "second", "first"]


async def test_no_more_reviews_come_than_asked_for(memory: Memory) -> None:
    for number in range(5):
        await memory.save_review(a_record(target=f"{number}", at=after(number)))

    found = await memory.reviews("console", limit=2)

    assert [record.target for record in found] == ["4", "3"]


async def test_reviews_are_narrowed_by_each_condition(memory: Memory) -> None:
    wanted = a_record(where=HERE, target="o/r#1", at=after(5))
    others = (
        replace(wanted, where=NEXT_DOOR),
        replace(wanted, where=ELSEWHERE),
        replace(wanted, target="o/r#2"),
        replace(wanted, at=after(4)),
    )
    for number, record in enumerate((wanted, *others)):
        await memory.save_review(replace(record, id=wanted.id if record is wanted else f"other{number}"))

    found = await memory.reviews(HERE.channel, thread=HERE.thread, target="o/r#1", since=after(5))

    assert found == [wanted]


async def test_a_review_is_found_by_its_id(memory: Memory) -> None:
    record, other = a_record(where=ELSEWHERE), a_record()
    await memory.save_review(record)
    await memory.save_review(other)

    assert await memory.review(record.id) == record
    assert await memory.review("unknown") is None


async def test_a_forgotten_review_is_not_found_by_its_id(memory: Memory) -> None:
    gone, old, stays = a_record(where=HERE, at=after(5)), a_record(where=NEXT_DOOR), a_record(where=NEXT_DOOR)
    for record in (gone, old, replace(stays, at=after(5))):
        await memory.save_review(record)

    await memory.forget("console", thread="1")
    await memory.forget_before(after(1))

    assert [await memory.review(record.id) for record in (gone, old)] == [None, None]
    assert await memory.review(stays.id) == replace(stays, at=after(5))


async def test_a_note_says_a_review_in_short(memory: Memory) -> None:
    record = rich_record()
    await memory.save_review(record)

    assert await memory.notes([ELSEWHERE.channel]) == [record.note]


async def test_notes_are_the_last_of_some_channels_newest_first(memory: Memory) -> None:
    for target, channel, minute in (("a", "x", 1), ("b", "y", 4), ("c", "x", 3), ("d", "z", 5), ("e", "y", 3)):
        await memory.save_review(a_record(target=target, where=a_thread(channel=channel), at=after(minute)))

    assert [note.target for note in await memory.notes(["x", "y", "nowhere"])] == ["b", "e", "c", "a"]
    assert [note.target for note in await memory.notes(["x", "y"], limit=2)] == ["b", "e"]
    assert await memory.notes([]) == []


async def test_who_reviewed_or_spoke_in_a_thread_takes_part_in_it(memory: Memory) -> None:
    await memory.save_review(a_record(where=HERE))
    await memory.add_turns(NEXT_DOOR, said("a"))

    assert await memory.takes_part(HERE)
    assert await memory.takes_part(NEXT_DOOR)
    assert not await memory.takes_part(ELSEWHERE)
    assert not await memory.takes_part(a_thread("3"))


async def test_nobody_takes_part_in_a_whole_channel(memory: Memory) -> None:
    await memory.save_review(a_record(where=a_thread("")))
    await memory.add_turns(a_thread(""), said("a"))

    assert not await memory.takes_part(a_thread(""))


async def test_who_forgot_a_thread_takes_no_part_in_it_any_more(memory: Memory) -> None:
    await fill_three_threads(memory)

    await memory.forget("console", thread="1")

    assert not await memory.takes_part(HERE)
    assert await memory.takes_part(NEXT_DOOR)


async def test_the_bare_channel_is_a_thread_of_its_own(memory: Memory) -> None:
    await memory.save_review(a_record(where=a_thread(""), target="in the room"))
    await memory.save_review(a_record(where=HERE, target="in a thread"))

    found = await memory.reviews("console", thread="")

    assert [record.target for record in found] == ["in the room"]


async def test_where_nothing_was_said_there_is_nothing(memory: Memory) -> None:
    assert await memory.conversation(HERE) == Conversation()
    assert await memory.reviews("console") == []
    assert await memory.channel_turns("console") == []
    assert await memory.forget("console") == 0
    assert await memory.forget_before(NOON) == 0


async def test_a_conversation_keeps_the_order_in_which_turns_were_added(memory: Memory) -> None:
    await memory.add_turns(HERE, said("a", "b", start=10))
    await memory.add_turns(NEXT_DOOR, said("other"))
    await memory.add_turns(HERE, said("c", start=5))

    assert texts((await memory.conversation(HERE)).turns) == ["a", "b", "c"]


async def test_adding_no_turns_changes_nothing(memory: Memory) -> None:
    await memory.add_turns(HERE, [])

    assert await memory.conversation(HERE) == Conversation()


class BreakingOff(list[Turn]):
    """Turns that cannot be read to their end."""

    def __iter__(self) -> Iterator[Turn]:
        yield from said("a", "b")
        raise KeyError("broken off")


async def test_turns_are_added_together_or_not_at_all(memory: Memory) -> None:
    with pytest.raises(KeyError):
        await memory.add_turns(HERE, BreakingOff(said("a", "b", "c")))

    assert await memory.conversation(HERE) == Conversation()


async def test_channel_turns_are_the_last_of_all_threads_oldest_first(memory: Memory) -> None:
    await memory.add_turns(HERE, said("1", "3", "4", start=1))
    await memory.add_turns(NEXT_DOOR, [a_turn("2", at=after(1.5)), a_turn("5", at=after(3))])
    await memory.add_turns(ELSEWHERE, said("not here", start=9))

    assert texts(list(await memory.channel_turns("console"))) == ["1", "2", "3", "4", "5"]
    assert texts(list(await memory.channel_turns("console", limit=2))) == ["4", "5"]
    assert texts(list(await memory.channel_turns("console", since=after(2)))) == ["3", "4", "5"]
    assert await memory.channel_turns("console", limit=0) == []


async def test_a_summary_stands_for_the_oldest_turns(memory: Memory) -> None:
    await memory.add_turns(HERE, said("a", "b", "c"))

    await memory.save_summary(HERE, f"about a and b {STRANGE}", covers=2)

    conversation = await memory.conversation(HERE)
    assert conversation.summary == f"about a and b {STRANGE}"
    assert texts(conversation.turns) == ["c"]


async def test_a_later_summary_covers_more(memory: Memory) -> None:
    await memory.add_turns(NEXT_DOOR, said("other"))
    await memory.add_turns(HERE, said("a", "b", "c"))
    await memory.save_summary(HERE, "a", covers=1)
    await memory.add_turns(HERE, said("d"))

    await memory.save_summary(HERE, "a to c", covers=2)

    conversation = await memory.conversation(HERE)
    assert (conversation.summary, texts(conversation.turns)) == ("a to c", ["d"])
    assert texts((await memory.conversation(NEXT_DOOR)).turns) == ["other"]


async def test_a_summary_that_covers_no_more_is_only_said_anew(memory: Memory) -> None:
    await memory.add_turns(HERE, said("a", "b"))
    await memory.save_summary(HERE, "about a", covers=1)

    await memory.save_summary(HERE, "a, in short", covers=0)

    conversation = await memory.conversation(HERE)
    assert (conversation.summary, texts(conversation.turns)) == ("a, in short", ["b"])


async def test_a_summary_covers_only_what_was_said_so_far(memory: Memory) -> None:
    await memory.add_turns(HERE, said("a"))
    await memory.save_summary(HERE, "everything", covers=10)

    await memory.add_turns(HERE, said("b"))

    assert texts((await memory.conversation(HERE)).turns) == ["b"]


async def test_summarised_turns_are_still_in_the_channel(memory: Memory) -> None:
    await memory.add_turns(HERE, said("a", "b"))

    await memory.save_summary(HERE, "both", covers=2)

    assert texts(list(await memory.channel_turns("console"))) == ["a", "b"]


async def fill_three_threads(memory: Memory) -> None:
    for where in (HERE, NEXT_DOOR, ELSEWHERE):
        await memory.save_review(a_record(where=where))
        await memory.add_turns(where, said("a", "b"))
        await memory.save_summary(where, "about a", covers=1)


async def test_forgetting_a_thread_leaves_the_others(memory: Memory) -> None:
    await fill_three_threads(memory)

    gone = await memory.forget("console", thread="1")

    assert gone == 3
    assert await memory.conversation(HERE) == Conversation()
    assert await memory.reviews("console", thread="1") == []
    assert (await memory.conversation(NEXT_DOOR)).summary == "about a"
    assert len(await memory.reviews("console")) == 1
    assert len(await memory.channel_turns("console")) == 2


async def test_forgetting_a_channel_leaves_the_others(memory: Memory) -> None:
    await fill_three_threads(memory)

    gone = await memory.forget("console")

    assert gone == 6
    for where in (HERE, NEXT_DOOR):
        assert await memory.conversation(where) == Conversation()
    assert await memory.reviews("console") == []
    assert await memory.channel_turns("console") == []
    assert len(await memory.reviews(ELSEWHERE.channel)) == 1
    assert texts((await memory.conversation(ELSEWHERE)).turns) == ["b"]


async def test_a_forgotten_thread_starts_anew(memory: Memory) -> None:
    await memory.add_turns(HERE, said("a", "b"))
    await memory.save_summary(HERE, "both", covers=2)
    await memory.forget("console", thread="1")

    await memory.add_turns(HERE, said("c"))

    assert await memory.conversation(HERE) == Conversation(turns=tuple(said("c")))


async def test_what_is_older_than_a_moment_is_forgotten_everywhere(memory: Memory) -> None:
    for where in (HERE, ELSEWHERE):
        await memory.add_turns(where, said("old", "on time", "young"))
    await memory.save_review(a_record(target="old", at=NOON))
    await memory.save_review(a_record(target="on time", at=after(1)))

    gone = await memory.forget_before(after(1))

    assert gone == 3
    assert texts((await memory.conversation(HERE)).turns) == ["on time", "young"]
    assert texts((await memory.conversation(ELSEWHERE)).turns) == ["on time", "young"]
    assert [record.target for record in await memory.reviews("console")] == ["on time"]


async def test_a_summary_goes_with_the_first_turn_it_speaks_of(memory: Memory) -> None:
    await memory.add_turns(HERE, said("old", "young", "youngest"))
    await memory.save_summary(HERE, "about old and young", covers=2)

    await memory.forget_before(after(1))

    assert await memory.conversation(HERE) == Conversation(turns=tuple(said("young", "youngest", start=1)))


async def test_a_summary_of_younger_turns_stays(memory: Memory) -> None:
    await memory.add_turns(NEXT_DOOR, said("old"))
    await memory.add_turns(HERE, said("young", "youngest", start=1))
    await memory.save_summary(HERE, "about young", covers=1)

    await memory.forget_before(after(1))

    conversation = await memory.conversation(HERE)
    assert (conversation.summary, texts(conversation.turns)) == ("about young", ["youngest"])


async def test_twenty_write_and_read_at_once(memory: Memory) -> None:
    async def take_part(number: int) -> int:
        where = a_thread(f"{number}")
        await memory.add_turns(where, [a_turn("question"), a_turn("answer", role=Role.BOT)])
        await memory.save_review(a_record(where=where, at=datetime(2026, 1, 1 + number, tzinfo=UTC)))
        await memory.save_summary(where, f"about {number}", covers=1)
        return len((await memory.conversation(where)).turns)

    left = await asyncio.gather(*(take_part(number) for number in range(20)))

    assert left == [1] * 20
    assert len(await memory.channel_turns("console")) == 40
    assert len(await memory.reviews("console", limit=50)) == 20
