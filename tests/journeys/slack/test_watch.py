"""A channel watches a repository: each new pull request once, with its review in its thread, and nothing else."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
from pydantic import SecretStr

from bot.config import ServerSettings, WatchSettings
from bot.server.server import Server
from tests.journeys.slack.setting import FINDING, Program, SlowModel, asked, eventually
from tests.standins.github import Check, StandInComment, StandInGitHub, StandInPull
from tests.standins.slack import Message, StandInSlack

REPOSITORY = "octo/hello.world"


def now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.fixture(autouse=True)
def _often(program: Program) -> None:
    program.looking_often()


@pytest.fixture
def github(github: StandInGitHub) -> StandInGitHub:
    github.served.pulls.clear()
    return github


def opened(github: StandInGitHub, **fields: Any) -> StandInPull:
    """Open a pull request now."""
    return github.open_pull_request(**{"created": now(), "updated": now(), **fields})


def cards(slack: StandInSlack) -> list[Message]:
    """Return what stands in the channel itself."""
    return [message for message in slack.by_bot("C1") if not message.thread_ts]


async def watching(slack: StandInSlack, words: str = "") -> None:
    await asked(slack, f"watch {REPOSITORY} {words}".strip())


async def shown(slack: StandInSlack) -> Message:
    """Return the card when its review is there."""
    await slack.until(lambda: [card for card in cards(slack) if "Review: " in card.seen])
    return cards(slack)[0]


async def test_a_new_pull_request_has_a_card_and_its_review_in_the_thread(
    program: Program, slack: StandInSlack, github: StandInGitHub
) -> None:
    opened(github, number=7, created="2026-01-01T00:00:00Z")
    async with program.serving():
        await watching(slack)
        opened(github)
        card = await shown(slack)
        await slack.settled()

    assert [line for line in card.seen.splitlines() if line] == [
        "Compute the total first octo/hello.world#12",
        "Open · by ada · +2 −1 · checks passing · asked: hubot",
        f"Review: Needs attention, 1 finding, at {github.served.history.sha('topic')[:7]}.",
    ]
    (review,) = slack.thread("C1", card.ts)
    assert FINDING in review.seen
    assert len(cards(slack)) == 1


async def test_the_card_follows_checks_and_the_end(
    program: Program, slack: StandInSlack, github: StandInGitHub
) -> None:
    async with program.serving():
        await watching(slack)
        pull = opened(github, checks=[Check(conclusion=None)])
        card = await shown(slack)
        assert "checks pending" in card.seen
        pull.checks = [Check(conclusion="failure")]
        await slack.until(lambda: "checks failing" in cards(slack)[0].seen)
        pull.state, pull.merged, pull.updated = "closed", True, "2030-01-01T00:00:00Z"
        await slack.until(lambda: "Merged" in cards(slack)[0].seen)

    assert len(cards(slack)) == 1
    assert len(slack.thread("C1", card.ts)) == 1


async def test_new_commits_are_told_by_what_is_new_and_resolved(
    program: Program, slack: StandInSlack, github: StandInGitHub
) -> None:
    async with program.serving():
        await watching(slack)
        pull = opened(github)
        card = await shown(slack)
        repository = github.served.history.repository
        repository.commit({"notes.txt": "a new file\n"}, "Add notes")
        pull.updated = "2030-01-01T00:00:00Z"
        await slack.until(lambda: f"at {github.served.history.sha('topic')[:7]}." in cards(slack)[0].seen)
        assert len(slack.thread("C1", card.ts)) == 1, "nothing new, nothing said"
        repository.commit({"stats.py": "def mean(values):\n    return 0.0\n"}, "Mend it")
        pull.updated = "2030-01-02T00:00:00Z"
        await slack.until(lambda: len(slack.thread("C1", card.ts)) == 2)

    _, later = slack.thread("C1", card.ts)
    assert "Resolved since then (1)" in later.seen
    assert "Since the review of" in later.seen
    assert len(cards(slack)) == 1


async def test_a_comment_on_github_has_it_reviewed_again(
    program: Program, slack: StandInSlack, github: StandInGitHub
) -> None:
    async with program.serving():
        await watching(slack)
        pull = opened(github)
        card = await shown(slack)
        comment = StandInComment(id=5, number=12, body="Parley review, please", author="eve", at=now())
        github.served.comments.append(comment)
        pull.updated = "2030-01-01T00:00:00Z"
        await slack.until(lambda: sum(FINDING in message.seen for message in slack.thread("C1", card.ts)) == 2)
        pull.updated = "2030-01-02T00:00:00Z"
        await eventually(lambda: sum(request.path.endswith("/issues/comments") for request in github.requests) >= 3)
        await slack.settled()

    assert len(slack.thread("C1", card.ts)) == 2


async def test_a_watch_that_ends_shows_nothing_more(
    program: Program, slack: StandInSlack, github: StandInGitHub
) -> None:
    async with program.serving():
        await watching(slack, "-label:later")
        assert "I watch octo/hello.world, only -label:later." in await asked(slack, "list")
        await asked(slack, f"unwatch {REPOSITORY}")
        opened(github)
        looks = len(github.requests)
        await asked(slack, f"watch {REPOSITORY}")
        await eventually(lambda: len(github.requests) > looks + 6)

    assert cards(slack) == []


async def test_silence_costs_nothing(program: Program, slack: StandInSlack, github: StandInGitHub) -> None:
    async with program.serving():
        await watching(slack)
        opened(github)
        await shown(slack)
        looks = sum("if-none-match" in request.headers for request in github.requests)
        await eventually(lambda: sum("if-none-match" in request.headers for request in github.requests) >= looks + 2)
        left = github.remaining
        asked_of_rest = sum(request.kind != "graphql" for request in github.requests)
        looks = sum("if-none-match" in request.headers for request in github.requests)
        await eventually(lambda: sum("if-none-match" in request.headers for request in github.requests) >= looks + 5)

    spent_by_graphql = sum(request.kind == "graphql" for request in github.requests[asked_of_rest:])
    assert left - github.remaining <= spent_by_graphql


async def test_a_webhook_makes_it_look_at_once(
    program: Program, slack: StandInSlack, github: StandInGitHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    servers: list[Server] = []
    begin = Server.run

    async def noted(self: Server) -> None:
        servers.append(self)
        await begin(self)

    monkeypatch.setattr(Server, "run", noted)
    server = ServerSettings(listen="127.0.0.1:0", webhook_secret=SecretStr("secret"))
    update = {"watch": WatchSettings(poll_seconds=3600), "server": server}
    program.settings = program.settings.model_copy(update=update)
    async with program.serving():
        await watching(slack)
        await deliver(servers[0], "first-delivery")
        opened(github)
        await deliver(servers[0], "second-delivery")
        await shown(slack)

    assert len(cards(slack)) == 1


async def deliver(server: Server, name: str) -> None:
    """Tell that a pull request was opened, as GitHub does."""
    await server.listening.wait()
    body = json.dumps({"action": "opened", "repository": {"full_name": REPOSITORY}}).encode()
    signature = hmac.new(b"secret", body, hashlib.sha256).hexdigest()
    headers = {
        "X-GitHub-Event": "pull_request",
        "X-GitHub-Delivery": name,
        "X-Hub-Signature-256": f"sha256={signature}",
    }
    address = f"http://127.0.0.1:{server.port}/webhooks/github"
    async with aiohttp.ClientSession() as session, session.post(address, data=body, headers=headers) as response:
        assert response.status == 202


async def test_what_was_interrupted_goes_on_with_the_same_card(
    program: Program, slack: StandInSlack, github: StandInGitHub
) -> None:
    answering = program.model
    program.model = model = SlowModel()
    async with program.serving():
        await watching(slack)
        opened(github)
        await model.begun.wait()
    (card,) = cards(slack)
    (progress,) = slack.thread("C1", card.ts)
    assert "interrupted" in progress.seen

    program.model = answering
    async with program.serving():
        await shown(slack)

    assert len(cards(slack)) == 1
    assert [FINDING in message.seen for message in slack.thread("C1", card.ts)] == [True]


async def test_what_came_while_nobody_served_is_shown_after_the_start(
    program: Program, slack: StandInSlack, github: StandInGitHub
) -> None:
    async with program.serving():
        await watching(slack)
    opened(github)
    async with program.serving():
        await shown(slack)

    assert len(cards(slack)) == 1


async def test_two_processes_show_it_once(program: Program, slack: StandInSlack, github: StandInGitHub) -> None:
    async with program.serving(), program.serving():
        await watching(slack)
        opened(github)
        card = await shown(slack)
        looks = len(github.requests)
        await eventually(lambda: len(github.requests) > looks + 10)

    assert len(cards(slack)) == 1
    assert len(slack.thread("C1", card.ts)) == 1
