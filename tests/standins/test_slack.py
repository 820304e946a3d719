"""The stand-in Slack, asked by Slack's real clients."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.models.blocks import DividerBlock, HeaderBlock, MarkdownBlock, SectionBlock
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from tests.standins.slack import StandInSlack, pings

RECIPIENT: dict[str, Any] = {"recipient_team_id": "T1", "recipient_user_id": "U1"}


@pytest.fixture
async def slack() -> AsyncIterator[StandInSlack]:
    async with StandInSlack() as standin:
        yield standin


@pytest.fixture
def client(slack: StandInSlack) -> AsyncWebClient:
    return AsyncWebClient(token=slack.bot_token, base_url=slack.api_url)


@pytest.fixture
async def heard(slack: StandInSlack) -> AsyncIterator[list[SocketModeRequest]]:
    """Connect a real client that acknowledges everything and keeps what it heard."""
    requests: list[SocketModeRequest] = []
    connected = await connection(slack, requests)
    yield requests
    await closed(connected)


async def connection(
    slack: StandInSlack, requests: list[SocketModeRequest], *, ping_interval: float = 5, acknowledging: bool = True
) -> SocketModeClient:
    async def listen(client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        requests.append(request)
        if acknowledging:
            await client.send_socket_mode_response(SocketModeResponse(envelope_id=request.envelope_id))

    client = SocketModeClient(
        app_token=slack.app_token,
        web_client=AsyncWebClient(base_url=slack.api_url),
        ping_interval=ping_interval,
    )
    client.socket_mode_request_listeners.append(listen)
    before = slack.socket.opened
    await client.connect_to_new_endpoint()
    await slack.until(lambda: slack.socket.opened > before)
    return client


async def closed(client: SocketModeClient) -> None:
    await client.close()  # type: ignore[no-untyped-call]


async def refused(call: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        await call
    return str(caught.value.response["error"])


async def test_tokens_and_rights_are_looked_at(slack: StandInSlack, client: AsyncWebClient) -> None:
    known = await client.auth_test()
    assert known["user_id"] == "UBOT"
    assert "chat:write" in known.headers["x-oauth-scopes"]
    assert await refused(AsyncWebClient(token="xoxb-bad", base_url=slack.api_url).auth_test()) == "invalid_auth"
    assert await refused(client.apps_connections_open(app_token=slack.bot_token)) == "not_allowed_token_type"

    slack.app_scopes = ("app_configurations:write",)
    assert await refused(client.apps_connections_open(app_token=slack.app_token)) == "missing_scope"
    slack.scopes = ("commands",)
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel="C1", text="hello")
    assert (caught.value.response["needed"], caught.value.response["provided"]) == ("chat:write", "commands")


async def test_a_method_that_slack_does_not_have_fails_the_test() -> None:
    slack = await StandInSlack().__aenter__()
    client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url)
    assert await refused(client.api_call("chat.shout")) == "unknown_method"
    with pytest.raises(AssertionError, match=r"chat\.shout"):
        await slack.__aexit__(None, None, None)


@pytest.mark.parametrize(
    ("channel", "code"),
    [("C3", "not_in_channel"), ("C4", "channel_not_found"), ("C9", "is_archived"), ("C404", "channel_not_found")],
)
async def test_the_bot_writes_only_where_it_may(
    slack: StandInSlack, client: AsyncWebClient, channel: str, code: str
) -> None:
    assert await refused(client.chat_postMessage(channel=channel, text="hello")) == code
    assert slack.errors == [f"chat.postMessage: {code}"]


@pytest.mark.parametrize(
    ("blocks", "code"),
    [
        ([DividerBlock()] * 51, "invalid_blocks"),
        ([SectionBlock(text="x" * 3000)], ""),
        ([{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}], "invalid_blocks"),
        ([{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}], "invalid_blocks"),
        ([HeaderBlock(text="x" * 150)], ""),
        ([MarkdownBlock(text="x" * 7000), MarkdownBlock(text="x" * 5001)], "invalid_blocks"),
        ([SectionBlock(text="x" * 2900)] * 5, "msg_blocks_too_long"),
        ([SectionBlock(text="x", block_id="a"), SectionBlock(text="y", block_id="a")], "invalid_blocks"),
        ([{"type": "actions", "elements": []}], "invalid_blocks"),
        ([{"type": "context", "elements": [{"type": "mrkdwn", "text": "x"}] * 11}], "invalid_blocks"),
        ([{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": []}]}], "invalid_blocks"),
        ([{"type": "poem"}], "invalid_blocks"),
    ],
)
async def test_blocks_stay_inside_the_limits(client: AsyncWebClient, blocks: list[Any], code: str) -> None:
    call = client.chat_postMessage(channel="C1", text="x", blocks=blocks)
    assert (await refused(call) if code else (await call)["ok"]) == (code or True)


def button(action: str, **more: str) -> dict[str, Any]:
    return {"type": "button", "action_id": action, "text": {"type": "plain_text", "text": "Press"}, **more}


@pytest.mark.parametrize(
    "elements",
    [
        [button("a"), button("a")],
        [button("a", value="x" * 2001)],
        [button("a" * 256)],
        [{**button("a"), "text": {"type": "plain_text", "text": "x" * 76}}],
        [{**button("a"), "text": {"type": "mrkdwn", "text": "x"}}],
        [button(str(number)) for number in range(26)],
    ],
)
async def test_buttons_stay_inside_the_limits(client: AsyncWebClient, elements: list[dict[str, Any]]) -> None:
    blocks = [{"type": "actions", "elements": elements}]
    assert await refused(client.chat_postMessage(channel="C1", text="x", blocks=blocks)) == "invalid_blocks"


async def test_messages_are_edited_and_deleted_by_who_wrote_them(slack: StandInSlack, client: AsyncWebClient) -> None:
    mine = (await client.chat_postMessage(channel="C1", text="one", blocks=[DividerBlock()]))["ts"]
    theirs = await slack.post("C1", "U1", "hello")

    await client.chat_update(channel="C1", ts=mine, text="two")
    assert slack.messages[0].looks == ["", "two"], "a text without blocks drops the blocks"
    assert await refused(client.chat_update(channel="C1", ts=mine, text="x" * 4001)) == "msg_too_long"
    assert await refused(client.chat_update(channel="C1", ts=theirs, text="x")) == "cant_update_message"
    assert await refused(client.chat_update(channel="C1", ts="1.0", text="x")) == "message_not_found"
    await client.chat_delete(channel="C1", ts=mine)
    assert await refused(client.chat_update(channel="C1", ts=mine, text="x")) == "message_not_found"
    assert slack.by_bot() == []


async def test_a_text_is_cut_at_its_limit(slack: StandInSlack, client: AsyncWebClient) -> None:
    await client.chat_postMessage(channel="C1", text="x" * 40_001)
    assert len(slack.by_bot()[0].text) == 40_000
    both = client.chat_postMessage(channel="C1", markdown_text="a", blocks=[DividerBlock()])
    assert await refused(both) == "markdown_text_conflict"


async def test_an_ephemeral_message_is_for_one_person_and_stays_as_it_is(
    slack: StandInSlack, client: AsyncWebClient
) -> None:
    ts = (await client.chat_postEphemeral(channel="C1", user="U1", text="psst"))["message_ts"]
    assert (slack.whispered("U1"), slack.whispered("U2"), slack.by_bot()) == (["psst"], [], [])
    assert await refused(client.chat_update(channel="C1", ts=ts, text="x")) == "message_not_found"
    assert await refused(client.chat_postEphemeral(channel="C1", user="UHUB", text="psst")) == "user_not_in_channel"


async def test_a_stream_grows_until_it_is_stopped(slack: StandInSlack, client: AsyncWebClient) -> None:
    ts = await slack.post("C1", "U1", "tell me")
    stream = await client.chat_stream(channel="C1", thread_ts=ts, buffer_size=1, **RECIPIENT)
    await stream.append(markdown_text="one, ")
    await stream.append(markdown_text="two, ")
    assert slack.thread("C1", ts)[0].streaming
    await stream.stop(markdown_text="three")

    (answer,) = slack.thread("C1", ts)
    assert (answer.text, answer.streaming) == ("one, two, three", False)
    assert answer.looks == ["one, ", "one, two, ", "one, two, three"]


async def test_a_stream_that_was_silent_is_dead_and_its_message_can_be_edited(
    slack: StandInSlack, client: AsyncWebClient
) -> None:
    ts = await slack.post("C1", "U1", "tell me")
    stream = await client.chat_stream(channel="C1", thread_ts=ts, buffer_size=1, **RECIPIENT)
    await stream.append(markdown_text="one")
    assert stream.ts is not None
    assert await refused(client.chat_update(channel="C1", ts=stream.ts, text="x")) == "streaming_state_conflict"
    slack.forward(slack.stream_seconds + 1)

    assert await refused(stream.append(markdown_text="two")) == "message_not_in_streaming_state"
    await client.chat_update(channel="C1", ts=stream.ts, text="all of it")
    assert slack.thread("C1", ts)[0].seen == "all of it"


async def test_a_stream_in_a_channel_names_who_it_is_for(slack: StandInSlack, client: AsyncWebClient) -> None:
    ts = await slack.post("C1", "U1", "tell me")
    start = client.chat_startStream
    assert await refused(start(channel="C1", thread_ts=ts)) == "missing_recipient_team_id"
    assert await refused(start(channel="C1", thread_ts=ts, recipient_team_id="T1")) == "missing_recipient_user_id"
    too_long = start(channel="C1", thread_ts=ts, markdown_text="x" * 12_001, **RECIPIENT)
    assert await refused(too_long) == "msg_too_long"
    direct = await slack.post("D1", "U1", "tell me")
    assert (await start(channel="D1", thread_ts=direct))["ok"]


async def test_a_file_is_posted_with_its_content(slack: StandInSlack, client: AsyncWebClient) -> None:
    ts = await slack.post("C1", "U1", "the report?")
    await client.files_upload_v2(channel="C1", thread_ts=ts, filename="a.md", title="The report", content="# All of it")
    (file,) = slack.thread("C1", ts)
    assert (file.file_name, file.file) == ("The report", "# All of it")


async def test_whoever_writes_too_fast_is_told_to_wait(slack: StandInSlack, client: AsyncWebClient) -> None:
    slack.socket.minute = 600.0  # so slow that a slow machine changes nothing
    for _ in range(5):
        await client.chat_postMessage(channel="C1", text="x")
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel="C1", text="x")
    assert caught.value.response.status_code == 429
    assert 1 <= int(caught.value.response.headers["Retry-After"]) <= 10
    await client.chat_postMessage(channel="C2", text="another channel has a burst of its own")


async def test_a_storm_passes_for_who_waits(slack: StandInSlack, client: AsyncWebClient) -> None:
    client.retry_handlers.append(AsyncRateLimitErrorRetryHandler(max_retry_count=3))
    slack.storm("chat.postMessage", 2)
    await client.chat_postMessage(channel="C1", text="x")
    assert [call.error for call in slack.calls] == ["ratelimited", "ratelimited", ""]


async def test_a_trigger_is_good_once_and_for_three_seconds(
    slack: StandInSlack, client: AsyncWebClient, heard: list[SocketModeRequest]
) -> None:
    view = {
        "type": "modal",
        "title": {"type": "plain_text", "text": "Form"},
        "submit": {"type": "plain_text", "text": "Save"},
        "blocks": [
            {
                "type": "input",
                "block_id": "name",
                "label": {"type": "plain_text", "text": "Name"},
                "element": {"type": "plain_text_input", "action_id": "name", "initial_value": "octo"},
            }
        ],
    }
    slack.command("C1", "U1", "form")
    slack.command("C1", "U1", "form")
    await slack.until(lambda: len(heard) == 2)
    first, second = (str(request.payload["trigger_id"]) for request in heard)

    await client.views_open(trigger_id=first, view=view)
    assert await refused(client.views_open(trigger_id=first, view=view)) == "exchanged_trigger_id"
    slack.forward(3.1)
    assert await refused(client.views_open(trigger_id=second, view=view)) == "expired_trigger_id"
    long = {**view, "title": {"type": "plain_text", "text": "x" * 25}}
    assert await refused(client.views_open(trigger_id=slack.trigger(), view=long)) == "invalid_arguments"

    slack.submit("U1")
    await slack.until(lambda: len(heard) == 3)
    values = heard[2].payload["view"]["state"]["values"]
    assert values == {"name": {"name": {"type": "plain_text_input", "value": "octo"}}}
    with pytest.raises(AssertionError, match="the form asks for"):
        slack.submit("U1", age="7")


async def test_what_people_type_arrives_as_slack_writes_it(slack: StandInSlack, heard: list[SocketModeRequest]) -> None:
    await slack.post("C1", "U1", "a <b> & see https://x.example/a?b=1&c=2, x.example/d or [that](https://y.example/)")
    await slack.until(lambda: heard)

    event = heard[0].payload["event"]
    assert event["text"] == (
        "a &lt;b&gt; &amp; see <https://x.example/a?b=1&amp;c=2>, <http://x.example/d|x.example/d>"
        " or <https://y.example/|that>"
    )
    assert event["channel_type"] == "channel"
    kinds = [element["type"] for element in event["blocks"][0]["elements"][0]["elements"]]
    assert kinds == ["text", "link", "text", "link", "text", "link"]


async def test_a_mention_comes_as_two_events_and_a_direct_message_as_one(
    slack: StandInSlack, heard: list[SocketModeRequest]
) -> None:
    await slack.post("C1", "U1", "@parley hello")
    await slack.post("D1", "U1", "@parley hello")
    await slack.settled()

    events = [(request.payload["event"]["type"], request.payload["event"].get("channel_type")) for request in heard]
    assert sorted(events, key=str) == [("app_mention", None), ("message", "channel"), ("message", "im")]
    assert len({request.payload["event_id"] for request in heard}) == 3


async def test_apps_are_told_of_their_own_messages_and_of_edits(
    slack: StandInSlack, client: AsyncWebClient, heard: list[SocketModeRequest]
) -> None:
    ts = (await client.chat_postMessage(channel="C1", text="one"))["ts"]
    await client.chat_update(channel="C1", ts=ts, text="two")
    await slack.join("C1", "UHUB")
    await slack.until(lambda: len(heard) == 4)

    events = [request.payload["event"] for request in heard]
    assert [event.get("subtype", event["type"]) for event in events] == [
        "message",
        "message_changed",
        "member_joined_channel",
        "channel_join",
    ]
    assert events[0]["bot_id"] == "BBOT"
    assert (events[1]["message"]["text"], events[1]["previous_message"]["text"]) == ("two", "one")
    assert [delivery.own for delivery in slack.socket.deliveries] == [True, True, False, False]


async def test_nothing_is_heard_that_the_manifest_does_not_ask_for(slack: StandInSlack) -> None:
    assert slack.link_in_composer("U1", "https://github.com/octo/stats/pull/1") is None
    await slack.post("C3", "U1", "the bot is not here")
    assert slack.socket.deliveries == []
    with pytest.raises(AssertionError, match="the app has"):
        slack.command("C1", "U1", "help", name="/poem")


async def test_only_buttons_that_are_there_can_be_pressed(slack: StandInSlack, client: AsyncWebClient) -> None:
    blocks = [{"type": "actions", "elements": [button("yes", value="r1")]}]
    await client.chat_postMessage(channel="C1", text="x", blocks=blocks)
    with pytest.raises(AssertionError, match="no button no"):
        slack.press("U1", slack.by_bot()[0], "no")


async def test_an_event_that_is_not_acknowledged_comes_again_at_once_and_after_one_and_five_minutes(
    slack: StandInSlack,
) -> None:
    requests: list[SocketModeRequest] = []
    client = await connection(slack, requests, acknowledging=False)
    slack.socket.ack_seconds, slack.socket.minute = 0.02, 0.06
    await slack.post("C1", "U1", "hello")
    command = slack.command("C1", "U1", "hello")
    await slack.settled()
    await closed(client)

    events = [request for request in requests if request.type == "events_api"]
    assert [request.retry_attempt for request in events] == [0, 1, 2, 3]
    assert {request.payload["event_id"] for request in events} == {events[0].payload["event_id"]}
    assert len({request.envelope_id for request in events}) == 4
    assert len(command.attempts) == 1, "commands do not come again"
    at = [attempt.at for attempt in slack.socket.deliveries[0].attempts]
    assert at[2] - at[1] >= 0.06
    assert at[3] - at[2] >= 0.3


async def test_acknowledgements_are_timed(slack: StandInSlack, heard: list[SocketModeRequest]) -> None:
    delivery = slack.command("C1", "U1", "help")
    await slack.settled()
    assert delivery.acked_ms is not None
    assert 0 < delivery.acked_ms < 3000
    assert heard[0].payload["command"] == "/review"


async def test_events_are_spread_over_connections(slack: StandInSlack) -> None:
    one: list[SocketModeRequest] = []
    two: list[SocketModeRequest] = []
    clients = [await connection(slack, one), await connection(slack, two)]
    for _ in range(20):
        await slack.post("C1", "U1", "hello")
    await slack.settled()
    for client in clients:
        await closed(client)

    assert len(one) + len(two) == 20
    assert one
    assert two


@pytest.mark.parametrize("reason", ["warning", "refresh_requested"])
async def test_a_client_that_is_asked_to_reconnect_misses_nothing(slack: StandInSlack, reason: str) -> None:
    slack.socket.minute = 0.6
    requests: list[SocketModeRequest] = []
    client = await connection(slack, requests)
    await slack.socket.disconnect(reason)
    await slack.post("C1", "U1", "hello")
    await slack.until(lambda: slack.socket.opened == 2)
    await slack.settled()
    await closed(client)
    assert len(requests) == 1


async def test_a_client_notices_a_cut_and_a_silent_connection(slack: StandInSlack) -> None:
    requests: list[SocketModeRequest] = []
    client = await connection(slack, requests, ping_interval=0.1)
    await slack.socket.drop()
    await slack.until(lambda: slack.socket.opened == 2)
    slack.socket.silence()
    await slack.until(lambda: slack.socket.opened >= 3)
    await slack.post("C1", "U1", "hello")
    await slack.settled()
    await closed(client)
    assert requests


async def test_an_eleventh_connection_is_one_too_many(slack: StandInSlack) -> None:
    web = AsyncWebClient(base_url=slack.api_url)
    async with aiohttp.ClientSession() as session:
        sockets = []
        for _ in range(10):
            url = (await web.apps_connections_open(app_token=slack.app_token))["url"]
            sockets.append(await session.ws_connect(url))
            hello = await sockets[-1].receive_json()
        assert hello["num_connections"] == 10
        slack.forward(60)
        url = (await web.apps_connections_open(app_token=slack.app_token))["url"]
        refused_one = await session.ws_connect(url)
        assert (await refused_one.receive_json())["reason"] == "too_many_websockets"
        again = await session.get(url.replace("ws://", "http://"))
        assert again.status == 403, "a ticket is good once"


async def test_bolt_answers_commands_and_buttons(slack: StandInSlack) -> None:
    app = AsyncApp(client=AsyncWebClient(token=slack.bot_token, base_url=slack.api_url))

    @app.command("/review")
    async def on_command(ack: Any, respond: Any) -> None:
        await ack()
        blocks = [{"type": "actions", "elements": [button("yes", value="r1")]}]
        await respond(text="sure?", blocks=blocks, response_type="in_channel")

    @app.action("yes")
    async def on_yes(ack: Any, body: dict[str, Any], respond: Any) -> None:
        await ack()
        await respond(text=f"{body['actions'][0]['value']} by {body['user']['id']}")

    handler = AsyncSocketModeHandler(app, slack.app_token)
    await handler.connect_async()
    try:
        slack.command("C3", "U1", "help")
        (question,) = await slack.until(lambda: slack.by_bot("C3"))
        slack.press("U2", question, "yes")
        assert await slack.until(lambda: slack.whispered("U2")) == ["r1 by U2"]
    finally:
        await handler.close_async()


def test_only_what_slack_parses_can_ping() -> None:
    plain = [{"type": "section", "text": {"type": "plain_text", "text": "<!channel>"}}]
    parsed = [{"type": "section", "text": {"type": "mrkdwn", "text": "&lt;!here&gt; <!channel> <@U1>"}}]
    named = [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "broadcast"}]}]}]
    assert pings("&lt;@U1&gt; <https://x.example|a>", plain) == []
    assert pings("", parsed) == ["<!channel>", "<@U1>"]
    assert pings("", named) == ["broadcast"]


async def test_waiting_for_what_never_comes_says_what_happened(slack: StandInSlack, client: AsyncWebClient) -> None:
    await client.chat_postMessage(channel="C1", text="something else")
    with pytest.raises(AssertionError, match="something else"):
        await slack.until(lambda: False, seconds=0.01)
