"""After the review: questions, buttons, App Home, and who may see what."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from bot.config import Settings
from bot.domain.completion import Completion, Prompt
from tests.doubles.language_model import ScriptedModel
from tests.journeys.slack.conftest import Program, with_slack
from tests.journeys.slack.test_ways_in import REVIEWED, reviews
from tests.journeys.test_review_and_ask import answering
from tests.standins.github import StandInGitHub, one_file
from tests.standins.slack import Message, StandInSlack
from tests.standins.slack.limits import pings


async def reviewed(slack: StandInSlack, link: str) -> Message:
    """Have the pull request reviewed in C1."""
    await slack.post("C1", "U1", f"<{link}>")
    await slack.until(lambda: reviews(slack))
    return reviews(slack)[0]


class TalkingModel(ScriptedModel):
    """Says *answer*, its second half when it is told to."""

    def __init__(self, answer: str) -> None:
        super().__init__(script=answering)
        self.answer, self.go_on = answer, asyncio.Event()

    async def complete(self, prompt: Prompt, **named: Any) -> Completion:
        on_text = named.get("on_text")
        if on_text is None:
            return await super().complete(prompt, **named)
        half = len(self.answer) // 2
        on_text(self.answer[:half])
        await self.go_on.wait()
        on_text(self.answer[half:])
        return Completion(text=self.answer, cut=False, prompt_tokens=1, cached_tokens=0, completion_tokens=1)


async def test_a_plain_reply_in_the_thread_is_answered_there_while_it_is_written(
    program: Program, slack: StandInSlack, link: str
) -> None:
    program.model = model = TalkingModel("The mean of an empty list divides by zero.")
    async with program.serving():
        review = await reviewed(slack, link)
        await slack.post("C1", "U2", "what about an empty list?", thread_ts=review.thread_ts)
        answer = await slack.until(lambda: slack.thread("C1", review.thread_ts)[1:])
        assert answer[0].text == "The mean of an empty "
        model.go_on.set()
        await slack.until(lambda: not answer[0].streaming and "From:" in answer[0].text)

    assert answer[0].text.startswith("The mean of an empty list divides by zero.")
    assert slack.of("chat.startStream")[0].arguments["recipient_user_id"] == "U2"


async def test_a_reply_to_somebody_else_is_theirs(program: Program, slack: StandInSlack, link: str) -> None:
    async with program.serving():
        review = await reviewed(slack, link)
        await slack.post("C1", "U1", "<@U2> can you fix that?", thread_ts=review.thread_ts)
        await slack.until(lambda: all(delivery.acked is not None for delivery in slack.deliveries))

    assert slack.thread("C1", review.thread_ts) == [review]


async def test_an_answer_outlives_its_stream(program: Program, slack: StandInSlack, link: str) -> None:
    long = "The mean of an empty list divides by zero. " + " ".join(f"Line {n} says so too." for n in range(200))
    program.model = model = TalkingModel(long)
    slack.methods.stream_life = 0
    async with program.serving():
        review = await reviewed(slack, link)
        await slack.post("C1", "U2", "what about an empty list?", thread_ts=review.thread_ts)
        await slack.until(lambda: slack.of("chat.startStream"))
        model.go_on.set()
        answers = await slack.until(lambda: [m for m in slack.thread("C1", review.thread_ts)[1:] if "From:" in m.seen])

    assert len(slack.thread("C1", review.thread_ts)) == 2
    assert answers[0].seen.startswith("The mean of an empty list divides by zero.")
    assert len(slack.of("chat.startStream")) == 1


async def test_a_question_by_mention_is_answered_in_a_thread_that_goes_on(
    program: Program, slack: StandInSlack, link: str
) -> None:
    async with program.serving():
        await reviewed(slack, link)
        ts = await slack.post("C1", "U2", "<@UBOT> what did we say about #12?")
        (first,) = await slack.until(lambda: [m for m in slack.thread("C1", ts) if "From:" in m.seen])
        await slack.post("C1", "U2", "and which file was it?", thread_ts=ts)
        await slack.until(lambda: len([m for m in slack.thread("C1", ts) if "From:" in m.seen]) == 2)

    assert "hello.world#12" in first.seen


async def test_a_finding_is_dismissed_and_brought_back_by_buttons(
    program: Program, slack: StandInSlack, link: str
) -> None:
    async with program.serving():
        review = await reviewed(slack, link)
        slack.press("U1", review, "dismiss")
        await slack.until(lambda: "Dismissed: Division by zero" in review.seen)
        assert "No findings" in review.seen
        slack.press("U1", review, "undo")
        await slack.until(lambda: "1. High · Division by zero" in review.seen)

    assert len(slack.by_bot()) == 1


async def test_what_was_dismissed_stays_away_from_the_next_review_also_after_a_restart(
    program: Program, slack: StandInSlack, link: str
) -> None:
    async with program.serving():
        review = await reviewed(slack, link)
    async with program.serving():
        slack.press("U1", review, "dismiss")
        await slack.until(lambda: "Dismissed: Division by zero" in review.seen)
        slack.press("U1", review, "review_again")
        again = await slack.until(lambda: reviews(slack)[1:])

    assert again[0].thread_ts == review.thread_ts
    assert "1. High" not in again[0].seen
    assert "Dismissed: Division by zero" in again[0].seen


async def test_a_moved_head_is_reviewed_by_what_changed(
    program: Program, slack: StandInSlack, github: StandInGitHub, link: str
) -> None:
    async with program.serving():
        review = await reviewed(slack, link)
        asked = len(program.model.asked)  # type: ignore[attr-defined]  # it is the scripted one
        github.served.history.repository.commit({"notes.txt": "a new file\n"}, "Add notes")
        slack.press("U1", review, "review_again")
        again = await slack.until(lambda: [m for m in slack.by_bot() if "not read again" in m.seen])

    assert "1 file is as it was" in again[0].seen
    assert REVIEWED in again[0].seen
    read = [one.text for one in program.model.asked[asked:] if '"findings"' in one.text]  # type: ignore[attr-defined]
    assert len(read) == 1
    assert "a new file" in read[0]


async def test_an_opinion_is_thanked_for_in_private(program: Program, slack: StandInSlack, link: str) -> None:
    async with program.serving():
        review = await reviewed(slack, link)
        slack.press("U2", review, "helpful")
        told = await slack.until(lambda: slack.whispered("U2"))

    assert "noted as helpful" in told[0]


async def test_more_findings_than_are_shown_can_be_shown(program: Program, slack: StandInSlack, link: str) -> None:
    program.settings = program.settings.model_copy(
        update={"review": program.settings.review.model_copy(update={"max_findings": 1})}
    )
    program.model = ScriptedModel(script=two_findings)
    async with program.serving():
        review = await reviewed(slack, link)
        assert "Total is never checked" not in review.seen
        slack.press("U1", review, "show_all")
        whole = await slack.until(lambda: [m for m in reviews(slack) if "Total is never checked" in m.seen])

    assert whole[0].thread_ts == review.thread_ts


def two_findings(prompt: Prompt) -> str:
    """Find two things where `answering` finds one."""
    text = answering(prompt)
    other = {
        "path": "stats.py",
        "line": 2,
        "quote": "total = sum(values)",
        "title": "Total is never checked",
        "problem": "It may overflow.",
        "severity": "low",
        "category": "bug",
        "fix": "Check it.",
    }
    body = json.loads(text) if text.startswith("{") else {}
    if body.get("findings"):
        body["findings"].append(other)
        return json.dumps(body)
    return text


async def test_app_home_subscribes_changes_and_ends_a_digest(program: Program, slack: StandInSlack, link: str) -> None:
    def typed(
        repository: str = "octo/hello.world", zone: str = "Europe/Berlin", channel: str = "C1"
    ) -> dict[str, object]:
        return {
            "channel": {"channel": {"type": "conversations_select", "selected_conversation": channel}},
            "repository": {"repository": {"type": "plain_text_input", "value": repository}},
            "days": {"days": {"type": "multi_static_select", "selected_options": [{"value": "mon"}, {"value": "thu"}]}},
            "at": {"at": {"type": "timepicker", "selected_time": "09:30"}},
            "timezone": {"timezone": {"type": "plain_text_input", "value": zone}},
        }

    async with program.serving():
        await reviewed(slack, link)
        slack.open_home("U1")
        await slack.until(lambda: "U1" in slack.homes)
        assert "None yet" in home(slack)
        assert "octo/hello.world#12" in home(slack)

        slack.press_home("U1", "subscription_add")
        await slack.until(lambda: slack.modals)
        wrong = slack.submit("U1", typed(zone="Europe/Berln"))
        await slack.until(lambda: wrong.acked is not None)
        assert "Europe/Berlin is one" in wrong.answer["errors"]["timezone"]
        missing = slack.submit("U1", typed(repository="octo/nothing"))
        await slack.until(lambda: missing.acked is not None)
        assert "I cannot show octo/nothing here" in missing.answer["errors"]["repository"]
        elsewhere = slack.submit("U1", typed(channel="C3"))
        await slack.until(lambda: elsewhere.acked is not None)
        assert "/invite" in elsewhere.answer["errors"]["channel"]

        slack.submit("U1", typed())
        await slack.until(lambda: "octo/hello.world* · <#C1>" in home(slack))
        assert "Monday, Thursday at 09:30 (Europe/Berlin)" in home(slack)

        slack.press_home("U1", "subscription_edit")
        await slack.until(lambda: len(slack.modals) == 2)
        slack.submit("U1", {**typed(zone="utc")})
        await slack.until(lambda: "(utc)" in home(slack).casefold())

        slack.press_home("U1", "subscription_remove")
        await slack.until(lambda: "None yet" in home(slack))


def home(slack: StandInSlack) -> str:
    """Return what U1 reads in App Home."""
    return Message(channel="", ts="", user="UBOT", text="", blocks=slack.homes["U1"]["blocks"]).seen


async def test_app_home_shows_nothing_of_channels_that_a_person_is_not_in(
    program: Program, slack: StandInSlack, link: str
) -> None:
    slack.channels["C2"].members = {"UBOT", "U2"}
    async with program.serving():
        await slack.post("C2", "U2", f"<{link}>")
        await slack.until(lambda: reviews(slack))
        slack.open_home("U1")
        await slack.until(lambda: "U1" in slack.homes)

    assert "hello.world#12" not in home(slack)


@pytest.fixture
def closed(tmp_path: Path, settings: Settings, slack: StandInSlack) -> Program:
    """Serve a GitHub whose repository is private."""
    github = StandInGitHub(one_file(tmp_path / "private"), private=True)
    github.__enter__()
    github.open_pull_request()
    there = settings.github.model_copy(update={"api_url": github.api_url, "web_url": github.web_url})
    return Program(settings=with_slack(settings.model_copy(update={"github": there}), slack), slack=slack)


async def test_a_private_repository_is_refused_as_a_missing_one_is_until_an_admin_allows_it(
    closed: Program, slack: StandInSlack
) -> None:
    async with closed.serving():
        slack.command("C1", "U1", "octo/hello.world#12")
        await slack.until(lambda: len(slack.whispered("U1")) == 1)
        slack.command("C1", "U1", "octo/hello.mars#12")
        await slack.until(lambda: len(slack.whispered("U1")) == 2)
        slack.command("C1", "U1", "octo/hello.world#99")
        await slack.until(lambda: len(slack.whispered("U1")) == 3)
        private, missing, number = slack.whispered("U1")
        assert private == missing.replace("mars", "world") == number.replace("#99", "#12")

        await slack.post("C1", "UADMIN", "<@UBOT> allow octo/hello.world")
        await slack.until(lambda: any("may see octo/hello.world from now on" in m.seen for m in slack.by_bot("C1")))
        slack.command("C1", "U1", "octo/hello.world#12")
        await slack.until(lambda: reviews(slack))
        slack.command("C2", "U1", "octo/hello.world#12")
        await slack.until(lambda: len(slack.whispered("U1")) == 4)

    assert slack.by_bot("C2") == []


async def test_a_pasted_private_link_is_refused_to_the_person_alone(closed: Program, slack: StandInSlack) -> None:
    async with closed.serving():
        await slack.post("C1", "U1", f"<{closed.settings.github.web_url}/octo/hello.world/pull/12>")
        (told,) = await slack.until(lambda: slack.whispered("U1"))

    assert "I cannot show octo/hello.world#12 here" in told
    assert slack.by_bot("C1") == []


async def test_text_of_strangers_pings_nobody(
    program: Program, slack: StandInSlack, github: StandInGitHub, link: str
) -> None:
    evil = "<!channel> <@U1> <#C1> ```` ``` *all* @here"
    github.served.pulls[12].title = evil
    program.model = ScriptedModel(script=lambda prompt: answering(prompt).replace("divides by zero", evil))
    async with program.serving():
        review = await reviewed(slack, link)
        await slack.post("C1", "U2", "what about an empty list?", thread_ts=review.thread_ts)
        await slack.until(lambda: [m for m in slack.thread("C1", review.thread_ts)[1:] if "From:" in m.seen])
        slack.command("C1", "U1", "digest octo/hello.world")
        await slack.until(lambda: any("open pull request" in m.seen for m in slack.by_bot("C1")))

    assert "<!channel>" in review.seen, "it is shown as the characters it is made of"
    for message in slack.by_bot():
        assert pings(message.blocks, message.text) == [], message.seen
