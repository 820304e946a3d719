"""A console on this process's own terminal, run by `test_terminal.py`; its desk waits for ever when told `wait`.

Told to wait in the answer, it ends the answer when it is stopped, as the desk of the program does.
"""

from __future__ import annotations

import asyncio
import fcntl
import sys
import termios
from pathlib import Path

from adapters.console.adapter import ConsoleAdapter
from adapters.console.settings import ConsoleSettings
from bot.domain.command import AskCommand, Command, ReviewCommand
from bot.domain.progress import Progress, Stage
from bot.domain.sentence import say
from bot.lifetime import run
from bot.ports.chat import Chat
from tests.builders import a_record
from tests.doubles.desk import ScriptedDesk


async def script(command: Command, chat: Chat) -> None:
    """Show everything that a terminal can show."""
    if isinstance(command, ReviewCommand):
        thread = await chat.open_thread(str(command.targets[0]))
        await thread.show_progress(Progress(target="x", stage=Stage.READING, done=1, total=2, path="stats.py"))
        await thread.show_review(a_record())
    elif isinstance(command, AskCommand) and "wait" in command.question:
        await chat.say(say("On it."))
        answer = await chat.answer()
        answer.push("Thinking about it ")
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            if "answer" in command.question:
                await answer.finish("Thinking about it (stopped)")
            raise
    elif isinstance(command, AskCommand):
        answer = await chat.answer()
        answer.push("drafted")
        await answer.finish(f"answered {command.question!r}")


async def main() -> int:
    """Talk."""
    settings = ConsoleSettings(web_url="https://github.com", folder=Path(), history=Path(sys.argv[1]))
    await ConsoleAdapter(ScriptedDesk(script=script), settings, str).run()
    return 0


if __name__ == "__main__":
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)  # so that Ctrl-C on it is a signal to this process
    sys.exit(run(main()))
