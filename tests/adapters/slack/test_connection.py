"""The connection stays, whatever becomes of a socket; what was not acknowledged on the old one comes on the new one."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator

import pytest
import structlog
from aiohttp import web

from adapters.slack.adapter import SlackAdapter
from bot.domain.command import ReviewCommand, StatusCommand
from bot.domain.errors import ChatUnavailable
from bot.log import configure
from tests.adapters.slack.serving import PING, Office, settings_for
from tests.builders import a_ref
from tests.doubles.desk import ScriptedDesk
from tests.doubles.inbox import DictInbox
from tests.standins.slack import StandInSlack

LINK = "https://github.com/octo/stats/pull/12"


class Crowded(StandInSlack):
    """Turns some connections away, whose tickets are spent then."""

    turned_away = 0

    async def _link(self, request: web.Request) -> web.StreamResponse:
        if self.turned_away:
            self.turned_away -= 1
            self._tickets.discard(request.query["ticket"])
            return web.Response(status=503)
        return await super()._link(request)


@pytest.fixture
async def slack() -> AsyncIterator[Crowded]:
    async with Crowded() as standin:
        yield standin


@pytest.fixture
def _own_log() -> Iterator[None]:
    """Log as `parley run` does, until the end of the test."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    configure(logging.INFO)
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
def office(slack: Crowded) -> Office:
    return Office(slack=slack)


async def asks(office: Office) -> None:
    """Have somebody ask something, and wait until it was heard."""
    office.slack.command("C1", "U1", "status")
    await office.all_done()
    assert office.desk.commands == [StatusCommand()]


@pytest.mark.parametrize("reason", ["warning", "refresh_requested"])
async def test_a_connection_that_slack_ends_is_made_anew(office: Office, slack: Crowded, reason: str) -> None:
    async with office.open():
        await slack.socket.disconnect(reason)
        await slack.until(lambda: slack.socket.opened == 2)
        await asks(office)


async def test_a_socket_that_is_cut_is_made_anew(office: Office, slack: Crowded) -> None:
    async with office.open():
        await slack.socket.drop()
        await slack.until(lambda: slack.socket.opened == 2)
        await asks(office)


async def test_a_socket_that_fell_silent_is_made_anew(office: Office, slack: Crowded) -> None:
    async with office.open():
        slack.socket.silence()
        await slack.until(lambda: slack.socket.opened == 2 and not slack.socket.connections[0].silent)
        await asks(office)


async def test_an_address_that_is_spent_is_not_tried_for_ever(office: Office, slack: Crowded) -> None:
    async with office.open():
        slack.turned_away = 2
        await slack.socket.drop()
        await slack.until(lambda: slack.socket.opened == 2)
        await asks(office)


async def test_a_quiet_connection_is_left_alone(office: Office, slack: Crowded) -> None:
    async with office.open():
        (connection,) = slack.socket.connections
        pongs = 0
        answer = connection.socket.pong

        async def count(message: bytes = b"") -> None:
            nonlocal pongs
            pongs += 1
            await answer(message)
            await slack.wake()

        connection.socket.pong = count  # type: ignore[method-assign]  # it is what a ping is answered with
        await slack.until(lambda: pongs >= 10)

    assert slack.socket.opened == 1


async def test_what_was_sent_on_a_connection_that_ended_is_heard_once(office: Office, slack: Crowded) -> None:
    slack.socket.ack_seconds, slack.socket.minute = 0.2, 0.5
    async with office.open():
        slack.socket.silence()
        await slack.post("C1", "U1", LINK)
        await slack.socket.drop()
        await office.all_done()

    assert len(slack.socket.deliveries[0].attempts) > 1
    assert office.desk.commands == [ReviewCommand(targets=(a_ref(),), overheard=True)]


async def test_a_first_connection_that_fails_is_a_matter_of_time(slack: Crowded) -> None:
    slack.turned_away = 1000
    adapter = SlackAdapter(ScriptedDesk(), DictInbox(), settings_for(slack), str, ping=PING)

    with pytest.raises(ChatUnavailable):
        await adapter.run(lambda _: None)


@pytest.mark.usefixtures("_own_log")
async def test_a_connection_that_comes_back_is_told_to_the_operator_and_nothing_else(
    office: Office, slack: Crowded, capsys: pytest.CaptureFixture[str]
) -> None:
    async with office.open():
        slack.turned_away = 1
        await slack.socket.drop()
        await slack.until(lambda: slack.socket.opened == 2)
        await asks(office)
        async with asyncio.timeout(10):
            told = ""
            while "slack.reconnected" not in told:
                await asyncio.sleep(PING)
                told += capsys.readouterr().err

    assert "slack.disconnected" in told
    assert "Traceback" not in told
    assert "session" not in told


async def test_neither_tickets_nor_tracebacks_are_logged(
    office: Office, slack: Crowded, caplog: pytest.LogCaptureFixture
) -> None:
    async with office.open():
        slack.turned_away = 1
        await slack.socket.drop()
        await slack.until(lambda: slack.socket.opened == 2)

    failed = [record for record in caplog.records if "Failed to connect" in record.getMessage()]
    assert "ticket=...&app_id" in failed[0].getMessage()
    assert failed[0].exc_info is None
