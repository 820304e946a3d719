"""Who may see what: private repositories, admins, files of this machine, and text of strangers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.config import Settings
from tests.doubles.language_model import ScriptedModel
from tests.journeys.slack.setting import FINDING, Program, answers, asked, nothing_more, reviewed, reviews, with_slack
from tests.journeys.test_review_and_ask import answering
from tests.standins.github import StandInGitHub, one_file
from tests.standins.slack import Delivery, StandInSlack
from tests.standins.slack.payloads import callback


@pytest.fixture
def private(tmp_path: Path) -> Iterator[StandInGitHub]:
    """Serve a GitHub whose repository is private."""
    with StandInGitHub(one_file(tmp_path / "private"), private=True) as standin:
        standin.open_pull_request()
        yield standin


@pytest.fixture
def closed(settings: Settings, slack: StandInSlack, private: StandInGitHub) -> Program:
    there = settings.github.model_copy(update={"api_url": private.api_url, "web_url": private.web_url})
    return Program(settings=with_slack(settings.model_copy(update={"github": there}), slack), slack=slack)


async def test_a_private_repository_is_refused_as_a_missing_one_is(closed: Program, slack: StandInSlack) -> None:
    async with closed.serving():
        private = await asked(slack, "octo/hello.world#12")
        missing = await asked(slack, "octo/hello.mars#12")
        number = await asked(slack, "octo/hello.world#99")
        digest = await asked(slack, "subscribe octo/hello.world")
        no_digest = await asked(slack, "subscribe octo/hello.mars")

    assert private == missing.replace("mars", "world") == number.replace("#99", "#12")
    assert digest == no_digest.replace("mars", "world")
    assert slack.by_bot() == []


async def test_a_private_link_that_is_pasted_is_not_shown(
    closed: Program, slack: StandInSlack, private: StandInGitHub
) -> None:
    async with closed.serving():
        await slack.post("C1", "U1", f"{private.web_url}/octo/hello.world/pull/12")
        await nothing_more(slack)

    assert reviews(slack) == []
    assert all("Compute the total first" not in m.seen for m in slack.messages if m.user == "UBOT")


async def test_an_admin_allows_a_repository_in_one_channel(
    closed: Program, slack: StandInSlack, private: StandInGitHub
) -> None:
    link = f"{private.web_url}/octo/hello.world/pull/12"
    async with closed.serving():
        assert "Only admins may do that" in await asked(slack, "allow octo/hello.world")
        assert "may see octo/hello.world from now on" in await asked(slack, "allow octo/hello.world", "UADMIN")
        review = await reviewed(slack, link)
        assert FINDING in review.seen
        await asked(slack, "octo/hello.world#12", channel="C2")

    assert reviews(slack, "C2") == []


async def test_an_admins_id_in_another_company_is_no_admin(closed: Program, slack: StandInSlack) -> None:
    def shared(event: dict[str, Any], *, event_id: str = "") -> Delivery:
        outside = {**event, "user_team": "T9", "team": "T9"}
        return slack.socket.deliver("events_api", {**callback(outside, "EvShared"), "is_ext_shared_channel": True})

    async with closed.serving():
        slack.happen = shared  # type: ignore[method-assign]  # the channel is shared with T9, whose ids are T9's own
        ts = await slack.post("C1", "UADMIN", "@parley allow octo/hello.world")
        (told,) = await slack.until(lambda: slack.thread("C1", ts))

    assert "Only admins may do that" in told.seen
    assert "slack:T9/UADMIN" in told.seen


async def test_what_was_allowed_is_taken_back_and_hides_what_was_reviewed(
    closed: Program, slack: StandInSlack, private: StandInGitHub
) -> None:
    async with closed.serving():
        await asked(slack, "allow octo/hello.world", "UADMIN")
        review = await reviewed(slack, f"{private.web_url}/octo/hello.world/pull/12")
        await nothing_more(slack)
        await asked(slack, "disallow octo/hello.world", "UADMIN")
        said = len(slack.by_bot("C1"))
        slack.press("U1", review, "review_again")
        await slack.post("C1", "U1", "what about an empty list?", thread_ts=review.thread_ts)
        await nothing_more(slack)

    assert answers(slack, "C1", review.thread_ts) == []
    assert all(FINDING not in message.seen for message in slack.by_bot("C1")[said:])


async def test_the_configuration_allows_a_repository_in_a_channel(
    closed: Program, slack: StandInSlack, private: StandInGitHub
) -> None:
    closed.settings = with_slack(closed.settings, slack, repositories={"slack:T1/C2": ("octo/*",)})
    async with closed.serving():
        review = await reviewed(slack, f"{private.web_url}/octo/hello.world/pull/12", "C2")
        await asked(slack, "octo/hello.world#12", "U2")
    assert FINDING in review.seen
    assert reviews(slack, "C1") == []


@pytest.mark.parametrize(
    "target", ["/etc/passwd", "./change.diff", "main...HEAD", "~/change.patch", "file:///etc/passwd"]
)
async def test_files_and_ranges_of_this_machine_are_not_for_chats(
    program: Program, slack: StandInSlack, tmp_path: Path, target: str
) -> None:
    async with program.serving():
        told = await asked(slack, f"review {target}")
        ts = await slack.post("C1", "U1", f"@parley review {target}")
        await slack.until(lambda: slack.thread("C1", ts))

    assert "root:" not in told
    assert program.model.asked == [] or all("root:" not in one.text for one in program.model.asked)
    assert reviews(slack) == []


EVIL = "<!channel> <@U1> <#C1> ```` ``` *all* @here <!here|x> &lt;!everyone&gt; [x](https://evil.example/)"


async def test_text_of_strangers_pings_nobody(
    program: Program, slack: StandInSlack, github: StandInGitHub, link: str
) -> None:
    github.served.pulls[12].title = EVIL
    program.model = ScriptedModel(script=lambda prompt: evil(answering(prompt)))
    async with program.serving():
        review = await reviewed(slack, link)
        await slack.post("C1", "U2", "what about an empty list?", thread_ts=review.thread_ts)
        (answer,) = await slack.until(lambda: answers(slack, "C1", review.thread_ts))
        slack.command("C1", "U1", "digest octo/hello.world")
        await slack.until(lambda: any("open pull request" in m.seen for m in slack.by_bot("C1")))
        slack.command("C1", "U1", f"review {EVIL}")
        await slack.until(lambda: slack.whispered("U1"))
        slack.open_home("U1")
        await slack.until(lambda: "U1" in slack.homes)

    # That nobody is pinged is looked at after every journey.
    assert "<!channel>" in review.seen, "it is shown as the characters it is made of"
    assert "](https://evil.example" not in answer.seen
    assert "<!channel>" not in str(slack.homes["U1"]["blocks"]) or "mrkdwn" not in str(slack.homes["U1"]["blocks"])


def evil(text: str) -> str:
    """Put strangers' words into whatever the model says."""
    return text.replace("divides by zero", EVIL).replace("An empty list has length 0.", EVIL.replace("`", "'"))
