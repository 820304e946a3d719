"""From a link to a review, to questions, over a restart, to forgetting: the assembled program with a scripted model."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest

from bot.assembly import Application, assemble
from bot.config import Settings
from bot.domain.completion import Prompt
from bot.domain.conversation import ThreadRef
from bot.domain.grammar import Heard, parse
from bot.domain.review import Review, Verdict
from tests.doubles.chat import TranscriptChat
from tests.doubles.clock import FakeClock
from tests.doubles.language_model import ScriptedModel
from tests.standins.github import StandInGitHub

FINDING = {
    "path": "stats.py",
    "line": 3,
    "quote": "return total / len(values)",
    "title": "Division by zero",
    "problem": "An empty list has length 0.",
    "severity": "high",
    "category": "bug",
    "fix": "Return 0.0 for an empty list.",
}


def answering(prompt: Prompt) -> str:
    """Answer reviews in JSON and questions in prose."""
    text = prompt[-1].text
    if '"findings"' in text:
        shown = "return total" in text
        return json.dumps({"summary": "It splits the mean.", "findings": [FINDING] if shown else []})
    if '"key_changes"' in text:
        return json.dumps({"summary": "It splits the mean.", "key_changes": [], "risks": [], "risk": "low"})
    return "The mean of an empty list divides by zero."


@asynccontextmanager
async def running(settings: Settings, model: ScriptedModel) -> AsyncIterator[Application]:
    """Start the program, and close it at the end as the command line does."""
    async with assemble(settings, model=model, clock=FakeClock(datetime(2026, 1, 7, 9, tzinfo=UTC))) as application:
        yield application


async def tell(application: Application, chat: TranscriptChat, words: str, settings: Settings) -> None:
    """Say *words* to the bot in *chat*."""
    command = parse(words, web_url=settings.github.web_url, heard=Heard.ADDRESSED)
    assert command is not None
    await application.desk.handle(command, chat)


def link(github: StandInGitHub) -> str:
    return f"{github.web_url}/octo/hello.world/pull/12"


async def test_a_link_becomes_a_review_in_a_thread_of_its_own(settings: Settings, github: StandInGitHub) -> None:
    chat = TranscriptChat()

    async with running(settings, ScriptedModel(script=answering)) as application:
        await tell(application, chat, f"<{link(github)}/files?w=1#discussion_r1>", settings)

    (posted,) = chat.kinds("review")
    assert isinstance(posted.what, Review)
    assert posted.where.thread
    assert posted.what.verdict is Verdict.ATTENTION
    assert [finding.title for finding in posted.what.findings] == ["Division by zero"]
    assert posted.what.pull_request.ref is not None
    assert len(github.requests) <= 4


async def test_a_question_in_the_thread_is_answered_from_the_lines_it_is_about(
    settings: Settings, github: StandInGitHub
) -> None:
    chat, model = TranscriptChat(), ScriptedModel(script=answering)

    async with running(settings, model) as application:
        await tell(application, chat, link(github), settings)
        await tell(application, chat.at("t1"), "What does the division in stats.py do with an empty list?", settings)

    assert "return total / len(values)" in model.asked[-1].text
    assert chat.answers == ["The mean of an empty list divides by zero."]
    assert "".join(str(entry.what) for entry in chat.kinds("pushed")) == chat.answers[0]
    assert any("stats.py" in source for source in chat.kinds("answered")[0].sources)


async def test_a_thread_goes_on_after_a_restart(settings: Settings, github: StandInGitHub) -> None:
    chat = TranscriptChat()
    async with running(settings, ScriptedModel(script=answering)) as application:
        await tell(application, chat, link(github), settings)
        await tell(application, chat.at("t1"), "Is the empty list handled?", settings)
    asked_before = len(github.requests)

    model = ScriptedModel(script=answering)
    async with running(settings, model) as application:
        await tell(application, chat.at("t1"), "And who calls it?", settings)

    assert "Is the empty list handled?" in model.asked[-1].text
    assert "Division by zero" in model.asked[-1].text
    assert len(chat.answers) == 2
    assert len(github.requests) == asked_before


async def test_the_channel_remembers_what_was_found(settings: Settings, github: StandInGitHub) -> None:
    chat, model = TranscriptChat(), ScriptedModel(script=answering)

    async with running(settings, model) as application:
        await tell(application, chat, link(github), settings)
        await tell(application, chat, "what did we find in #12?", settings)
        await tell(application, chat, "what did we find in #99?", settings)

    assert "Division by zero" in model.asked[-1].text
    assert any("octo/hello.world#12" in source for source in chat.kinds("answered")[0].sources)
    assert "#99" in chat.said[-1]
    assert len(chat.answers) == 1


async def test_what_was_forgotten_is_gone_after_a_restart_too(settings: Settings, github: StandInGitHub) -> None:
    chat = TranscriptChat()
    async with running(settings, ScriptedModel(script=answering)) as application:
        await tell(application, chat, link(github), settings)
        await tell(application, chat.at("t1"), "forget thread", settings)

    model = ScriptedModel(script=answering)
    async with running(settings, model) as application:
        await tell(application, chat, "what did we find in #12?", settings)
        assert await application.desk.recent_reviews(("console",)) == []

    assert model.asked == []
    assert chat.answers == []


async def test_a_pull_request_that_is_not_there_is_a_sentence(settings: Settings, github: StandInGitHub) -> None:
    chat = TranscriptChat()

    async with running(settings, ScriptedModel()) as application:
        await tell(application, chat, "octo/hello.world#404", settings)

    assert chat.kinds("review") == []
    assert any("was not found, or the token of [github] may not see it" in sentence for sentence in chat.said)


async def test_a_review_that_is_cancelled_says_so_and_leaves_nothing_behind(
    settings: Settings, github: StandInGitHub
) -> None:
    class Slow(ScriptedModel):
        async def open(self):  # type: ignore[no-untyped-def]
            reading.set()
            await asyncio.Event().wait()

    reading = asyncio.Event()
    chat = TranscriptChat()
    async with running(settings, Slow()) as application:
        review = asyncio.create_task(tell(application, chat, link(github), settings))
        await reading.wait()
        await tell(application, chat, "cancel", settings)
        await review
        assert await application.desk.recent_reviews(("console",)) == []

    assert chat.kinds("review") == []


async def test_rooms_do_not_hear_of_each_other(settings: Settings, github: StandInGitHub) -> None:
    here, there = TranscriptChat(), TranscriptChat(where=ThreadRef(channel="elsewhere"))
    model = ScriptedModel(script=answering)

    async with running(settings, model) as application:
        await tell(application, here, link(github), settings)
        asked = len(model.asked)
        await tell(application, there, "what did we find in #12?", settings)

    assert len(model.asked) == asked
    assert there.answers == []


@pytest.mark.parametrize("words", ["review octo/hello.world#12", "octo/hello.world#12"])
async def test_a_short_name_is_as_good_as_a_link(settings: Settings, github: StandInGitHub, words: str) -> None:
    chat = TranscriptChat()

    async with running(settings, ScriptedModel(script=answering)) as application:
        await tell(application, chat, words, settings)

    assert len(chat.kinds("review")) == 1
