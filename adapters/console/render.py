"""Domain values -> sentences and renderables. Text of strangers is made plain here, and rich's markup is never read."""

from __future__ import annotations

from pathlib import Path

from rich.console import RenderableType
from rich.markdown import Markdown
from rich.progress_bar import ProgressBar
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from bot.domain.plain_text import one_line, plain
from bot.domain.progress import Progress, Stage
from bot.domain.sentence import Sentence, Speak, say
from bot.domain.watch import Card
from bot.reporting.card_words import card_facts, review_line, state

BAR = 16
"""Columns of the bar."""

_LONGEST_NAME = 40

HELP = (
    say("On this terminal also:"),
    say("`sample`: review a small change that comes with the program"),
    say("the path of a .diff or .patch file, or a range such as main...HEAD: review it"),
    say("`/threads`, `/thread N`: list the threads, go to one of them"),
    say("`/leave`: go out of the thread, to the channel"),
    say("`/quit`: end the program"),
)
"""What the desk's help leaves out, for no other platform knows it."""


def of_progress(progress: Progress) -> Sentence:
    """Put progress into words."""
    match progress.stage:
        case Stage.QUEUED:
            return say("Taking up {target}", target=short(progress.target))
        case Stage.FETCHING:
            return say("Fetching {target}", target=short(progress.target))
        case Stage.LOADING:
            return say("Loading the model")
        case Stage.SUMMARISING:
            return say("Summarising")
        case Stage.READING:
            return say(
                "Reading {path} ({number} of {total})",
                path=progress.path,
                number=min(progress.done + 1, progress.total),
                total=progress.total,
            )


def of_card(card: Card) -> Sentence:
    """Say how a pull request stands."""
    entry = card.entry
    told = [state(card), *card_facts(card), review_line(card)]
    values = {f"fact_{number}": sentence for number, sentence in enumerate(told)}
    frame = " · ".join(f"{{{name}}}" for name in values)
    return Sentence(
        text=f"{{name}} {{title}}: {frame}", values={"name": str(entry.ref), "title": entry.title, **values}
    )


def progress_line(progress: Progress, spinner: Spinner, speak: Speak) -> RenderableType:
    """Draw one line: something that moves, a bar where there are parts, and the words as far as they fit."""
    line = Table.grid(padding=(0, 1))
    words = Text(one_line(speak(of_progress(progress))), no_wrap=True, overflow="ellipsis")
    if progress.total:
        line.add_row(spinner, ProgressBar(total=progress.total, completed=progress.done, width=BAR), words)
    else:
        line.add_row(spinner, words)
    return line


def review_text(markdown: str) -> RenderableType:
    """Lay out a review; the links in it are the bot's own."""
    return Markdown(plain(markdown))


def answer_text(text: str) -> RenderableType:
    """Lay out what a model wrote; where a link leads is shown, for nobody checked it."""
    return Markdown(plain(text), hyperlinks=False)


def short(title: str) -> str:
    """Shorten the name of a change for a prompt or a list: of a path the last part is enough."""
    name = one_line(Path(title).name if title.startswith("/") else title)
    return name if len(name) <= _LONGEST_NAME else f"…{name[1 - _LONGEST_NAME :]}"
