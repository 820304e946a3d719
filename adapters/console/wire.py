"""Typed lines -> what to do: a `Command` for the desk, or a movement between the threads of this terminal."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from adapters.console.settings import ConsoleSettings
from bot.domain.change import DiffFile
from bot.domain.command import Command, HelpCommand, Misunderstood, ReviewCommand
from bot.domain.grammar import VERBS, Heard, parse
from bot.domain.sentence import say

SAMPLE = Path(__file__).with_name("sample.diff")
SAMPLE_QUESTION = "What happens when page is 0?"

# A path begins with a slash as well; a command is a single word behind it.
_SLASH = re.compile(r"/[A-Za-z]+(\s|$)")
_SLACK = re.compile(rf"^review\s+(?=({'|'.join(VERBS)})\b)", re.IGNORECASE)

WORDS = ("/threads", "/thread", "/leave", "/quit")
"""What stands for clicking, on a terminal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListThreads:
    """Show the threads of this channel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterThread:
    """Go to a thread, by its number in the list."""

    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveThread:
    """Go back to the channel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quit:
    """End the program."""


Action: TypeAlias = Command | ListThreads | EnterThread | LeaveThread | Quit


def read(line: str, settings: ConsoleSettings) -> Action:
    """Read a line that is not empty.

    A leading slash, or `/review` as people write it on Slack, is an address like Slack's; other words are spoken to
    the bot, as after a mention.
    """
    words = line.strip()
    match words.lower().split():
        case ["/threads"] | ["/thread"]:
            return ListThreads()
        case ["/thread", number] if number.isascii() and number.isdigit():
            return EnterThread(number=int(number))
        case ["/thread", *_]:
            return Misunderstood(
                sentence=say("Which thread? Say its number, as in `/thread 2`; `/threads` lists them with numbers.")
            )
        case ["/leave"]:
            return LeaveThread()
        case ["/quit" | "/exit" | "/q"]:
            return Quit()
        case ["sample"] | ["review", "sample"] | ["/review", "sample"]:
            return ReviewCommand(targets=(DiffFile(path=SAMPLE),))
    slash = _SLASH.match(words) is not None
    text = _SLACK.sub("", words[1:]) if slash else words
    heard = Heard.SLASH if slash else Heard.ADDRESSED
    command = parse(text, web_url=settings.web_url, heard=heard, local=True, folder=settings.folder)
    return command or HelpCommand()
