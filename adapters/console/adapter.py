"""The console adapter: a terminal, or a pipe, as a chat channel with threads."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncGenerator, Coroutine, Iterator
from contextlib import aclosing, contextmanager, nullcontext
from datetime import UTC, datetime
from types import FrameType
from typing import TextIO

import structlog

from adapters.console.chat import CHANNEL, ConsoleChat
from adapters.console.lines import piped, typed
from adapters.console.render import HELP, short
from adapters.console.screen import Screen
from adapters.console.settings import ConsoleSettings
from adapters.console.wire import (
    SAMPLE_QUESTION,
    WORDS,
    Action,
    EnterThread,
    LeaveThread,
    ListThreads,
    Quit,
    read,
)
from bot.domain.command import Command, ForgetCommand, HelpCommand, ReviewCommand
from bot.domain.conversation import ReviewNote, ThreadRef
from bot.domain.errors import BotError
from bot.domain.grammar import VERBS
from bot.domain.sentence import Sentence, Speak, say
from bot.ports.desk import Desk
from bot.reporting.age import of_age

log = structlog.get_logger()


class ConsoleAdapter:
    """Reads lines, hands them to the desk one after another, and shows what comes back.

    The newest review's thread is where plain words are said until somebody goes elsewhere.
    """

    def __init__(
        self,
        desk: Desk,
        settings: ConsoleSettings,
        speak: Speak,
        *,
        stdin: TextIO | None = None,
        stdout: TextIO | None = None,
    ) -> None:
        self._desk = desk
        self._settings = settings
        self._stdin = stdin or sys.stdin
        self._stdout = stdout or sys.stdout
        self._screen = Screen(self._stdout, speak)
        # An unattended chat is a pipe on either side. A terminal that cannot move its cursor has no line editor.
        self._attended = bool(self._stdin and not self._stdin.closed and self._stdin.isatty() and self._stdout.isatty())
        self._typing = self._attended and self._screen.moving
        self._here = ThreadRef(channel=CHANNEL)
        self._title = ""

    async def run(self) -> None:
        """Talk until the input ends or somebody quits.

        Raises:
            StoreUnusable: The memory cannot be read.
        """
        await self._greet()
        anything = False
        async with aclosing(self._lines()) as lines:
            async for line in lines:
                if not line.strip():
                    continue
                anything = True
                if not self._attended:
                    self._screen.echo(line)
                action = read(line, self._settings)
                if isinstance(action, Quit):
                    return
                await self._do(action)
        if self._settings.demonstrate and not anything and not self._attended:
            await self._demonstrate()

    async def _greet(self) -> None:
        self._screen.say(
            say(
                "Paste a pull-request link, the path of a .diff file, or a range such as main...HEAD; `help` says more."
            )
        )
        newest = await self._desk.recent_reviews((CHANNEL,), limit=1)
        if newest:
            self._enter(newest[0])
        else:
            self._screen.say(say("No pull request at hand? Type `sample`."))

    async def _demonstrate(self) -> None:
        for line in ("sample", SAMPLE_QUESTION):
            self._screen.echo(line)
            await self._do(read(line, self._settings))

    def _lines(self) -> AsyncGenerator[str, None]:
        if self._stdin and self._typing:
            words = [*VERBS, "sample", *WORDS]
            return typed(self._stdin, self._stdout, prompt=self._prompt, words=words, history=self._settings.history)
        if self._attended:
            return piped(self._stdin, before=lambda: self._screen.ask(self._prompt()))
        return piped(self._stdin)

    def _prompt(self) -> str:
        return f"{short(self._title)}> "

    async def _do(self, action: Action) -> None:
        match action:
            case ListThreads():
                await self._guarded(self._list_threads())
            case EnterThread():
                await self._guarded(self._enter_numbered(action.number))
            case LeaveThread():
                self._leave()
            case Quit():
                return
            case _:
                # A review begins a thread of its own, also when it is asked for inside of another one.
                where = ThreadRef(channel=CHANNEL) if isinstance(action, ReviewCommand) else self._here
                chat = ConsoleChat(self._screen, where, enter=self._go_on, pictures=self._settings.pictures)
                await self._guarded(self._hand_over(action, chat), chat)

    async def _hand_over(self, command: Command, chat: ConsoleChat) -> None:
        await self._desk.handle(command, chat)
        if isinstance(command, HelpCommand):
            for sentence in HELP:
                self._screen.say(sentence)
        if isinstance(command, ForgetCommand) and self._here.thread:
            self._leave()  # nobody can go on in a thread that nothing is known of

    async def _guarded(self, work: Coroutine[object, object, None], chat: ConsoleChat | None = None) -> None:
        """Do *work* so that a failure is a sentence, and Ctrl-C on a terminal ends the work and not the program.

        Args:
            chat: Where it is done; an answer that ended there says itself that it was stopped.
        """
        task = asyncio.ensure_future(work)
        try:
            with _interrupting(task) if self._attended else nullcontext():
                await task
        except asyncio.CancelledError:
            around = asyncio.current_task()
            if around is not None and around.cancelling():
                raise
            if chat is None or not chat.answered:
                self._screen.say(say("Stopped."))
        except BotError as error:
            self._screen.say(error.sentence)
        except Exception as error:  # the door of the adapter
            log.exception("console.failed")
            self._screen.say(
                say(
                    "Something went wrong that nobody foresaw ({name}); --debug shows where.", name=type(error).__name__
                )
            )
        finally:
            self._screen.clear()

    async def _list_threads(self) -> None:
        records = await self._desk.recent_reviews((CHANNEL,))
        if not records:
            self._screen.say(say("There is no thread yet: review something first."))
        for number, record in enumerate(records, start=1):
            self._screen.say(
                say("{number}. {target}, reviewed {age}", number=number, target=short(record.target), age=_age(record))
            )

    async def _enter_numbered(self, number: int) -> None:
        records = await self._desk.recent_reviews((CHANNEL,))
        if not 1 <= number <= len(records):
            self._screen.say(say("There is no thread {number}; `/threads` lists them.", number=number))
            return
        self._enter(records[number - 1])

    def _enter(self, record: ReviewNote) -> None:
        self._here, self._title = record.where, record.target
        self._screen.say(
            say(
                "In the thread of {target}, reviewed {age}: just ask. `/threads` lists the others, `/leave` leaves.",
                target=short(record.target),
                age=_age(record),
            )
        )

    def _leave(self) -> None:
        self._here, self._title = ThreadRef(channel=CHANNEL), ""
        self._screen.say(say("You are in the channel: questions are answered from all that was reviewed here."))

    def _go_on(self, where: ThreadRef, title: str) -> None:
        """Go on in the thread of a review that was just shown."""
        self._here, self._title = where, title
        if self._attended:
            self._screen.say(say("Just ask what you want to know about it; `/leave` leaves this thread."), quietly=True)


def _age(record: ReviewNote) -> Sentence:
    return of_age(record.at, datetime.now(UTC))


@contextmanager
def _interrupting(task: asyncio.Future[None]) -> Iterator[None]:
    """Let the first Ctrl-C cancel *task*; a second one, while it ends, is for the program again."""
    loop, before = asyncio.get_running_loop(), signal.getsignal(signal.SIGINT)

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, before)
        loop.call_soon_threadsafe(task.cancel)

    signal.signal(signal.SIGINT, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
