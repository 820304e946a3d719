"""Which payload is meant for the bot, and what it says. Payloads as Slack documents them."""

from __future__ import annotations

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
    UndoCommand,
)
from bot.domain.grammar import Heard
from tests.builders import a_ref

WEB = "https://github.com"
LINK = "https://github.com/octo/stats/pull/12"
TWELVE = a_ref("octo/stats#12")


def event(**fields: Any) -> dict[str, Any]:
    """Make an event of a message in a public channel."""
    message = {
        "type": "message",
        "user": "U1",
        "text": f"<{LINK}>",
        "ts": "17.1",
        "channel": "C1",
        "channel_type": "channel",
        "event_ts": "17.1",
    }
    return {
        "type": "event_callback",
        "team_id": "T1",
        "event_id": "Ev1",
        "event": {**message, **fields},
        "authorizations": [{"team_id": "T1", "user_id": "UBOT", "is_bot": True}],
    }


def read(body: dict[str, Any]) -> Call | None:
    return wire.read(body, me="UBOT")


def heard(body: dict[str, Any], *, part: bool = False) -> Command | None:
    call = read(body)
    return wire.command_of(call, part=part, web_url=WEB) if call else None


def test_a_message_is_known_by_its_event_and_by_itself() -> None:
    call = read(event())

    assert call is not None
    assert call.names == ("slack:T1:Ev1", "slack:T1/C1/17.1")
    assert call.place == SlackPlace(team="T1", channel="C1", message="17.1", person="U1")


def test_a_mention_and_its_twin_have_one_name_in_common() -> None:
    text = f"<@UBOT> <{LINK}>"
    mention = read(event(type="app_mention", text=text))

    assert read(event(text=text)) is None, "the message of the pair is left to the mention"
    assert mention is not None
    assert mention.names[1] == "slack:T1/C1/17.1"
    assert mention.heard is Heard.ADDRESSED


@pytest.mark.parametrize(
    "fields",
    [
        {"subtype": "message_changed"},
        {"subtype": "message_deleted"},
        {"subtype": "channel_join"},
        {"subtype": "bot_message"},
        {"bot_id": "B1"},
        {"user": "UBOT"},
        {"user": ""},
        {"hidden": True},
        {"type": "reaction_added"},
        {"type": "app_mention"},
    ],
)
def test_what_programs_and_slack_itself_write_is_none_of_our_business(fields: dict[str, Any]) -> None:
    assert read(event(**fields)) is None


@pytest.mark.parametrize("subtype", ["file_share", "thread_broadcast"])
def test_what_people_write_in_other_ways_is_heard(subtype: str) -> None:
    assert heard(event(subtype=subtype)) == ReviewCommand(targets=(TWELVE,), overheard=True)


def test_a_link_among_people_is_overheard_and_other_words_are_theirs() -> None:
    assert heard(event()) == ReviewCommand(targets=(TWELVE,), overheard=True)
    assert heard(event(text="good morning")) is None


def test_a_plain_reply_counts_where_the_bot_is_part_of_the_thread() -> None:
    reply = event(text="why?", thread_ts="16.1")

    assert heard(reply, part=True) == AskCommand(question="why?")
    assert heard(reply, part=False) is None
    assert heard(event(text="<@U2> why?", thread_ts="16.1"), part=True) is None


def test_a_direct_message_is_for_the_bot() -> None:
    call = read(event(channel="D1", channel_type="im", text="status please"))

    assert call is not None
    assert call.place.direct
    assert call.heard is Heard.ADDRESSED


def test_a_question_outside_of_threads_opens_one() -> None:
    call = read(event(type="app_mention", text="<@UBOT>, what did we say?"))
    assert call is not None

    assert wire.placed(call, AskCommand(question="what did we say?")).thread == "17.1"
    assert wire.placed(call, HelpCommand()).thread == ""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a &lt;b&gt; &amp;amp; c", "a <b> &amp; c"),
        ("<https://x.example/a|label> and <https://y.example>", "https://x.example/a and https://y.example"),
        ("<http://github.com/octo/stats/pull/12|github.com/octo/stats/pull/12>", LINK),
        ("<http://elsewhere.example|elsewhere.example>", "http://elsewhere.example"),
        ("ask <@U2|mona> or <@U3> in <#C2|general> <!here>", "ask @mona or @U3 in general"),
        ("<!subteam^S1|@team> look", "@team look"),
        ("x < y > z", "x < y > z"),
    ],
)
def test_slacks_way_of_writing_becomes_plain_words(text: str, words: str) -> None:
    assert " ".join(wire.spoken(text, web_url=WEB).split()) == words


def command(text: str) -> dict[str, Any]:
    return {
        "command": "/review",
        "text": text,
        "team_id": "T1",
        "channel_id": "C1",
        "user_id": "U1",
        "user_name": "ada",
        "trigger_id": "t1",
        "response_url": "https://hooks.slack.com/commands/1",
    }


def test_a_slash_command_has_no_message_and_a_way_to_answer() -> None:
    call = read(command("octo/stats#12 the locks"))

    assert call is not None
    assert call.names == ("slack:t1",)
    assert (call.place.message, call.place.thread, call.place.person_name) == ("", "", "ada")
    assert call.place.response_url.startswith("https://hooks")
    assert wire.command_of(call, part=False, web_url=WEB) == ReviewCommand(targets=(TWELVE,), focus="the locks")
    assert heard(command("")) == HelpCommand()


def pressed(action: str, value: str) -> dict[str, Any]:
    return {
        "type": "block_actions",
        "team": {"id": "T1"},
        "user": {"id": "U1", "username": "ada"},
        "channel": {"id": "C1"},
        "message": {"ts": "17.9", "thread_ts": "17.1"},
        "actions": [{"action_id": action, "value": value}],
        "trigger_id": "t2",
    }


@pytest.mark.parametrize(
    ("action", "value", "expected"),
    [
        ("review_again", "r1", AgainCommand(review="r1")),
        ("show_all", "r1", ShowAllCommand(review="r1")),
        ("dismiss", "r1:f1", DismissCommand(finding="f1", review="r1")),
        ("undo", "r1:f1", UndoCommand(finding="f1", review="r1")),
        ("helpful", "r1", RateCommand(review="r1", helpful=True)),
        ("not_helpful", "r1", RateCommand(review="r1", helpful=False)),
    ],
)
def test_a_button_carries_all_it_means(action: str, value: str, expected: Command) -> None:
    call = read(pressed(action, value))

    assert call is not None
    assert wire.command_of(call, part=False, web_url=WEB) == expected
    assert (call.place.thread, call.place.pressed) == ("17.1", "17.9")


def test_other_buttons_are_not_ours() -> None:
    assert read(pressed("open_link", "")) is None
    assert read({"type": "view_submission"}) is None
    assert read({"type": "message_action", "callback_id": "something_else"}) is None


def shortcut(**message: Any) -> dict[str, Any]:
    return {
        "type": "message_action",
        "callback_id": "review_message",
        "team": {"id": "T1"},
        "user": {"id": "U1", "name": "ada"},
        "channel": {"id": "C1"},
        "message": {"ts": "17.1", **message},
        "trigger_id": "t3",
    }


def test_a_shortcut_finds_the_link_also_where_another_program_attached_it() -> None:
    assert heard(shortcut(text=f"see <{LINK}>")) == ReviewCommand(targets=(TWELVE,))
    assert heard(shortcut(text="", attachments=[{"title_link": LINK}])) == ReviewCommand(targets=(TWELVE,))


def test_a_shortcut_on_nothing_is_answered_to_the_person() -> None:
    call = read(shortcut(text="good morning"))
    assert call is not None
    wanted = wire.command_of(call, part=False, web_url=WEB)

    assert isinstance(wanted, Misunderstood)
    assert (wire.placed(call, wanted).thread, wire.placed(call, wanted).message) == ("", "")


@pytest.mark.parametrize("body", [event(thread_ts="16.1"), command("help"), pressed("dismiss", "r1:f1"), shortcut()])
def test_what_was_heard_can_be_heard_again_after_a_restart(body: dict[str, Any]) -> None:
    call = read(body)

    assert call is not None
    assert wire.load(wire.dump(call)) == call


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"place": {}, "heard": "x"}', "not json"])
def test_what_another_version_wrote_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        wire.load(text)
