"""App Home shows a person their channels only, and takes changes in a form."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import time
from typing import Any

import pytest
from structlog.testing import capture_logs

from adapters.slack import home
from adapters.slack.form import FormRejected, command_of
from adapters.slack.views import Edited
from bot.domain.access import Audience
from bot.domain.command import SubscribeCommand
from bot.domain.filter_words import parse_filters
from bot.domain.sentence import say
from bot.domain.subscription import Day, Kind, Subscription
from tests.adapters.slack.samples import WEB_URL, sample
from tests.adapters.slack.serving import Office
from tests.adapters.slack.test_views import a_subscription
from tests.builders import a_note, a_pattern, a_thread
from tests.doubles.desk import ScriptedDesk
from tests.standins.slack import StandInSlack


@pytest.fixture
async def slack() -> AsyncIterator[StandInSlack]:
    async with StandInSlack() as standin:
        yield standin


@pytest.fixture
def office(slack: StandInSlack) -> Office:
    return Office(slack=slack)


async def opened(slack: StandInSlack, user: str = "U1") -> None:
    """Have somebody look at App Home."""
    slack.open_home(user)
    await slack.until(lambda: slack.home(user))


async def asked(slack: StandInSlack, button: str = "subscription_add") -> None:
    """Have U1 open the form."""
    before = len(slack.modals)
    slack.press_home("U1", button)
    await slack.until(lambda: len(slack.modals) > before)


async def answered(slack: StandInSlack, user: str = "U1", **typed: Any) -> dict[str, Any]:
    """Submit the form and return what is said to it."""
    delivery = slack.submit(user, **typed)
    await slack.settled()
    assert delivery.acked_ms is not None
    assert delivery.acked_ms < 3000
    return delivery.answer


async def test_it_shows_what_the_channels_of_a_person_have_and_no_others(office: Office, slack: StandInSlack) -> None:
    slack.channels["C2"].members = {"UBOT", "U2"}
    for n in range(5):
        slack.add_channel(f"C5{n}", "U1")
    office.desk.subscribed = [
        a_subscription("shared"),
        a_subscription("secret", channel="slack:T1/C2"),
        a_subscription("last", channel="slack:T1/C54"),
        a_subscription("elsewhere", channel="slack:T9/C1"),
    ]
    office.desk.records = [
        a_note(where=a_thread("1", channel="slack:T1/C1")),
        a_note(where=a_thread("1", channel="slack:T1/C2"), target="octo/secret#1"),
    ]
    async with office.open():
        await opened(slack)

    assert "octo/shared" in slack.home("U1")
    assert "octo/last" in slack.home("U1")
    assert "octo/stats#12" in slack.home("U1")
    assert "secret" not in slack.home("U1")
    assert "elsewhere" not in slack.home("U1")


async def test_the_messages_beside_it_publish_nothing(office: Office, slack: StandInSlack) -> None:
    async with office.open():
        slack.open_home("U1", tab="messages")
        await slack.settled()
        await opened(slack)

    assert len(slack.of("views.publish")) == 1


async def test_a_digest_is_subscribed_to_in_the_form(office: Office, slack: StandInSlack) -> None:
    slack.people["U1"].tz = "Asia/Tokyo"
    async with office.open():
        await opened(slack)
        await asked(slack)
        assert await answered(slack, channel="C1", repository="octo/stats", days=["mon", "thu"], at="10:15") == {}
        await slack.until(lambda: "octo/stats" in slack.home("U1"))

    (subscription,) = office.desk.subscribed
    assert (subscription.channel, subscription.by) == ("slack:T1/C1", "slack:T1/U1")
    assert (subscription.days, subscription.at) == ((Day.MONDAY, Day.THURSDAY), time(10, 15))
    assert subscription.timezone == "Asia/Tokyo"


async def test_what_cannot_be_understood_is_said_where_it_was_typed(office: Office, slack: StandInSlack) -> None:
    async with office.open():
        await opened(slack)
        await asked(slack)
        answer = await answered(
            slack, channel="C1", repository="no repository", timezone="Europe/Berln", filters="lable:x"
        )

    assert answer["response_action"] == "errors"
    assert "did you mean label:" in answer["errors"]["filters"]
    assert "names no repository" in answer["errors"]["repository"]
    assert "Europe/Berlin is one" in answer["errors"]["timezone"]
    assert office.desk.subscribed == []


async def test_what_the_desk_refuses_is_said_in_the_form(office: Office, slack: StandInSlack) -> None:
    office.desk.refusal = say("I cannot show octo/stats here.")
    async with office.open():
        await opened(slack)
        await asked(slack)
        answer = await answered(slack, channel="C1", repository="octo/stats")

    assert answer["errors"] == {"repository": "I cannot show octo/stats here."}


async def test_a_channel_without_the_bot_is_refused_with_what_to_do(office: Office, slack: StandInSlack) -> None:
    async with office.open():
        await opened(slack)
        await asked(slack)
        public = await answered(slack, channel="C3", repository="octo/stats")
        private = await answered(slack, channel="C4", repository="octo/stats")

    assert "I am not in that channel: invite me there with `/invite`" in public["errors"]["channel"]
    assert "/invite" in private["errors"]["channel"]
    assert office.desk.subscribed == []


async def test_nobody_subscribes_a_channel_they_are_not_in(office: Office, slack: StandInSlack) -> None:
    slack.channels["C2"].members = {"UBOT", "U2"}
    async with office.open():
        await opened(slack)
        await asked(slack)
        answer = await answered(slack, channel="C2", repository="octo/stats")

    assert "You are not in that channel" in answer["errors"]["channel"]
    assert office.desk.subscribed == []


async def test_a_subscription_is_changed_in_place(office: Office, slack: StandInSlack) -> None:
    office.desk.subscribed = [a_subscription("stats")]
    async with office.open():
        await opened(slack)
        await asked(slack, "subscription_edit")
        assert await answered(slack, at="07:00") == {}
        await slack.until(lambda: "at 07:00" in slack.home("U1"))
        await asked(slack, "subscription_edit")
        assert await answered(slack, repository="octo/other") == {}
        await slack.until(lambda: "octo/other" in slack.home("U1"))

    (subscription,) = office.desk.subscribed
    assert str(subscription.pattern) == "octo/other"
    assert (subscription.at, subscription.days) == (time(7, 0), (Day.MONDAY, Day.THURSDAY))


async def test_weekly_stats_are_shown_as_what_they_are_and_stay_that_in_the_form(
    office: Office, slack: StandInSlack
) -> None:
    office.desk.subscribed = [a_subscription("stats", kind=Kind.STATS, days=(Day.MONDAY,))]
    async with office.open():
        await opened(slack)
        assert "*octo/stats* · weekly stats · <#C1> · Monday at 09:30" in slack.home("U1")
        await asked(slack, "subscription_edit")
        assert slack.modals[-1]["title"]["text"] == "Weekly stats"
        assert await answered(slack, days=["fri"]) == {}
        await slack.until(lambda: "Friday at 09:30" in slack.home("U1"))

    (subscription,) = office.desk.subscribed
    assert (subscription.kind, subscription.days) == (Kind.STATS, (Day.FRIDAY,))


async def test_a_change_in_a_channel_one_has_left_is_refused_at_an_input_that_is_there(
    office: Office, slack: StandInSlack
) -> None:
    office.desk.subscribed = [a_subscription("stats")]
    async with office.open():
        await opened(slack)
        await asked(slack, "subscription_edit")
        slack.channels["C1"].members.discard("U1")
        answer = await answered(slack, at="07:00")

    assert "You are not in that channel" in answer["errors"]["repository"]
    assert office.desk.subscribed[0].at == time(9, 30)


async def test_a_subscription_is_removed_by_those_in_its_channel_only(office: Office, slack: StandInSlack) -> None:
    office.desk.subscribed = [a_subscription("stats"), a_subscription("stays", channel="slack:T1/C2")]
    async with office.open():
        await opened(slack)
        slack.channels["C2"].members.discard("U1")
        slack.press_home("U1", "subscription_remove", "stays")
        await slack.until(lambda: "stays" not in slack.home("U1"))
        slack.press_home("U1", "subscription_remove", "stats")
        await slack.until(lambda: "octo/stats" not in slack.home("U1"))

    assert [str(one.pattern) for one in office.desk.subscribed] == ["octo/stays"]


class SlowDesk(ScriptedDesk):
    """Takes its time."""

    async def subscribe(self, command: SubscribeCommand, audience: Audience) -> Sequence[Subscription]:
        await asyncio.Event().wait()
        raise AssertionError


async def test_the_form_is_answered_before_slack_gives_up_on_it(
    office: Office, slack: StandInSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert home.FORM_SECONDS < 3
    monkeypatch.setattr(home, "FORM_SECONDS", 0.1)
    office.desk = SlowDesk()
    async with office.open():
        await opened(slack)
        await asked(slack)
        answer = await answered(slack, channel="C1", repository="octo/stats")

    assert answer["errors"] == {"repository": "That took too long. Please try again."}


async def test_a_form_that_comes_too_late_is_logged(office: Office, slack: StandInSlack) -> None:
    slack.storm("views.open", 1)
    with capture_logs() as logs:
        async with office.open():
            await opened(slack)
            slack.press_home("U1", "subscription_add")
            await slack.until(lambda: [call for call in slack.calls if call.method == "views.open"])
            slack.forward(4)
            await slack.until(lambda: "views.open: expired_trigger_id" in slack.errors)
            await opened(slack)

    assert slack.modals == []
    assert "slack.form_not_opened" in [log["event"] for log in logs]


async def test_who_has_no_time_zone_gets_the_configured_one(office: Office, slack: StandInSlack) -> None:
    slack.people["U1"].tz = ""
    async with office.open():
        await opened(slack)
        await asked(slack)

    assert slack.modals[0]["blocks"][-2]["element"]["initial_value"] == "Europe/Berlin"


def test_the_values_of_a_form_become_a_command() -> None:
    values = sample("view_submission")["view"]["state"]["values"]

    edited = Edited(channel="slack:T1/C1", id="s1", kind=Kind.STATS)

    assert command_of(values, web_url=WEB_URL, edited=edited) == SubscribeCommand(
        patterns=(a_pattern("octo/stats"),),
        days=(Day.MONDAY, Day.THURSDAY),
        at=time(9, 30),
        timezone="Europe/Berlin",
        filters=parse_filters(["label:urgent", "-author:renovate"]),
        replaces="s1",
        kind=Kind.STATS,
    )


def test_an_empty_input_is_a_problem_of_that_input() -> None:
    values = sample("view_submission")["view"]["state"]["values"]
    values["repository"]["repository"]["value"] = None

    with pytest.raises(FormRejected) as rejected:
        command_of(values, web_url=WEB_URL)
    assert list(rejected.value.problems) == ["repository"]
