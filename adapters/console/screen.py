"""What is shown on a terminal, where a line can be edited in place, and in a pipe, where what is written stays.

A pipe gets everything in order on standard output, progress too: it is the chat's transcript. Logs are elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from rich.console import Console, RenderableType
from rich.live import Live
from rich.spinner import Spinner
from rich.text import Text

from adapters.console.render import answer_text, of_card, of_progress, progress_line, review_text
from bot.domain.digest import Digest
from bot.domain.picture import Picture
from bot.domain.plain_text import one_line, plain
from bot.domain.progress import Progress, Stage
from bot.domain.review import Review
from bot.domain.sentence import Sentence, Speak, say
from bot.domain.watch import Card
from bot.reporting.digest import render_digest
from bot.reporting.markdown import render

STEPS = 10
"""Most lines of progress about one stage where they stay."""


class Screen:
    """Where everything is written.

    Args:
        width: Columns; None asks the terminal.
    """

    def __init__(self, out: TextIO, speak: Speak, *, width: int | None = None) -> None:
        # FORCE_COLOR would make rich take a pipe for a terminal.
        self._console = Console(
            file=out, force_terminal=out.isatty(), highlight=False, markup=False, emoji=False, width=width
        )
        self._speak = speak
        self._live: Live | None = None
        self._spinner = Spinner("dots")
        self._step: tuple[Stage, int, int] | None = None

    @property
    def moving(self) -> bool:
        """Tell whether something that was written can be changed."""
        return self._console.is_terminal and not self._console.is_dumb_terminal

    def say(self, sentence: Sentence, *, quietly: bool = False) -> None:
        """Write a sentence of the bot, *quietly* where it only tells people their way."""
        self._write(plain(self._speak(sentence)), style="dim" if quietly else "")

    def echo(self, line: str) -> None:
        """Write what was read from a pipe, so that the answers below it make sense."""
        self._write(f"\n> {one_line(line)}")

    def ask(self, prompt: str) -> None:
        """Write a prompt where no line editor can."""
        self._console.print(Text(prompt), end="")
        self._console.file.flush()

    def show_progress(self, progress: Progress) -> None:
        """Show how far a review is: in one line that is edited, or else in a few that stay."""
        if self.moving:
            self._animate(progress_line(progress, self._spinner, self._speak))
            return
        step = (progress.stage, progress.total, progress.done * STEPS // max(progress.total, STEPS))
        if step != self._step:
            self._write(one_line(self._speak(of_progress(progress))))
            self._step = step

    def show_review(self, review: Review) -> None:
        """Write a review in place of its progress."""
        text = render(review, self._speak)
        self._write(review_text(text) if self.moving else plain(text).rstrip())

    def show_card(self, card: Card) -> None:
        """Write how a pull request stands."""
        self.say(of_card(card))

    def show_digest(self, digest: Digest) -> None:
        """Write a digest."""
        text = render_digest(digest, self._speak)
        self._write(review_text(text) if self.moving else plain(text).rstrip())

    def show_picture(self, picture: Picture, folder: Path) -> None:
        """Write what a picture shows, and put it into *folder*."""
        self._write("\n".join(plain(self._speak(sentence)) for sentence in (picture.title, *picture.words)))
        file = folder / f"{picture.name}.png"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            file.write_bytes(picture.png)
        except OSError as error:
            self.say(
                say("The picture cannot be put into {file} ({reason}).", file=str(file), reason=str(error.strerror))
            )
        else:
            self.say(say("The picture is in {file}", file=str(file.resolve())))

    def answer(self) -> ScreenAnswer:
        """Begin an answer."""
        self.clear()
        return ScreenAnswer(self)

    def show_draft(self, text: str) -> None:
        """Show as much of the end of an unfinished answer as fits; a pipe waits for the whole."""
        if self.moving:
            # A frame taller than the screen cannot be taken back.
            lines = Text(plain(text)).wrap(self._console, self._console.width)
            self._animate(Text("\n").join(lines[-max(1, self._console.height - 2) :]))

    def show_answer(self, text: str, sources: Sequence[str]) -> None:
        """Write an answer in place of its draft, and what it rests on."""
        self._write(answer_text(text) if self.moving else plain(text).strip())
        if sources:
            self.say(say("From: {sources}", sources=", ".join(map(one_line, sources))), quietly=True)

    def clear(self) -> None:
        """Take away what only stands while something runs."""
        self._step = None
        if self._live:
            self._live.stop()
            self._live = None

    def _animate(self, frame: RenderableType) -> None:
        """Change what stands; a thread of rich draws it, at most eight times a second, so that nobody waits."""
        if self._live is None:
            self._live = Live(console=self._console, transient=True, refresh_per_second=8, redirect_stdout=False)
            self._live.start()
        self._live.update(frame)

    def _write(self, what: RenderableType, *, style: str = "") -> None:
        self.clear()
        shown = Text(what, style=style) if isinstance(what, str) else what
        self._console.print(shown, soft_wrap=not self.moving)
        self._console.file.flush()


class ScreenAnswer:
    """An answer that grows in place on a terminal; a pipe gets it once, when it is whole.

    Attributes:
        finished: Nothing more comes.
    """

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._pushed = ""
        self.finished = False

    def push(self, text: str) -> None:
        """Show more text."""
        self._pushed += text
        self._screen.show_draft(self._pushed)

    async def finish(self, text: str, *, sources: Sequence[str] = ()) -> None:
        """Write the whole answer, and what it rests on."""
        self.finished = True
        self._screen.show_answer(text, sources)
