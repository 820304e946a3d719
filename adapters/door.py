"""The door of an adapter: every command behind a task of its own, answered or taken up again.

Of the two places that catch everything this is the one for chats: what nobody foresaw is logged, said in a sentence,
and does not stop the adapter.
"""

from __future__ import annotations

import asyncio

import structlog

from bot.domain.command import Command
from bot.domain.errors import BotError
from bot.domain.sentence import Sentence, say
from bot.ports.chat import Chat
from bot.ports.desk import Desk
from bot.ports.inbox import Job

log = structlog.get_logger()

MOST_TRIES = 3
"""How often a command is begun before it is given up: it may be what ends the process."""


class Door:
    """Hands commands to the desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._tasks: set[asyncio.Task[None]] = set()
        self._busy: set[asyncio.Task[None]] = set()
        self._closing = False

    def let_in(self, command: Command, chat: Chat, job: Job | None) -> asyncio.Task[None]:
        """Begin with *command*; *job* is held until it was answered, which is when the task ends."""
        task = asyncio.create_task(self._attend(command, chat, job))
        for tasks in (self._tasks, self._busy):
            tasks.add(task)
            task.add_done_callback(tasks.discard)
        return task

    async def close(self) -> None:
        """Stop what runs; it stays a job, and says so where people wait for it. What was answered ends."""
        self._closing = True
        for task in self._busy:
            task.cancel()
        if self._tasks:
            await asyncio.wait([*self._tasks])

    async def _attend(self, command: Command, chat: Chat, job: Job | None) -> None:
        name = type(command).__name__
        try:
            if job is not None and job.tries > MOST_TRIES:
                log.warning("command.given_up", command=name, tries=job.tries - 1)
                await _try_to_say(chat, _given_up())
            else:
                await self._desk.handle(command, chat)
        except asyncio.CancelledError:
            if not self._closing:
                raise
            await _try_to_show_interrupted(chat)
            return
        except BotError as error:  # of the chat itself; the desk has said all others
            log.warning("command.unanswered", command=name, error=type(error).__name__, why=str(error.sentence))
            await _try_to_say(chat, error.sentence, privately=True)
        except Exception as error:
            log.exception("command.crashed", command=name)
            await _try_to_say(chat, _unforeseen(error))
        if job is not None:
            self._busy -= {asyncio.current_task()}
            await _let_go(job)


async def _let_go(job: Job) -> None:
    try:
        await job.done()
    except BotError as error:  # it is begun again after a restart, which is better than a dead adapter
        log.warning("job.not_closed", error=type(error).__name__)


async def _try_to_say(chat: Chat, sentence: Sentence, *, privately: bool = False) -> None:
    try:
        await chat.say(sentence, privately=privately)
    except BotError as error:
        log.warning("chat.silent", error=type(error).__name__)


async def _try_to_show_interrupted(chat: Chat) -> None:
    try:
        await chat.show_interrupted()
    except BotError as error:
        log.warning("chat.silent", error=type(error).__name__)


def _given_up() -> Sentence:
    return say("This was interrupted {count} times, so I do not begin again. Ask once more to try.", count=MOST_TRIES)


def _unforeseen(error: Exception) -> Sentence:
    return say("Something went wrong that nobody foresaw ({name}); the log says more.", name=type(error).__name__)
