"""What Slack refuses: too fast, too large, not there, not allowed."""

from __future__ import annotations

import pytest

from adapters.slack import api, posting
from tests.journeys.slack.setting import FINDING, Program, SlowModel, nothing_more, reviewed, reviews
from tests.standins.slack import StandInSlack


@pytest.fixture
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a moment pass where minutes do."""
    monkeypatch.setattr(posting, "WAITS", (0.05,) * 200)
    monkeypatch.setattr(api, "MOST_WAITS", 1)


async def test_rate_limits_are_waited_out(program: Program, slack: StandInSlack, link: str) -> None:
    slack.storm("chat.postMessage", 3)
    slack.storm("chat.update", 3)
    async with program.serving():
        ts = await slack.post("C1", "U1", link)
        await slack.until(lambda: reviews(slack), 30)

    assert len(slack.thread("C1", ts)) == 1


@pytest.mark.usefixtures("_impatient")
async def test_a_storm_that_lasts_costs_no_review(program: Program, slack: StandInSlack, link: str) -> None:
    slack.storm("chat.postMessage", 5)
    async with program.serving():
        ts = await slack.post("C1", "U1", link)
        await slack.until(lambda: reviews(slack), 30)

    assert len(slack.thread("C1", ts)) == 1


@pytest.mark.usefixtures("_impatient")
async def test_a_slack_that_is_away_when_the_review_is_ready_gets_it_later(
    program: Program, slack: StandInSlack, link: str
) -> None:
    slack.expected = {"chat.update: internal_error"}
    program.model = model = SlowModel()
    async with program.serving():
        ts = await slack.post("C1", "U1", link)
        await model.begun.wait()
        slack.refusals["chat.update"] = "internal_error"
        model.free.set()
        await slack.until(lambda: len([call for call in slack.calls if FINDING in str(call.arguments)]) > 5)
        slack.refusals.clear()
        await slack.until(lambda: reviews(slack))
        await nothing_more(slack)

    assert slack.thread("C1", ts) == reviews(slack), "the progress message became the review"


@pytest.mark.usefixtures("_impatient")
async def test_answers_of_slack_that_get_lost_leave_no_second_message(
    program: Program, slack: StandInSlack, link: str
) -> None:
    async with program.serving():
        slack.lose("chat.postMessage", 3)
        ts = await slack.post("C1", "U1", link)
        await slack.until(lambda: reviews(slack))
        await nothing_more(slack)
        slack.lose("chat.postMessage")
        slack.command("C1", "U1", "octo/hello.world#12")
        await slack.until(lambda: len(reviews(slack)) == 2)
        await nothing_more(slack)

    assert len(slack.thread("C1", ts)) == 1
    assert len(slack.by_bot()) == 3, "two reviews, and the opening of the second one's thread"


async def test_the_wait_that_slack_asks_for_is_kept(program: Program, slack: StandInSlack, link: str) -> None:
    slack.storm("chat.postMessage", 1, retry_after=2)
    async with program.serving():
        await slack.post("C1", "U1", link)
        await slack.until(lambda: reviews(slack), 30)

    first, second = [call for call in slack.calls if call.method == "chat.postMessage"]
    assert first.error == "ratelimited"
    assert second.at - first.at >= 2


async def test_progress_keeps_below_the_rate_of_edits(program: Program, slack: StandInSlack, link: str) -> None:
    program.model = model = SlowModel()
    async with program.serving():
        await slack.post("C1", "U1", link)
        await model.begun.wait()
        model.free.set()
        await slack.until(lambda: reviews(slack))

    assert [call for call in slack.calls if call.error == "ratelimited"] == []
    assert len(slack.of("chat.update")) <= 4


@pytest.mark.parametrize(
    ("channel", "told"), [("C3", "invite me there"), ("C4", "invite me there"), ("C9", "archived")]
)
async def test_where_it_cannot_write_it_tells_the_person(
    program: Program, slack: StandInSlack, channel: str, told: str
) -> None:
    code = {"C3": "not_in_channel", "C4": "channel_not_found", "C9": "is_archived"}[channel]
    slack.expected = {f"chat.postMessage: {code}", f"chat.postEphemeral: {code}"}
    async with program.serving():
        slack.command(channel, "U1", "octo/hello.world#12")
        (answer,) = await slack.until(lambda: slack.whispered("U1"))

    assert told in answer
    assert slack.of("response_url"), "by the way that a command leaves open"


async def test_a_channel_that_is_archived_meanwhile_ends_the_review_there(
    program: Program, slack: StandInSlack, link: str
) -> None:
    slack.expected = {"chat.update: is_archived", "chat.postMessage: is_archived", "chat.postEphemeral: is_archived"}
    program.model = model = SlowModel()
    async with program.serving():
        await slack.post("C1", "U1", link)
        await model.begun.wait()
        slack.channels["C1"].archived = True
        model.free.set()
        await slack.until(lambda: slack.errors)
        await reviewed(slack, link, "C2")

    assert len(slack.by_bot("C1")) == 1


async def test_a_progress_message_that_is_gone_does_not_leave_the_review_hanging(
    program: Program, slack: StandInSlack, link: str
) -> None:
    slack.expected = {"chat.update: message_not_found", "chat.delete: message_not_found"}
    program.model = model = SlowModel()
    async with program.serving():
        ts = await slack.post("C1", "U1", link)
        await model.begun.wait()
        (progress,) = slack.by_bot("C1")
        await slack.remove(progress)
        model.free.set()
        (review,) = await slack.until(lambda: reviews(slack))

    assert review.thread_ts == ts


async def test_a_review_that_slack_finds_too_large_becomes_a_short_one_and_a_file(
    program: Program, slack: StandInSlack, link: str
) -> None:
    slack.expected = {"chat.update: msg_blocks_too_long"}
    program.model = model = SlowModel()
    async with program.serving():
        ts = await slack.post("C1", "U1", link)
        await model.begun.wait()
        slack.refuse_once("chat.update", "msg_blocks_too_long", where=FINDING)
        model.free.set()
        (report,) = await slack.until(lambda: [m for m in slack.thread("C1", ts) if m.file])

    (short,) = [message for message in slack.thread("C1", ts) if not message.file]
    assert "Needs attention" in short.seen
    assert FINDING in report.file


async def test_a_report_that_cannot_be_attached_is_posted(program: Program, slack: StandInSlack, link: str) -> None:
    slack.expected = {"chat.update: msg_blocks_too_long", "files.getUploadURLExternal: missing_scope"}
    slack.scopes = tuple(scope for scope in slack.scopes if scope != "files:write")
    program.model = model = SlowModel()
    async with program.serving():
        ts = await slack.post("C1", "U1", link)
        await model.begun.wait()
        slack.refuse_once("chat.update", "msg_blocks_too_long", where=FINDING)
        model.free.set()
        await slack.until(lambda: "files.getUploadURLExternal: missing_scope" in slack.errors)
        await slack.until(lambda: any(FINDING in message.seen for message in slack.thread("C1", ts)))

    assert "Needs attention" in slack.thread("C1", ts)[0].seen


async def test_a_lost_right_to_write_is_no_crash(program: Program, slack: StandInSlack, link: str) -> None:
    slack.expected = {f"{method}: missing_scope" for method in ("chat.postMessage", "chat.postEphemeral", "users.info")}
    async with program.serving():
        scopes, slack.scopes = slack.scopes, ("channels:history", "commands")
        await slack.post("C1", "U1", link)
        await slack.until(lambda: slack.errors)
        slack.scopes = scopes
        await reviewed(slack, link, "C2")
