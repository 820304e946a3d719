"""One session, two ways to ask over it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from adapters.slack.api import SlackApi
from bot.domain.errors import AccessRefused, ChatUnavailable
from tests.adapters.slack.serving import settings_for
from tests.standins.slack import StandInSlack


@pytest.fixture
async def slack() -> AsyncIterator[StandInSlack]:
    async with StandInSlack() as standin:
        yield standin


@pytest.fixture
async def api(slack: StandInSlack) -> AsyncIterator[SlackApi]:
    opened = SlackApi(settings_for(slack))
    await opened.open()
    yield opened
    await opened.close()


async def test_it_knows_who_it_is(api: SlackApi) -> None:
    known = await api.introduce()

    assert (known["team_id"], known["user_id"]) == ("T1", "UBOT")
    assert api.team_url == "https://octo.slack.com/"


async def test_a_wrong_token_is_refused(slack: StandInSlack) -> None:
    api = SlackApi(settings_for(slack, bot_token="xoxb-bad"))
    await api.open()
    with pytest.raises(AccessRefused):
        await api.introduce()
    await api.close()


async def test_with_patience_it_waits_as_long_as_slack_says(slack: StandInSlack, api: SlackApi) -> None:
    slack.storm("auth.test", 2)
    await api.introduce()

    assert [call.error for call in slack.calls] == ["ratelimited", "ratelimited", ""]


async def test_quickly_it_asks_once_and_tells_how_long_to_wait(slack: StandInSlack, api: SlackApi) -> None:
    slack.storm("auth.test", 2, retry_after=60)
    with pytest.raises(ChatUnavailable) as caught:
        await api.ask_quickly(api.quick.auth_test())

    assert caught.value.retry_after == 60
    assert len(slack.calls) == 1


async def test_a_server_that_is_not_there_is_worth_another_try(slack: StandInSlack) -> None:
    api = SlackApi(settings_for(slack))
    await api.open()
    api.quick.base_url = "http://127.0.0.1:9/api/"
    with pytest.raises(ChatUnavailable):
        await api.ask_quickly(api.quick.auth_test())
    await api.close()


async def test_a_person_is_asked_for_once(slack: StandInSlack, api: SlackApi) -> None:
    names = [await api.person_name("U1"), await api.person_name("U1")]

    assert names == ["ada", "ada"]
    assert len(slack.of("users.info")) == 1


async def test_a_person_whom_slack_does_not_tell_is_called_by_their_id(slack: StandInSlack, api: SlackApi) -> None:
    slack.storm("users.info", 1, retry_after=60)

    assert await api.person_name("U1") == "U1"
    assert await api.person_name("U9") == "U9"
    assert await api.person_name("U1") == "ada", "it is asked for again"


async def test_both_clients_share_a_session_that_ends_once(slack: StandInSlack) -> None:
    api = SlackApi(settings_for(slack))
    await api.open()
    session = api.client.session
    await api.open()
    assert api.quick.session is api.client.session is session
    await api.close()
    await api.close()

    assert session is not None
    assert session.closed
