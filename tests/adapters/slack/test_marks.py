"""What a killed try posted is found again by its mark, and by nothing else."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from adapters.slack.marks import Marks
from adapters.slack.place import SlackPlace
from adapters.slack.posting import Poster
from adapters.slack.render import plain_message
from tests.adapters.slack.posts import Wall, a_job, wall
from tests.standins.slack import StandInSlack


@pytest.fixture
async def slack() -> AsyncIterator[StandInSlack]:
    async with StandInSlack() as standin:
        yield standin


@pytest.fixture
async def here(slack: StandInSlack) -> AsyncIterator[Wall]:
    async with wall(slack) as opened:
        yield opened


def poster(here: Wall, name: str = "j1", *, tries: int = 2, message: str | None = None) -> Poster:
    place = SlackPlace(team="T1", channel="C1", message=here.ts if message is None else message, person="U1")
    return Poster(here.api, place, a_job(id=name, tries=tries))


@pytest.mark.parametrize("message", [None, ""])
async def test_what_an_earlier_try_posted_is_edited(here: Wall, message: str | None) -> None:
    ts = await poster(here, tries=1, message=message).post(plain_message("one"), key="progress")
    await poster(here, tries=1, message=message).edit(ts, plain_message("two"))

    assert await poster(here, message=message).post(plain_message("three"), key="progress") == ts
    assert [message.seen for message in here.slack.by_bot()] == ["three\n"]


async def test_what_is_called_otherwise_or_belongs_to_another_job_is_left_alone(here: Wall) -> None:
    await poster(here, tries=1).post(plain_message("one"), key="progress")
    await poster(here).post(plain_message("two"), key="answer")
    await poster(here, "j2").post(plain_message("three"), key="progress")

    assert [message.seen for message in here.thread] == ["one\n", "two\n", "three\n"]


async def test_a_first_try_looks_for_nothing(here: Wall) -> None:
    await poster(here, tries=1).post(plain_message("one"), key="progress")

    assert here.slack.of("conversations.replies") == []


async def test_where_it_may_not_look_it_posts_anew(here: Wall) -> None:
    here.slack.refusals["conversations.replies"] = "missing_scope"
    await poster(here, tries=1).post(plain_message("one"), key="progress")
    await poster(here).post(plain_message("two"), key="progress")

    assert len(here.thread) == 2


async def test_of_the_bots_messages_only_a_stream_that_did_not_end_has_no_mark(here: Wall) -> None:
    here.api.user = "UBOT"
    place = SlackPlace(team="T1", channel="C1", message=here.ts, person="U1")
    marks = Marks(here.api, place, a_job(tries=2))
    await poster(here, tries=1).post(plain_message("one"), key="progress")
    ended = await here.chat(thread=here.ts).answer()
    ended.push("An empty list ")
    await here.slack.until(lambda: here.slack.of("chat.startStream"))
    await ended.finish("An empty list divides by zero.")
    await here.slack.post("C1", "U2", "and what else?", thread_ts=here.ts)

    assert await marks.find_stream() == ""
    here.again()
    here.job.notes.clear()
    begun = await here.chat(thread=here.ts).answer()
    begun.push("Nothing ")
    await here.slack.until(lambda: len(here.slack.of("chat.startStream")) == 2)
    assert await marks.find_stream() == here.thread[-1].ts
    await begun.finish("Nothing.")
