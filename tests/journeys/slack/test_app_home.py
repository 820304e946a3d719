"""App Home: what a person's channels subscribed to and reviewed, and the form that changes it."""

from __future__ import annotations

import pytest

from tests.journeys.slack.setting import Program, nothing_more, reviewed, reviews
from tests.standins.slack import StandInSlack
from tests.standins.slack.payloads import find_button


async def opened(slack: StandInSlack, user: str = "U1") -> None:
    """Let a person look at App Home."""
    before = len(slack.of("views.publish"))
    slack.open_home(user)
    await slack.until(lambda: len(slack.of("views.publish")) > before)


async def test_it_shows_what_there_is(program: Program, slack: StandInSlack, link: str) -> None:
    async with program.serving():
        await opened(slack)
        assert "not loaded yet" in slack.home("U1")
        await reviewed(slack, link)
        await nothing_more(slack)
        await opened(slack)

    home = slack.home("U1")
    assert "None yet: a digest lists" in home
    assert "octo/hello.world#12" in home
    assert "Model: scripted" in home
    assert "0 reviews, 0 answers" in home


async def test_the_messages_beside_it_are_no_home(program: Program, slack: StandInSlack) -> None:
    async with program.serving():
        slack.open_home("U1", tab="messages")
        await nothing_more(slack)
    assert slack.of("views.publish") == []


async def test_a_subscription_is_made_changed_and_ended(program: Program, slack: StandInSlack) -> None:
    async with program.serving():
        await opened(slack)
        slack.press_home("U1", "subscription_add")
        await slack.until(lambda: len(slack.modals) == 1)
        slack.submit("U1", channel="C1", repository="octo/hello.world", days=["mon", "thu"], at="09:30")
        await slack.until(lambda: "octo/hello.world" in slack.home("U1"))
        assert "Monday, Thursday at 09:30 (Europe/Berlin)" in slack.home("U1"), "the zone is that of the person"

        slack.command("C1", "U1", "list")
        await slack.until(lambda: slack.whispered("U1"))
        assert "octo/hello.world, mon, thu at 09:30 (Europe/Berlin)" in slack.whispered("U1")[0]

        slack.press_home("U1", "subscription_edit")
        await slack.until(lambda: len(slack.modals) == 2)
        slack.submit("U1", timezone="UTC")
        await slack.until(lambda: "Monday, Thursday at 09:30 (UTC)" in slack.home("U1"))

        slack.press_home("U1", "subscription_remove")
        await slack.until(lambda: "None yet: a digest lists" in slack.home("U1"))


async def test_what_is_wrong_is_said_beside_the_field(program: Program, slack: StandInSlack) -> None:
    async with program.serving():
        await opened(slack)
        slack.press_home("U1", "subscription_add")
        await slack.until(lambda: slack.modals)

        async def problems(**typed: str) -> dict[str, str]:
            good = {"channel": "C1", "repository": "octo/hello.world"}
            delivery = slack.submit("U1", **{**good, **typed})
            await slack.until(lambda: delivery.acked_ms is not None)
            assert delivery.answer["response_action"] == "errors"
            return dict(delivery.answer["errors"])

        assert "Europe/Berlin" in (await problems(timezone="Europe/Berln"))["timezone"]
        assert "octo" in (await problems(repository="octo"))["repository"]
        assert "I cannot show octo/nothing here" in (await problems(repository="octo/nothing"))["repository"]
        assert "/invite" in (await problems(channel="C3"))["channel"]
        assert "/invite" in (await problems(channel="C4"))["channel"]
        await opened(slack)

    assert "None yet: a digest lists" in slack.home("U1")


@pytest.mark.parametrize("written", ["{", "5", '["slack:T1/C1"]', "[1, 2, 3]"])
async def test_a_form_of_another_version_is_refused_in_a_sentence(
    program: Program, slack: StandInSlack, written: str
) -> None:
    async with program.serving():
        await opened(slack)
        slack.press_home("U1", "subscription_add")
        await slack.until(lambda: slack.modals)
        slack.modals[-1]["private_metadata"] = written
        delivery = slack.submit("U1", channel="C1", repository="octo/hello.world")
        await slack.until(lambda: delivery.acked_ms is not None)

    assert "close it, and open it again" in delivery.answer["errors"]["repository"]


async def test_buttons_of_another_version_show_what_there_is(program: Program, slack: StandInSlack) -> None:
    async with program.serving():
        slack.command("C1", "U1", "subscribe octo/hello.world")
        await slack.until(lambda: slack.whispered("U1"))
        await opened(slack)
        for button in ("subscription_remove", "subscription_edit"):
            element, _ = find_button(slack.homes["U1"]["blocks"], button, "")
            element["value"] = "{"
            delivery = slack.press_home("U1", button)
            await slack.settled()
            assert delivery.acked_ms is not None
        await opened(slack)

    assert "octo/hello.world" in slack.home("U1")
    assert slack.modals == []


async def test_a_form_that_was_asked_for_too_long_ago_breaks_nothing(program: Program, slack: StandInSlack) -> None:
    slack.expected = {"views.open: expired_trigger_id"}
    async with program.serving():
        await opened(slack)
        delivery = slack.press_home("U1", "subscription_add")
        slack.triggers[str(delivery.payload["trigger_id"])] -= 10
        await slack.until(lambda: slack.errors)
        slack.press_home("U1", "subscription_add")
        await slack.until(lambda: slack.modals)


async def test_nothing_is_shown_of_channels_that_a_person_is_not_in(
    program: Program, slack: StandInSlack, link: str
) -> None:
    slack.channels["C2"].members -= {"U1"}
    async with program.serving():
        await slack.post("C2", "U2", link)
        await slack.until(lambda: reviews(slack, "C2"))
        slack.command("C2", "U2", "subscribe octo/hello.world")
        await slack.until(lambda: slack.whispered("U2"))
        await opened(slack, "U1")
        await opened(slack, "U2")

    assert "hello.world" not in slack.home("U1")
    assert "hello.world" in slack.home("U2")


async def test_a_person_cannot_end_what_a_channel_they_left_subscribed_to(
    program: Program, slack: StandInSlack
) -> None:
    async with program.serving():
        slack.command("C2", "U1", "subscribe octo/hello.world")
        await slack.until(lambda: slack.whispered("U1"))
        await opened(slack)
        slack.channels["C2"].members -= {"U1"}
        slack.press_home("U1", "subscription_remove")
        await slack.until(lambda: "hello.world" not in slack.home("U1"))
        await opened(slack, "U2")

    assert "hello.world" in slack.home("U2")


async def test_the_form_stays_inside_the_limits_with_very_many_subscriptions(
    program: Program, slack: StandInSlack
) -> None:
    async with program.serving():
        for number in range(30):
            slack.add_channel(f"C2{number:02}")
            slack.command(f"C2{number:02}", "U1", "subscribe octo/hello.world")
        await slack.until(lambda: len(slack.whispered("U1")) == 30)
        await opened(slack)

    assert "and 5 more" in slack.home("U1")
