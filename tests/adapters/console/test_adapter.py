"""The console in a pipe: what is read, what is handed to the desk, and what is written."""

from __future__ import annotations

import asyncio
import io
import os
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from adapters.console.adapter import ConsoleAdapter
from adapters.console.settings import ConsoleSettings
from bot.domain.change import DiffFile
from bot.domain.command import AskCommand, Command, ForgetCommand, HelpCommand, ReviewCommand, Scope, StatusCommand
from bot.domain.conversation import ReviewNote, ThreadRef
from bot.domain.errors import NotUnderstood, StoreUnusable
from bot.domain.progress import Progress, Stage
from bot.domain.sentence import say
from bot.ports.chat import Chat
from tests.builders import a_note, a_picture, a_record, a_ref, a_thread
from tests.doubles.desk import ScriptedDesk

CHANNEL = ThreadRef(channel="console")
REVIEW = ReviewCommand(targets=(a_ref("octo/stats#12"),))


async def review(command: Command, chat: Chat) -> None:
    """Review at once whatever is asked for, and repeat questions."""
    if isinstance(command, ReviewCommand):
        thread = await chat.open_thread(str(command.targets[0]))
        await thread.show_progress(Progress(target="x", stage=Stage.FETCHING))
        await thread.show_review(a_record())
    elif isinstance(command, AskCommand):
        answer = await chat.answer()
        answer.push(f"About {command.question}")
        await answer.finish(f"About {command.question}")


async def talk(desk: ScriptedDesk, *lines: str, demonstrate: bool = False, pictures: Path = Path()) -> str:
    """Type *lines* into a pipe and return what was written."""
    reader, writer = os.pipe()
    with os.fdopen(writer, "wb") as pipe:
        pipe.write("".join(f"{line}\n" for line in lines).encode())
    out = io.StringIO()
    settings = ConsoleSettings(
        web_url="https://github.com", folder=Path("work"), pictures=pictures, demonstrate=demonstrate
    )
    with os.fdopen(reader) as stdin:
        await ConsoleAdapter(desk, settings, str, stdin=stdin, stdout=out).run()
    return out.getvalue()


def reviewed(*targets: str) -> Sequence[ReviewNote]:
    return [a_note(where=a_thread(f"thread of {target}"), target=target, at=datetime.now(UTC)) for target in targets]


async def test_lines_are_handed_to_the_desk_in_order() -> None:
    desk = ScriptedDesk()

    await talk(desk, "octo/stats#12", "", "  status", "why?")

    assert desk.commands == [REVIEW, StatusCommand(), AskCommand(question="why?")]


async def test_a_transcript_shows_lines_progress_review_and_answer_without_escapes() -> None:
    written = await talk(ScriptedDesk(script=review), "octo/stats#12", "is an empty list possible?")

    wanted = ["> octo/stats#12", "Fetching x", "# ", "> is an empty list possible?", "About is an empty list possible?"]
    places = [written.index(text) for text in wanted]
    assert places == sorted(places)
    assert written.count("About is an empty") == 1
    assert "\x1b" not in written


async def test_colours_are_not_forced_into_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")

    assert "\x1b" not in await talk(ScriptedDesk(script=review), "octo/stats#12", "why?")


async def test_questions_after_a_review_are_asked_in_its_thread() -> None:
    desk = ScriptedDesk(script=review)

    await talk(desk, "why?", "octo/stats#12", "why?", "/leave", "why?")

    (_, before), (_, asked), (_, inside), (_, after) = desk.handed
    assert before == asked == after == CHANNEL
    assert inside.channel == "console"
    assert inside.thread


async def test_a_review_that_failed_opens_no_thread_to_be_in() -> None:
    async def fail(_command: Command, chat: Chat) -> None:
        await chat.open_thread("octo/stats#12")
        raise NotUnderstood(say("There is no such pull request."))

    desk = ScriptedDesk(script=fail)

    written = await talk(desk, "octo/stats#12", "why?")

    assert "There is no such pull request." in written
    assert desk.handed[1][1] == CHANNEL


async def test_a_review_asked_for_within_a_thread_has_a_thread_of_its_own() -> None:
    desk = ScriptedDesk(script=review)

    await talk(desk, "octo/stats#12", "octo/stats#13", "why?", "/leave", "octo/stats#12", "why?")

    places = [where for command, where in desk.handed if isinstance(command, AskCommand)]
    assert len(set(places)) == 2


async def test_the_newest_thread_goes_on_after_a_restart() -> None:
    desk = ScriptedDesk(records=reviewed("octo/stats#13", "octo/stats#12"))

    written = await talk(desk, "why?")

    assert "In the thread of octo/stats#13, reviewed just now" in written
    assert desk.handed == [(AskCommand(question="why?"), a_thread("thread of octo/stats#13"))]


async def test_threads_are_listed_newest_first_and_entered_by_number() -> None:
    desk = ScriptedDesk(records=reviewed("octo/stats#13", "/home/mona/mean.diff"))

    written = await talk(desk, "/threads", "/thread 2", "why?", "/thread 3")

    assert "1. octo/stats#13, reviewed just now" in written
    assert "2. mean.diff, reviewed just now" in written
    assert desk.handed[0][1] == a_thread("thread of /home/mona/mean.diff")
    assert "There is no thread 3" in written


async def test_without_a_review_there_are_no_threads() -> None:
    assert "There is no thread yet" in await talk(ScriptedDesk(), "/threads")


async def test_a_forgotten_thread_is_left() -> None:
    desk = ScriptedDesk(records=reviewed("octo/stats#12"))

    await talk(desk, "forget thread", "why?")

    thread = a_thread("thread of octo/stats#12")
    assert desk.handed == [
        (ForgetCommand(scope=Scope.THREAD), thread),
        (AskCommand(question="why?"), CHANNEL),
    ]


async def test_help_ends_with_what_only_a_terminal_knows() -> None:
    async def explain(_command: Command, chat: Chat) -> None:
        await chat.say(say("`review`, `ask`"))

    written = await talk(ScriptedDesk(script=explain), "help")

    desk, _, terminal = written.partition("`review`, `ask`")
    words = ["`sample`", ".diff", ".patch", "main...HEAD", "`/threads`", "`/thread N`", "`/leave`", "`/quit`"]
    assert [word for word in words if word not in terminal] == []
    assert "/leave" not in desk


async def test_nothing_is_read_after_quit() -> None:
    desk = ScriptedDesk()

    await talk(desk, "status", "/quit", "help")

    assert desk.commands == [StatusCommand()]


async def test_what_nobody_foresaw_is_a_sentence_and_a_log_entry_and_not_the_end() -> None:
    async def stumble(command: Command, _chat: Chat) -> None:
        if not isinstance(command, HelpCommand):
            raise ZeroDivisionError

    desk = ScriptedDesk(script=stumble)

    with capture_logs() as logs:
        written = await talk(desk, "status", "help")

    assert "ZeroDivisionError" in written
    assert [entry["event"] for entry in logs] == ["console.failed"]
    assert len(desk.commands) == 2


async def test_being_cancelled_is_no_failure() -> None:
    started = asyncio.Event()

    async def wait(_command: Command, _chat: Chat) -> None:
        started.set()
        await asyncio.Event().wait()

    talking = asyncio.ensure_future(talk(ScriptedDesk(script=wait), "octo/stats#12"))
    await started.wait()
    talking.cancel()
    with suppress(asyncio.CancelledError):
        await talking

    assert talking.cancelled()


async def test_a_memory_that_cannot_be_read_is_known_before_anything_is_asked() -> None:
    class Broken(ScriptedDesk):
        async def recent_reviews(self, channels: Sequence[str], *, limit: int = 10) -> Sequence[ReviewNote]:
            raise StoreUnusable(say("The database cannot be opened."))

    with pytest.raises(StoreUnusable):
        await talk(Broken(), "status")


async def test_without_any_input_the_sample_is_reviewed_and_asked_about() -> None:
    desk = ScriptedDesk(script=review)

    await talk(desk, demonstrate=True)

    (asked, _), (question, thread) = desk.handed
    assert isinstance(asked, ReviewCommand)
    assert isinstance(asked.targets[0], DiffFile)
    assert question == AskCommand(question="What happens when page is 0?")
    assert thread.thread


async def test_nothing_is_demonstrated_to_somebody_who_asks_or_did_not_want_it() -> None:
    desk = ScriptedDesk()

    await talk(desk, "status", demonstrate=True)
    await talk(desk, demonstrate=False)

    assert desk.commands == [StatusCommand()]


async def test_a_program_without_standard_input_ends_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)
    desk, out = ScriptedDesk(), io.StringIO()

    await ConsoleAdapter(desk, ConsoleSettings(web_url="https://github.com", folder=Path()), str, stdout=out).run()

    assert desk.commands == []


async def picture(_command: Command, chat: Chat) -> None:
    """Show a picture whatever is asked for."""
    await chat.show_picture(a_picture())


async def test_a_picture_is_put_into_a_file_and_said_in_words(tmp_path: Path) -> None:
    folder = tmp_path / "not yet" / "there"

    written = await talk(ScriptedDesk(script=picture), "stats octo/stats", pictures=folder)

    file = folder / "stats-octo-stats-2026-03-04.png"
    assert file.read_bytes() == a_picture().png
    assert written.splitlines()[-3:] == [
        "Pull requests of octo/stats",
        "3 opened, 2 merged, 1 closed",
        f"The picture is in {file}",
    ]


async def test_where_there_is_no_room_for_a_picture_its_words_are_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    written = await talk(ScriptedDesk(script=picture), "stats octo/stats", pictures=tmp_path / "file")

    assert "3 opened, 2 merged, 1 closed" in written
    assert "The picture cannot be put into" in written
    assert "(File exists)" in written
