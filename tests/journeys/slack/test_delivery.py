"""Twice, late, over connections that end: what Slack delivers is answered once."""

from __future__ import annotations

import pytest

from adapters.slack.adapter import SlackAdapter
from tests.journeys.slack.setting import Program, SlowModel, nothing_more, reviews
from tests.standins.slack import StandInSlack


@pytest.fixture
def _quick_pings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the client notice in a second what takes it twenty by default."""
    monkeypatch.setattr(SlackAdapter.__init__, "__kwdefaults__", {"ping": 0.2})


async def test_an_event_that_comes_twice_is_answered_once(program: Program, slack: StandInSlack, link: str) -> None:
    async with program.serving():
        await slack.post("C1", "U1", link)
        first = slack.socket.deliveries[0].payload
        slack.happen(first["event"], event_id=first["event_id"])
        await slack.until(lambda: reviews(slack))
        slack.happen(first["event"], event_id=first["event_id"])
        await nothing_more(slack)

    assert len(slack.by_bot()) == 1


async def test_an_event_that_comes_again_after_a_restart_is_answered_once(
    program: Program, slack: StandInSlack, link: str
) -> None:
    async with program.serving():
        await slack.post("C1", "U1", link)
        await slack.until(lambda: reviews(slack))
        await nothing_more(slack)
    first = slack.socket.deliveries[0].payload
    async with program.serving():
        slack.happen(first["event"], event_id=first["event_id"])
        await nothing_more(slack)

    assert len(slack.by_bot()) == 1


async def test_an_acknowledgement_that_is_lost_starts_nothing_again(
    program: Program, slack: StandInSlack, link: str
) -> None:
    slack.socket.ack_seconds, slack.socket.minute, slack.socket.deaf = 0.5, 0.5, 2
    async with program.serving():
        await slack.post("C1", "U1", link)
        await slack.until(lambda: slack.socket.deliveries[0].over)
        await slack.until(lambda: reviews(slack))
        slack.socket.minute = 60.0
        await nothing_more(slack)

    assert len(slack.socket.deliveries[0].attempts) == 3
    assert len(slack.by_bot()) == 1


async def test_an_event_that_nobody_acknowledged_in_time_is_answered_when_it_comes_again(
    program: Program, slack: StandInSlack, link: str
) -> None:
    slack.socket.minute = 3.0
    await slack.post("C1", "U1", link)  # nobody is connected yet
    async with program.serving():
        await slack.until(lambda: reviews(slack))

    assert len(slack.by_bot()) == 1


async def test_two_processes_on_one_database_answer_once(program: Program, slack: StandInSlack, link: str) -> None:
    async with program.serving(), program.serving():
        await slack.post("C1", "U1", link)
        first = slack.socket.deliveries[0].payload
        for _ in range(6):
            slack.happen(first["event"], event_id=first["event_id"])
        await slack.post("C1", "U2", "@parley what about #12?")
        await slack.until(lambda: reviews(slack))
        await nothing_more(slack)

    used = {attempt.connection for delivery in slack.socket.deliveries for attempt in delivery.attempts}
    assert used == {1, 2}, "both were told something"
    assert len(slack.by_bot()) == 2


@pytest.mark.parametrize("reason", ["warning", "refresh_requested"])
async def test_a_connection_that_slack_ends_in_the_middle_of_a_review_loses_nothing(
    program: Program, slack: StandInSlack, link: str, reason: str
) -> None:
    slack.socket.minute = 3.0
    program.model = model = SlowModel()
    async with program.serving():
        await slack.post("C1", "U1", link)
        await model.begun.wait()
        await slack.socket.disconnect(reason)
        ts = await slack.post("D1", "U1", "help")  # while it reconnects
        await slack.until(lambda: slack.socket.opened == 2)
        model.free.set()
        await slack.until(lambda: reviews(slack))
        await slack.until(lambda: [m for m in slack.by_bot("D1") if "What you can ask for" in m.seen])
        await nothing_more(slack)

    assert len(slack.by_bot("C1")) == 1
    assert len(slack.by_bot("D1")) == 1
    assert slack.find("D1", ts) is not None


@pytest.mark.usefixtures("_quick_pings")
@pytest.mark.parametrize("end", ["cut", "silence"])
async def test_a_connection_that_dies_in_the_middle_of_a_review_loses_nothing(
    program: Program, slack: StandInSlack, link: str, end: str
) -> None:
    slack.socket.minute, slack.socket.ack_seconds = 3.0, 1.0
    program.model = model = SlowModel()
    async with program.serving():
        await slack.post("C1", "U1", link)
        await model.begun.wait()
        if end == "cut":
            await slack.socket.drop()
        else:
            slack.socket.silence()
        await slack.post("D1", "U1", "help")  # it is told into the void
        await slack.until(lambda: slack.socket.opened >= 2, 30)
        model.free.set()
        await slack.until(lambda: reviews(slack))
        await slack.until(lambda: [m for m in slack.by_bot("D1") if "What you can ask for" in m.seen], 30)

    assert len(slack.by_bot("C1")) == 1
    assert len(slack.by_bot("D1")) == 1


@pytest.mark.usefixtures("_quick_pings")
async def test_it_reconnects_though_slack_refuses_for_a_while(program: Program, slack: StandInSlack, link: str) -> None:
    slack.expected = {"apps.connections.open: internal_error"}
    async with program.serving():
        slack.refusals["apps.connections.open"] = "internal_error"
        await slack.socket.drop()
        await slack.until(lambda: slack.errors)
        slack.refusals.clear()
        await slack.until(lambda: slack.socket.opened >= 2, 30)
        await slack.post("C1", "U1", link)
        await slack.until(lambda: reviews(slack))
