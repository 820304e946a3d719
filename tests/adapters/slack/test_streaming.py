"""Answers that appear while they are written."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.adapters.slack.posts import Wall, wall
from tests.standins.slack import StandInSlack, pings

WHOLE = "An empty list divides by zero.\n\nSo *check* it first."


@pytest.fixture
async def slack() -> AsyncIterator[StandInSlack]:
    async with StandInSlack() as standin:
        yield standin


@pytest.fixture
async def here(slack: StandInSlack) -> AsyncIterator[Wall]:
    async with wall(slack) as opened:
        yield opened


async def shown(here: Wall, words: str) -> None:
    """Wait until the one answer says *words*."""
    await here.slack.until(lambda: here.thread and words in here.thread[0].seen)


async def begun(here: Wall) -> None:
    """Push a piece of an answer that nobody finishes, and wait until nothing runs for it any more."""
    before = asyncio.all_tasks()
    (await here.chat(thread=here.ts).answer()).push("An empty list ")
    (task,) = asyncio.all_tasks() - before
    async with asyncio.timeout(5):
        await task


async def test_an_answer_is_streamed_and_stands_once(here: Wall) -> None:
    answer = await here.chat(thread=here.ts).answer()
    answer.push("An empty list ")
    await shown(here, "An empty list")
    answer.push("divides by zero.\n\nSo *check* it ")
    await shown(here, "divides by zero.")
    await answer.finish(WHOLE, sources=("stats.py:3", "finding 1"))

    (message,) = here.thread
    assert not message.streaming
    assert message.seen == f"{WHOLE}\n\n_From: `stats.py:3`, `finding 1`_"
    assert here.slack.of("chat.update") == []
    (begun,) = here.slack.of("chat.startStream")
    assert (begun.arguments["recipient_team_id"], begun.arguments["recipient_user_id"]) == ("T1", "U1")


async def test_pushing_never_waits(here: Wall) -> None:
    answer = await here.chat(thread=here.ts).answer()
    for word in WHOLE.split():
        answer.push(f"{word} ")

    assert here.slack.calls == []
    await answer.finish(WHOLE)


async def test_an_answer_that_became_another_is_corrected(here: Wall) -> None:
    answer = await here.chat(thread=here.ts).answer()
    answer.push("It loops. It loops. It loops. ")
    await shown(here, "It loops.")
    await answer.finish("It is fine.")

    (message,) = here.thread
    assert message.seen == "It is fine."
    assert not message.streaming


async def test_an_answer_without_pieces_is_one_message(here: Wall) -> None:
    await (await here.chat(thread=here.ts).answer()).finish("I do not know.")

    assert [message.seen for message in here.thread] == ["I do not know."]
    assert here.slack.of("chat.startStream") == []


async def test_where_a_stream_cannot_begin_a_message_is_edited(here: Wall) -> None:
    here.slack.storm("chat.startStream", 100, retry_after=60)
    answer = await here.chat(thread=here.ts).answer()
    answer.push("An empty list ")
    await shown(here, "An empty list")
    answer.push("divides by zero. ")
    await shown(here, "divides by zero.")
    await answer.finish(WHOLE)

    (message,) = here.thread
    assert message.seen == WHOLE


async def test_a_stream_that_slack_forgot_goes_on_as_edits(here: Wall) -> None:
    answer = await here.chat(thread=here.ts).answer()
    answer.push("An empty list ")
    await shown(here, "An empty list")
    here.slack.forward(3600)
    answer.push("divides by zero. ")
    await shown(here, "divides by zero.")
    await answer.finish(WHOLE)

    (message,) = here.thread
    assert message.seen == WHOLE
    assert "chat.appendStream: message_not_in_streaming_state" in here.slack.errors


async def test_a_stream_that_slack_forgot_before_its_end_is_corrected(here: Wall) -> None:
    answer = await here.chat(thread=here.ts).answer()
    answer.push("An empty list ")
    await shown(here, "An empty list")
    here.slack.forward(3600)
    await answer.finish(WHOLE)

    assert [message.seen for message in here.thread] == [WHOLE]


async def test_a_stream_that_is_slowed_down_goes_on_as_edits(here: Wall) -> None:
    answer = await here.chat(thread=here.ts).answer()
    answer.push("An empty list ")
    await shown(here, "An empty list")
    here.slack.storm("chat.appendStream", 100, retry_after=60)
    answer.push("divides by zero. ")
    await shown(here, "divides by zero.")
    await answer.finish(WHOLE)

    assert [message.seen for message in here.thread] == [WHOLE]


async def test_an_answer_whose_message_somebody_removed_is_given_anyway(here: Wall) -> None:
    answer = await here.chat(thread=here.ts).answer()
    answer.push("An empty list ")
    await shown(here, "An empty list")
    here.thread[0].deleted = True
    await answer.finish(WHOLE)

    assert [message.seen for message in here.thread] == [WHOLE]


async def test_outside_of_a_thread_an_answer_is_one_message(here: Wall) -> None:
    answer = await here.chat(message="").answer()
    answer.push("An empty list ")
    await answer.finish(WHOLE)

    assert [message.seen for message in here.slack.by_bot("C1")] == [WHOLE]


async def test_a_long_answer_goes_on_in_more_messages(here: Wall) -> None:
    code = "```py\n" + "".join(f"value_{number} = {number}\n" for number in range(1500)) + "```\nThat is all."
    answer = await here.chat(thread=here.ts).answer()
    for begin in range(0, len(code), 500):
        answer.push(code[begin : begin + 500])
    await shown(here, "value_0 ")
    await answer.finish(code)

    assert len(here.thread) > 2
    assert all(message.seen.count("```") == 2 for message in here.thread)
    everything = "".join(message.seen for message in here.thread)
    assert all(everything.count(f"value_{number} =") == 1 for number in range(1500))


async def test_a_mention_cannot_be_made_even_of_two_pieces(here: Wall) -> None:
    answer = await here.chat(thread=here.ts).answer()
    for piece in ("It says <", "!channel> and <", "@U1> and `<", "!here>` ok\n", "so "):
        answer.push(piece)
    await shown(here, "ok")
    (message,) = here.thread
    assert pings(message.text, message.blocks) == []
    await answer.finish("It says <!channel> and <@U1> and `<!here>` ok\nso [it](https://evil.example) is.")

    assert pings(message.text, message.blocks) == []
    assert message.seen == "It says ‹!channel> and ‹@U1> and `‹!here>` ok\nso it (https://evil.example) is."


async def test_an_answer_that_is_taken_up_again_is_not_given_twice(here: Wall) -> None:
    chat = here.chat(thread=here.ts)
    (await chat.answer()).push("An empty list ")
    await shown(here, "An empty list")
    await chat.show_interrupted()
    here.again()
    answer = await here.chat(thread=here.ts).answer()
    answer.push("An empty list divides ")
    await shown(here, "divides")
    await answer.finish(WHOLE)

    assert [message.seen for message in here.thread] == [WHOLE]


async def test_an_answer_of_a_process_that_was_killed_is_not_given_twice(here: Wall) -> None:
    await begun(here)
    here.again()
    await (await here.chat(thread=here.ts).answer()).finish(WHOLE)

    (message,) = here.thread
    assert message.seen == WHOLE
    assert not message.streaming


async def test_nothing_runs_on_when_nobody_finishes(here: Wall) -> None:
    await begun(here)

    assert here.thread[0].seen.strip() == "An empty list"
