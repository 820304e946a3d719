"""What of Slack's payloads is the bot's business, and what it means."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from adapters.slack import wire
from adapters.slack.place import SlackPlace
from adapters.slack.wire import Call
from bot.domain.command import (
    AgainCommand,
    AskCommand,
    Command,
    DismissCommand,
    HelpCommand,
    Misunderstood,
    RateCommand,
    ReviewCommand,
    ShowAllCommand,
    StatusCommand,
    UndoCommand,
)
from bot.domain.grammar import Heard
from tests.adapters.slack.samples import LINK, ME, TEAM, WEB_URL, event, sample
from tests.builders import a_ref


def read(body: dict[str, Any]) -> Call | None:
    return wire.read(body, me=ME, team=TEAM)


def heard(body: dict[str, Any], *, part: bool = False) -> Call:
    """Read what is the bot's business, as the adapter does."""
    call = read(body)
    assert call is not None
    return wire.settled(call, part=part)


def wanted(body: dict[str, Any], *, part: bool = False) -> Command | None:
    return wire.command_of(heard(body, part=part), web_url=WEB_URL)


OVERHEARD = ReviewCommand(targets=(a_ref(),), overheard=True)


@pytest.mark.parametrize("name", ["message", "message_file_share", "message_thread_broadcast"])
def test_a_link_that_people_write_is_overheard(name: str) -> None:
    assert wanted(sample(name)) == OVERHEARD


def test_a_pasted_link_is_answered_under_its_message() -> None:
    place = heard(sample("message")).place

    assert place == SlackPlace(team=TEAM, channel="C0DEV", message="1772000000.000100", person="U0ADA")


@pytest.mark.parametrize(
    ("shared", "team", "person"),
    [
        (True, "T0OTHER", "slack:T0OTHER/U0ADA"),
        (True, TEAM, "slack:T0LAN/U0ADA"),
        (False, "T0GRID", "slack:T0LAN/U0ADA"),
    ],
)
def test_a_person_from_outside_is_nobody_of_ours(shared: bool, team: str, person: str) -> None:
    body = {**event("message", user_team=team, team=team), "is_ext_shared_channel": shared}
    place = heard(body).place

    assert place.audience.person == person
    assert place.where.channel == "slack:T0LAN/C0DEV"


def test_what_people_say_to_each_other_is_no_command() -> None:
    assert wanted(event("message", text="good morning")) is None
    assert wanted(event("message", text="help")) is None


@pytest.mark.parametrize(
    "name",
    [
        "message_changed",
        "message_deleted",
        "message_bot",
        "message_by_app",
        "message_join",
        "message_mention",
        "link_shared",
        "member_joined_channel",
        "app_home_opened",
        "view_submission",
    ],
)
def test_what_is_not_said_by_people_to_people_starts_nothing(name: str) -> None:
    assert read(sample(name)) is None


@pytest.mark.parametrize("fields", [{"user": ME}, {"hidden": True}, {"bot_id": "B0BOT"}, {"subtype": "me_message"}])
def test_own_hidden_and_other_messages_start_nothing(fields: dict[str, Any]) -> None:
    assert read(event("message", **fields)) is None
    assert read(event("message_im", **fields)) is None
    assert read(event("app_mention", **fields)) is None


def test_a_mention_counts_as_the_event_of_its_own_and_carries_the_words_behind_it() -> None:
    call = heard(sample("app_mention"))

    assert call.heard is Heard.ADDRESSED
    assert wire.command_of(call, web_url=WEB_URL) == ReviewCommand(targets=(a_ref(),), focus="the locking")


def test_a_mention_has_a_name_in_common_with_its_twin() -> None:
    mention, twin = heard(sample("app_mention")), heard(event("message_mention", text="without the mention"))

    assert mention.names[0] != twin.names[0]
    assert mention.names[1] == twin.names[1] == f"slack:{TEAM}/C0DEV/1772000070.000300"


@pytest.mark.parametrize("mention", [f"<@{ME}>", f"<@{ME}|parley>", f"<@{ME}>:", f"hey <@{ME}>, "])
def test_what_stands_behind_the_mention_is_the_command(mention: str) -> None:
    assert wanted(event("app_mention", text=f"{mention} status")) == StatusCommand()
    assert wanted(event("app_mention", text=f"{mention} {LINK} please")) == ReviewCommand(
        targets=(a_ref(),), focus="please"
    )


@pytest.mark.parametrize(
    ("text", "question"),
    [
        (f"what do you think, <@{ME}>, of the lock?", "what do you think, of the lock?"),
        (f"is that safe <@{ME}>?", "is that safe ?"),
        (f"is that safe? <@{ME}>", "is that safe?"),
    ],
)
def test_a_question_may_have_the_mention_anywhere(text: str, question: str) -> None:
    assert wanted(event("app_mention", text=text)) == AskCommand(question=question)


def test_a_link_may_stand_in_front_of_the_mention() -> None:
    assert wanted(event("app_mention", text=f"<{LINK}> <@{ME}>")) == ReviewCommand(targets=(a_ref(),))


def test_a_mention_of_another_person_stays() -> None:
    call = heard(event("app_mention", text=f"<@{ME}> is <@U0MONA|mona> right?"))

    assert wire.command_of(call, web_url=WEB_URL) == AskCommand(question="is @mona right?")


def test_a_direct_message_needs_no_mention() -> None:
    call = heard(sample("message_im"))

    assert call.place.direct
    assert wire.command_of(call, web_url=WEB_URL) == ReviewCommand(targets=(a_ref(),))


def test_a_mention_in_a_direct_message_is_heard_though_it_has_no_twin() -> None:
    assert wanted(event("message_im", text=f"<@{ME}> status")) == StatusCommand()


def test_a_plain_reply_is_for_the_bot_only_where_it_is_part_of_the_thread() -> None:
    reply = sample("message_thread")

    assert wanted(reply, part=True) == AskCommand(question="what about an empty list?")
    assert wanted(reply, part=False) is None
    assert heard(reply).place.thread == "1772000000.000100"


def test_a_link_in_a_thread_of_others_is_overheard() -> None:
    reply = event("message_thread", text=f"<{LINK}>")

    assert wanted(reply, part=False) == OVERHEARD


@pytest.mark.parametrize(
    ("text", "overheard"),
    [(f"<{LINK}>", True), (f"pushed to <{LINK}/files>", True), (f"please review <{LINK}> again", False)],
)
def test_a_link_in_a_plain_reply_asks_for_a_review_only_where_it_says_so(text: str, overheard: bool) -> None:
    assert wanted(event("message_thread", text=text), part=True) == replace(OVERHEARD, overheard=overheard)


@pytest.mark.parametrize("text", ["<@U0MONA> can you fix that?", " <@U0MONA|mona> and you?"])
def test_a_reply_that_begins_with_the_name_of_another_is_theirs(text: str) -> None:
    assert wanted(event("message_thread", text=text), part=True) is None


def test_a_message_outside_of_threads_never_asks_whether_the_bot_is_part_of_one() -> None:
    call = read(sample("message"))

    assert call is not None
    assert not call.if_part


def test_a_slash_command_takes_the_whole_grammar() -> None:
    call = heard(sample("command"))

    assert call.heard is Heard.SLASH
    assert call.names == ("slack:111.222.aaa",)
    assert call.place == SlackPlace(
        team=TEAM,
        channel="C0DEV",
        person="U0ADA",
        person_name="ada",
        response_url="https://hooks.slack.com/commands/T0LAN/1/abc",
    )
    assert wire.command_of(call, web_url=WEB_URL) == ReviewCommand(targets=(a_ref(),), focus="the locking")


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("", HelpCommand()),
        ("  ", HelpCommand()),
        ("status", StatusCommand()),
        ("review octo/stats#12", ReviewCommand(targets=(a_ref(),))),
        (LINK, ReviewCommand(targets=(a_ref(),))),
        ("review octo/stats#12 &lt;b&gt;", ReviewCommand(targets=(a_ref(),), focus="<b>")),
    ],
)
def test_words_behind_the_slash(text: str, command: Command) -> None:
    assert wanted({**sample("command"), "text": text}) == command


def test_a_command_of_another_workspace_in_a_shared_channel_is_of_this_channel() -> None:
    call = heard({**sample("command"), "team_id": "T0OTHER"})

    assert call.place.where.channel == f"slack:{TEAM}/C0DEV"


def test_the_shortcut_finds_links_where_programs_put_them() -> None:
    call = heard(sample("message_action"))

    assert wire.command_of(call, web_url=WEB_URL) == ReviewCommand(targets=(a_ref(),))
    assert call.place.message == "1772000120.000800"


def test_the_shortcut_finds_links_in_blocks() -> None:
    body = sample("message_action")
    section = {"type": "section", "text": {"type": "mrkdwn", "text": f"*<{LINK}|Split the mean>*"}}
    body["message"] = {"ts": "1.2", "text": "a pull request", "blocks": [section]}

    assert wanted(body) == ReviewCommand(targets=(a_ref(),))


def test_the_shortcut_on_a_message_without_a_link_is_explained_outside_of_its_thread() -> None:
    body = sample("message_action")
    body["message"] = {"ts": "1.2", "thread_ts": "1.1", "text": "good morning"}
    call = heard(body)
    command = wire.command_of(call, web_url=WEB_URL)

    assert isinstance(command, Misunderstood)
    assert "no link to a pull request" in str(command.sentence)
    assert not wire.placed(call, command).message


def test_another_shortcut_is_not_ours() -> None:
    assert read({**sample("message_action"), "callback_id": "remind_me"}) is None


@pytest.mark.parametrize(
    ("action", "value", "command"),
    [
        ("review_again", "r1", AgainCommand(review="r1")),
        ("show_all", "r1", ShowAllCommand(review="r1")),
        ("dismiss", "r1:f2", DismissCommand(review="r1", finding="f2")),
        ("undo", "r1:f2", UndoCommand(review="r1", finding="f2")),
        ("helpful", "r1", RateCommand(review="r1", helpful=True)),
        ("not_helpful", "r1", RateCommand(review="r1", helpful=False)),
    ],
)
def test_each_button_is_a_command_about_what_it_carries(action: str, value: str, command: Command) -> None:
    assert wanted(pressed(action, value)) == command


def pressed(action: str, value: str, **message: Any) -> dict[str, Any]:
    """Press a button of the bot's review."""
    body = sample("block_actions")
    body["actions"] = [{**body["actions"][0], "action_id": action, "value": value}]
    body["message"] |= message
    return body


def test_a_button_is_answered_in_the_thread_of_its_message() -> None:
    place = heard(pressed("show_all", "r1")).place

    assert (place.thread, place.pressed) == ("1772000000.000100", "1772000060.000900")


def test_a_button_of_a_message_outside_of_threads_opens_one_there() -> None:
    place = heard(pressed("show_all", "r1", thread_ts=None)).place

    assert place.thread == place.pressed == "1772000060.000900"


def test_a_button_that_is_a_link_and_one_without_a_message_ask_for_nothing() -> None:
    without = sample("block_actions")
    del without["message"]

    assert read(pressed("open_link", "")) is None
    assert read(without) is None


def test_a_question_outside_of_threads_is_answered_in_one() -> None:
    call = heard(event("app_mention", text=f"<@{ME}> what did we say about #12?"))
    command = wire.command_of(call, web_url=WEB_URL)

    assert isinstance(command, AskCommand)
    assert wire.placed(call, command).thread == call.place.message


@pytest.mark.parametrize(
    "body",
    [
        sample("message"),
        sample("app_mention"),
        sample("message_im"),
        sample("message_thread"),
        sample("command"),
        sample("message_action"),
        pressed("dismiss", "r1:f2"),
    ],
)
def test_what_is_written_down_is_read_as_it_was(body: dict[str, Any]) -> None:
    call = heard(body, part=True)

    assert wire.load(wire.dump(call)) == call


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no JSON",
        "[]",
        "{}",
        json.dumps({"heard": "shouted", "place": {"team": TEAM, "channel": "C0DEV"}, "names": []}),
        json.dumps({"heard": None, "place": {"team": TEAM, "planet": "Mars"}, "names": []}),
        json.dumps({"heard": None, "place": {"team": TEAM, "channel": "C0DEV"}, "names": [], "mood": "good"}),
    ],
)
def test_what_another_version_wrote_down_is_said_to_be_so(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        wire.load(text)
