"""Every command is answered or taken up again, whatever happens to it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import pytest
from structlog.testing import capture_logs

from adapters.door import MOST_TRIES, Door
from bot.domain.command import Command, HelpCommand
from bot.domain.errors import ChatRefused
from bot.domain.sentence import Sentence, say
from bot.ports.chat import Chat
from tests.builders import NOON
from tests.doubles.chat import TranscriptChat
from tests.doubles.desk import ScriptedDesk
from tests.doubles.inbox import DictInbox, DictJob


@dataclass(kw_only=True)
class DurableTranscript(TranscriptChat):
    """A transcript whose messages stay; `closed` is what it raises when something is said."""

    interrupted: list[str] = field(default_factory=list)
    closed: ChatRefused | None = None

    async def say(self, sentence: Sentence, *, privately: bool = False) -> None:
        if self.closed is not None:
            raise self.closed
        await super().say(sentence, privately=privately)

    async def show_interrupted(self) -> None:
        self.interrupted.append(self.where.channel)


async def a_job(inbox: DictInbox) -> DictJob:
    job = await inbox.take("event", source="slack", body="{}")
    assert job is not None
    return job


async def answers(_command: Command, chat: Chat) -> None:
    await chat.say(say("Here you are."))


async def stumbles(_command: Command, _chat: Chat) -> None:
    raise KeyError("nobody foresaw this")


async def waits(_command: Command, _chat: Chat) -> None:
    await asyncio.Event().wait()


async def test_a_command_that_was_answered_is_done() -> None:
    inbox, chat = DictInbox(), DurableTranscript()
    job = await a_job(inbox)
    door = Door(ScriptedDesk(script=answers))

    door.let_in(HelpCommand(), chat, job)
    await asyncio.gather(*door._tasks)

    assert chat.said == ["Here you are."]
    assert job.finished


async def test_what_nobody_foresaw_is_said_logged_and_not_tried_again() -> None:
    inbox, chat = DictInbox(), DurableTranscript()
    job = await a_job(inbox)
    door = Door(ScriptedDesk(script=stumbles))

    with capture_logs() as logs:
        door.let_in(HelpCommand(), chat, job)
        await asyncio.gather(*door._tasks)

    assert chat.said == ["Something went wrong that nobody foresaw (KeyError); the log says more."]
    assert [entry["event"] for entry in logs] == ["command.crashed"]
    assert job.finished


async def test_a_chat_that_refuses_is_told_to_the_person_where_that_is_possible() -> None:
    async def refused(_command: Command, _chat: Chat) -> None:
        raise ChatRefused(say("That channel is archived."))

    inbox, chat = DictInbox(), DurableTranscript()
    job = await a_job(inbox)
    door = Door(ScriptedDesk(script=refused))

    door.let_in(HelpCommand(), chat, job)
    await asyncio.gather(*door._tasks)

    assert chat.whispered == ["That channel is archived."]
    assert job.finished


async def test_a_chat_that_takes_nothing_more_ends_the_command() -> None:
    refusal = ChatRefused(say("That channel is archived."))
    inbox, chat = DictInbox(), DurableTranscript(closed=refusal)
    job = await a_job(inbox)
    door = Door(ScriptedDesk(script=answers))

    door.let_in(HelpCommand(), chat, job)
    await asyncio.gather(*door._tasks)

    assert job.finished


async def test_what_runs_when_the_door_closes_says_so_and_stays_a_job() -> None:
    inbox, chat = DictInbox(), DurableTranscript()
    job = await a_job(inbox)
    door = Door(ScriptedDesk(script=waits))

    door.let_in(HelpCommand(), chat, job)
    await asyncio.sleep(0)
    await door.close()

    assert chat.interrupted == ["console"]
    assert not job.finished


async def test_what_is_answered_when_the_door_closes_is_done() -> None:
    written = asyncio.Event()

    class SlowJob(DictJob):
        async def done(self) -> None:
            await written.wait()
            await super().done()

    chat, door = DurableTranscript(), Door(ScriptedDesk(script=answers))
    job = SlowJob(id="event", names=("event",), source="slack", body="{}", at=NOON)
    door.let_in(HelpCommand(), chat, job)
    await asyncio.sleep(0)
    closing = asyncio.create_task(door.close())
    await asyncio.sleep(0)
    written.set()
    await closing

    assert job.finished
    assert chat.interrupted == []


async def test_a_command_that_is_stopped_by_somebody_else_is_done() -> None:
    async def stopped(_command: Command, _chat: Chat) -> None:
        raise asyncio.CancelledError

    inbox, chat = DictInbox(), DurableTranscript()
    job = await a_job(inbox)
    door = Door(ScriptedDesk(script=stopped))

    door.let_in(HelpCommand(), chat, job)
    with pytest.raises(asyncio.CancelledError):
        await asyncio.gather(*door._tasks)

    assert chat.interrupted == []


async def test_what_ended_the_process_too_often_is_given_up() -> None:
    desk, chat = ScriptedDesk(script=answers), DurableTranscript(resumed=NOON)
    job = DictJob(id="event", names=("event",), source="slack", body="{}", at=NOON, tries=MOST_TRIES + 1)
    door = Door(desk)

    door.let_in(HelpCommand(), chat, job)
    await asyncio.gather(*door._tasks)

    assert desk.handed == []
    assert chat.said == ["This was interrupted 3 times, so I do not begin again. Ask once more to try."]
    assert job.finished
