"""What the adapter makes of what happens on Slack; the stand-in speaks HTTP and Socket Mode over real sockets."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from adapters.slack.adapter import SlackAdapter
from bot.domain.command import (
    AgainCommand,
    AskCommand,
    Command,
    HelpCommand,
    Misunderstood,
    ReviewCommand,
    StatusCommand,
)
from bot.domain.conversation import ThreadRef
from bot.domain.errors import AccessRefused, ChatUnavailable, StoreUnusable
from bot.domain.sentence import say
from bot.ports.chat import Chat
from tests.adapters.slack.serving import Office, settings_for
from tests.builders import a_ref
from tests.doubles.desk import ScriptedDesk
from tests.doubles.inbox import DictInbox, DictJob
from tests.standins.slack import StandInSlack

LINK = "https://github.com/octo/stats/pull/12"
REVIEW = ReviewCommand(targets=(a_ref(),))
OVERHEARD = ReviewCommand(targets=(a_ref(),), overheard=True)


@pytest.fixture
async def slack() -> AsyncIterator[StandInSlack]:
    async with StandInSlack() as standin:
        yield standin


@pytest.fixture
def office(slack: StandInSlack) -> Office:
    return Office(slack=slack)


class Endless:
    """Work that only ends with its process."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()

    async def __call__(self, _command: Command, _chat: Chat) -> None:
        self.begun.set()
        await asyncio.Event().wait()


async def test_it_says_what_it_is_connected_to(office: Office) -> None:
    async with office.open() as adapter:
        assert adapter.name == "slack"

    assert office.told == ["Slack: connected to Octo as parley."]


async def test_a_pasted_link_is_handed_over_once_with_its_place(office: Office, slack: StandInSlack) -> None:
    async with office.open():
        ts = await slack.post("C1", "U1", f"look at {LINK}")
        await office.all_done()

    assert office.desk.handed == [(OVERHEARD, ThreadRef(channel="slack:T1/C1"))]
    assert f"slack:T1/C1/{ts}" in office.inbox.jobs[0].names


async def test_what_people_say_to_each_other_is_acknowledged_and_not_kept(office: Office, slack: StandInSlack) -> None:
    async with office.open():
        ts = await slack.post("C1", "U1", "good morning")
        await slack.post("C1", "U2", "and to you", thread_ts=ts)
        await slack.post("C1", "UHUB", f"opened: {LINK}")
        await slack.edit(slack.messages[0], f"good morning {LINK}")
        await slack.settled()

    assert all(delivery.acked_ms is not None for delivery in slack.socket.deliveries)
    assert office.inbox.jobs == []


async def test_a_mention_is_heard_once_though_slack_sends_two_events(office: Office, slack: StandInSlack) -> None:
    async with office.open():
        await slack.post("C1", "U1", f"@parley review {LINK}")
        await office.all_done()

    assert len(slack.socket.deliveries) == 2
    assert office.desk.commands == [REVIEW]


async def test_plain_replies_are_heard_in_threads_that_the_bot_is_part_of(office: Office, slack: StandInSlack) -> None:
    async with office.open():
        ours, theirs = await slack.post("C1", "U1", "one"), await slack.post("C1", "U1", "two")
        office.desk.threads.add(ThreadRef(channel="slack:T1/C1", thread=ours))
        await slack.post("C1", "U2", "is that safe?", thread_ts=ours)
        await slack.post("C1", "U2", "is that safe?", thread_ts=theirs)
        await slack.post("C1", "U2", "@ada is that safe?", thread_ts=ours)
        await office.all_done()

    assert office.desk.handed == [(AskCommand(question="is that safe?"), ThreadRef(channel="slack:T1/C1", thread=ours))]


async def test_a_lost_acknowledgement_starts_nothing_again(office: Office, slack: StandInSlack) -> None:
    slack.socket.ack_seconds, slack.socket.minute, slack.socket.deaf = 0.05, 0.01, 2
    async with office.open():
        await slack.post("C1", "U1", LINK)
        await office.all_done()

    assert len(slack.socket.deliveries[0].attempts) == 3
    assert office.desk.commands == [OVERHEARD]


class BrokenInbox(DictInbox):
    """Cannot keep anything for some times."""

    broken = 1

    async def take(self, *names: str, source: str, body: str) -> DictJob | None:
        if self.broken:
            self.broken -= 1
            raise StoreUnusable(say("The database is locked."))
        return await super().take(*names, source=source, body=body)


async def test_what_the_database_did_not_keep_is_not_acknowledged_and_comes_again(
    office: Office, slack: StandInSlack
) -> None:
    slack.socket.ack_seconds, slack.socket.minute = 0.05, 0.01
    office.inbox = BrokenInbox()
    with capture_logs() as logs:
        async with office.open():
            await slack.post("C1", "U1", LINK)
            await office.all_done()

    first, second = slack.socket.deliveries[0].attempts
    assert first.acked_ms is None
    assert second.acked_ms is not None
    assert office.desk.commands == [OVERHEARD]
    assert [log["why"] for log in logs if log["event"] == "slack.not_taken"] == ["The database is locked."]


async def test_a_command_is_acknowledged_before_anything_slow(office: Office, slack: StandInSlack) -> None:
    office.desk.script = Endless()
    async with office.open():
        delivery = slack.command("C1", "U1", f"review {LINK}")
        await slack.settled()

        assert delivery.acked_ms is not None
        assert delivery.acked_ms < 300
        assert [call.method for call in slack.calls] == ["auth.test", "apps.connections.open"]


@pytest.mark.parametrize("words", ["", "help"])
async def test_a_command_carries_its_words(office: Office, slack: StandInSlack, words: str) -> None:
    async with office.open():
        slack.command("C1", "U1", words)
        await office.all_done()

    assert office.desk.commands == [HelpCommand()]


async def test_people_are_called_by_the_name_that_slack_shows(office: Office, slack: StandInSlack) -> None:
    names: list[str] = []

    async def note(_command: Command, chat: Chat) -> None:
        names.append(chat.person)

    office.desk.script = note
    async with office.open():
        await slack.post("D1", "U1", "status")
        await office.all_done()
        slack.command("C1", "U2", "status")
        await office.all_done()

    assert names == ["ada", "mona"]


async def test_a_shortcut_and_a_button_are_handed_over(office: Office, slack: StandInSlack) -> None:
    button = {
        "type": "button",
        "action_id": "review_again",
        "text": {"type": "plain_text", "text": "Again"},
        "value": "r1",
    }
    async with office.open() as adapter:
        await slack.post("C1", "UHUB", f"opened: {LINK}")
        (program,) = slack.messages
        slack.shortcut("U1", program, "review_message")
        await office.all_done()
        chat = adapter.chat_in("slack:T1/C1")
        assert chat is not None
        await chat.say(say("A review."))
        (review,) = slack.by_bot("C1")
        review.blocks = [{"type": "actions", "block_id": "b1", "elements": [button]}]
        slack.press("U2", review, "review_again")
        await office.all_done()

    assert office.desk.handed == [
        (REVIEW, ThreadRef(channel="slack:T1/C1")),
        (AgainCommand(review="r1"), ThreadRef(channel="slack:T1/C1", thread=review.ts)),
    ]


async def test_a_shortcut_where_there_is_no_link_is_handed_over_as_not_understood(
    office: Office, slack: StandInSlack
) -> None:
    async with office.open():
        await slack.post("C1", "U2", "good morning")
        slack.shortcut("U1", slack.messages[0], "review_message")
        await office.all_done()

    ((command, where),) = office.desk.handed
    assert isinstance(command, Misunderstood)
    assert where == ThreadRef(channel="slack:T1/C1")


async def test_what_a_killed_process_left_is_taken_up(office: Office, slack: StandInSlack) -> None:
    resumed: list[bool] = []

    async def note(_command: Command, chat: Chat) -> None:
        resumed.append(chat.resumed is not None)

    office.desk.script = endless = Endless()
    async with office.open():
        await slack.post("C1", "U1", LINK)
        await endless.begun.wait()
    office.inbox.end_process()
    office.desk.script = note
    async with office.open():
        await office.all_done()

    assert office.desk.commands == [OVERHEARD, OVERHEARD]
    assert resumed == [True]


async def test_what_another_version_wrote_down_is_let_go(office: Office) -> None:
    await office.inbox.take("slack:1", source="slack", body='{"of": "another version"}')
    office.inbox.end_process()
    with capture_logs() as logs:
        async with office.open():
            await office.all_done()

    assert "slack.job_unreadable" in [log["event"] for log in logs]
    assert office.desk.commands == []


async def test_a_stop_is_quick_and_leaves_the_work_to_the_next_process(office: Office, slack: StandInSlack) -> None:
    office.desk.script = endless = Endless()
    async with office.open():
        await slack.post("C1", "U1", LINK)
        await endless.begun.wait()
        slack.socket.silence()
        began = time.monotonic()

    assert time.monotonic() - began < 3
    assert len(office.inbox.unfinished) == 1


async def test_it_can_serve_again_after_a_stop(office: Office, slack: StandInSlack) -> None:
    for _ in range(2):
        async with office.open():
            slack.command("C1", "U1", "status")
            await office.all_done()

    assert office.desk.commands == [StatusCommand(), StatusCommand()]


async def test_a_channel_it_is_invited_to_is_greeted_once(office: Office, slack: StandInSlack) -> None:
    async with office.open():
        await slack.join("C3", "UBOT")
        await slack.until(lambda: slack.of("chat.postMessage"))
        await slack.join("C3", "U1")
        await slack.join("C3", "UBOT")
        await office.all_done()

    (hello,) = slack.of("chat.postMessage")
    assert "Paste the link of a pull request" in hello.arguments["text"]


@pytest.mark.parametrize("name", ["slack:T1", "discord:1/2", "console", "slack:T1/C1/17.1"])
def test_only_names_of_its_own_channels_are_channels(slack: StandInSlack, name: str) -> None:
    assert SlackAdapter(ScriptedDesk(), DictInbox(), settings_for(slack), str).chat_in(name) is None


@pytest.mark.parametrize(
    ("tokens", "named"),
    [({"bot_token": "xoxb-old"}, "bot_token"), ({"app_token": "xapp-old"}, "app_token")],
)
async def test_a_token_that_slack_refuses_is_named(slack: StandInSlack, tokens: dict[str, str], named: str) -> None:
    adapter = SlackAdapter(ScriptedDesk(), DictInbox(), settings_for(slack, **tokens), str)

    with pytest.raises(AccessRefused, match=named):
        await adapter.run(lambda _: None)


async def test_a_slack_that_cannot_be_reached_is_a_matter_of_time(slack: StandInSlack) -> None:
    nowhere = replace(settings_for(slack), api_url="http://127.0.0.1:9/api/")

    with pytest.raises(ChatUnavailable):
        await SlackAdapter(ScriptedDesk(), DictInbox(), nowhere, str).run(lambda _: None)


async def test_what_the_environment_says_of_other_slack_apps_changes_nothing(
    office: Office, slack: StandInSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"):
        monkeypatch.setenv(name, "of-another-app")
    async with office.open():
        slack.command("C1", "U1", "status")
        await office.all_done()

    assert office.desk.commands == [StatusCommand()]
