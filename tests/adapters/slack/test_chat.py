"""What the bot posts on Slack, as people see it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.domain.conversation import ThreadRef
from bot.domain.errors import ChatRefused
from bot.domain.progress import Progress, Stage
from bot.domain.sentence import say
from bot.domain.stats import MOST_WEEKS
from bot.reporting.stats_words import in_words
from tests.adapters.slack.large import a_long_record
from tests.adapters.slack.posts import Wall, wall
from tests.builders import a_digest, a_finding, a_picture, a_record, a_review, an_entry
from tests.charts.figures import some_stats
from tests.standins.slack import StandInSlack, pings

EVIL = "<!channel> <@U2> @here"


@pytest.fixture
async def slack() -> AsyncIterator[StandInSlack]:
    async with StandInSlack() as standin:
        yield standin


@pytest.fixture
async def here(slack: StandInSlack) -> AsyncIterator[Wall]:
    async with wall(slack) as opened:
        yield opened


def reading(done: int = 1, target: str = "octo/stats#12") -> Progress:
    return Progress(
        target=target, stage=Stage.READING, done=done, total=4, path=f"f{done}.py", files_done=done, files_total=4
    )


# Places


async def test_a_review_belongs_under_the_message_that_asked_for_it(here: Wall) -> None:
    thread = await here.chat().open_thread("octo/stats#12")

    assert thread.where == ThreadRef(channel="slack:T1/C1", thread=here.ts)
    assert await thread.open_thread("octo/stats#13") is thread
    assert here.slack.by_bot() == []


async def test_a_command_has_no_message_so_that_a_thread_is_begun_and_found_again(here: Wall) -> None:
    first = await here.chat(message="").open_thread("octo/stats#12")
    here.again()
    second = await here.chat(message="").open_thread("octo/stats#12")

    (opening,) = here.slack.by_bot("C1")
    assert first.where.thread == second.where.thread == opening.ts
    assert opening.seen.strip() == "ada asked for a review of octo/stats#12."


async def test_the_chat_knows_who_hears_it(here: Wall) -> None:
    chat = here.chat(channel="D1", direct=True)

    assert chat.person == "ada"
    assert (chat.audience.channel, chat.audience.person, chat.audience.direct) == ("slack:T1/D1", "slack:T1/U1", True)


async def test_a_thread_has_an_address_while_it_is_there(here: Wall) -> None:
    chat = here.chat()

    assert (await chat.link_to(ThreadRef(channel="slack:T1/C1", thread=here.ts))).startswith("https://octo.slack.com/")
    assert await chat.link_to(ThreadRef(channel="slack:T1/C1", thread="1.1")) == ""
    assert await chat.link_to(ThreadRef(channel="slack:T1/C1")) == ""
    assert await chat.link_to(ThreadRef(channel="slack:T2/C1", thread=here.ts)) == ""


# Sentences


async def test_a_sentence_is_said_in_the_thread_and_unfolds_no_links(here: Wall) -> None:
    await here.chat().say(say("Use `{verb}`: {link}", verb="help", link="https://github.com/octo/stats/pull/12"))

    (message,) = here.thread
    assert message.seen.strip() == "Use help: https://github.com/octo/stats/pull/12"
    (call,) = here.slack.of("chat.postMessage")
    assert {name: call.arguments[name] for name in ("unfurl_links", "unfurl_media", "parse", "link_names")} == {
        "unfurl_links": False,
        "unfurl_media": False,
        "parse": "none",
        "link_names": False,
    }


async def test_what_strangers_put_into_a_sentence_pings_nobody(here: Wall) -> None:
    await here.chat().say(say("{words} & more", words=EVIL))

    (message,) = here.thread
    assert EVIL in message.seen
    assert message.text == "&lt;!channel&gt; &lt;@U2&gt; @here &amp; more"
    assert pings(message.text, message.blocks) == []


async def test_a_private_sentence_is_seen_by_the_person_alone(here: Wall) -> None:
    await here.chat().say(say("You may not."), privately=True)

    assert here.thread == []
    assert here.slack.whispered("U1") == ["You may not.\n"]


async def test_a_command_is_answered_to_the_person_alone(here: Wall) -> None:
    await here.chat(message="").say(say("Nothing is running here."))

    assert here.slack.by_bot() == []
    assert here.slack.whispered("U1") == ["Nothing is running here.\n"]


async def test_in_a_direct_message_everything_is_private(here: Wall) -> None:
    await here.chat(channel="D1", direct=True, message="").say(say("Hello."), privately=True)

    assert [message.seen for message in here.slack.by_bot("D1")] == ["Hello.\n"]


async def test_what_is_said_unasked_is_for_the_channel(here: Wall) -> None:
    await here.chat(message="", person="").say(say("Good morning."))

    assert [message.seen for message in here.slack.by_bot("C1")] == ["Good morning.\n"]


async def test_who_left_the_channel_is_told_in_the_thread(here: Wall) -> None:
    here.slack.channels["C1"].members.discard("U1")
    await here.chat().say(say("You may not."), privately=True)

    assert [message.seen for message in here.thread] == ["You may not.\n"]


@pytest.mark.parametrize("channel", ["C3", "C4", "C9"])
async def test_where_the_bot_cannot_write_it_tells_the_person_directly(here: Wall, channel: str) -> None:
    chat = here.chat(channel=channel, message="")
    with pytest.raises(ChatRefused) as refused:
        await (await chat.open_thread("octo/stats#12")).show_progress(reading())
    await chat.say(refused.value.sentence, privately=True)

    direct = here.slack.direct("U1")
    assert [message.seen.strip() for message in here.slack.by_bot(direct.id)] == [
        str(refused.value.sentence).replace("`", "")
    ]


async def test_a_command_leaves_open_a_way_to_answer_where_the_bot_is_not(here: Wall) -> None:
    here.slack.responses["token"] = ("U1", "C3", 5)
    await here.chat(channel="C3", message="", response_url=f"{here.slack.url}/respond/token").say(say("Invite me."))

    assert here.slack.whispered("U1") == ["Invite me.\n"]
    assert here.slack.by_bot(here.slack.direct("U1").id) == []


# Progress


async def test_progress_is_one_message_that_is_edited_to_the_newest_state(here: Wall) -> None:
    chat = await here.chat().open_thread("octo/stats#12")
    for done in range(4):
        await chat.show_progress(reading(done))
    await here.slack.until(lambda: "f3.py" in here.thread[0].seen)

    (message,) = here.thread
    assert "f0.py" in message.looks[0]
    assert "▓▓▓▓▓▓▓▓▓░░░ 3 of 4 files" in message.seen
    assert message.edits < 4


async def test_progress_never_waits_for_slack(here: Wall) -> None:
    chat = await here.chat().open_thread("octo/stats#12")
    here.slack.storm("chat.postMessage", 1, retry_after=3600)
    async with asyncio.timeout(5):
        for done in range(4):
            await chat.show_progress(reading(done))

    assert here.thread == []


async def test_progress_that_could_not_be_posted_is_posted_later(here: Wall) -> None:
    chat = await here.chat().open_thread("octo/stats#12")
    here.slack.storm("chat.postMessage", 1, retry_after=0)
    here.api.edits.shut = lambda seconds: None  # type: ignore[method-assign]  # Slack's wait is over at once
    await chat.show_progress(reading())
    await here.slack.until(lambda: here.thread)

    assert "f1.py" in here.thread[0].seen


async def test_a_message_that_somebody_removed_is_posted_anew(here: Wall) -> None:
    chat = await here.chat().open_thread("octo/stats#12")
    await chat.show_progress(reading(1))
    here.thread[0].deleted = True
    await chat.show_progress(reading(2))
    await here.slack.until(lambda: here.thread)

    assert "f2.py" in here.thread[0].seen


async def test_an_error_takes_the_place_of_the_progress(here: Wall) -> None:
    chat = await here.chat().open_thread("octo/stats#12")
    await chat.show_progress(reading())
    await chat.say(say("The model cannot be used."))

    assert [message.seen for message in here.thread] == ["The model cannot be used.\n"]


async def test_an_interruption_is_said_where_the_progress_stands(here: Wall) -> None:
    chat = here.chat()
    await (await chat.open_thread("octo/stats#12")).show_progress(reading())
    await chat.show_interrupted()

    assert [message.seen.strip() for message in here.thread] == [
        "octo/stats#12: interrupted, I am being restarted and take this up again."
    ]


async def test_an_interruption_is_said_in_a_second_or_not_at_all(here: Wall) -> None:
    chat = here.chat()
    await (await chat.open_thread("octo/stats#12")).show_progress(reading())
    here.slack.storm("chat.update", 1, retry_after=3600)
    began = asyncio.get_running_loop().time()
    with pytest.raises(Exception, match="later"):
        await chat.show_interrupted()

    assert asyncio.get_running_loop().time() - began < 1.5


async def test_where_nothing_stands_an_interruption_is_silent(here: Wall) -> None:
    await here.chat().show_interrupted()

    assert here.slack.by_bot() == []


# Reviews


async def test_the_review_takes_the_place_of_its_progress(here: Wall) -> None:
    chat = await here.chat().open_thread("octo/stats#12")
    await chat.show_progress(reading())
    await chat.show_review(a_record())

    (message,) = here.thread
    assert "Division by zero" in message.seen
    assert pings(message.text, message.blocks) == []


async def test_two_reviews_have_a_message_each_also_of_the_same_change(here: Wall) -> None:
    chat = await here.chat().open_thread("octo/stats#12")
    for summary in ("The first.", "The second."):
        await chat.show_progress(reading())
        await chat.show_review(a_record(review=a_review(summary=summary)))

    assert ["The first." in message.seen for message in here.thread] == [True, False]
    assert "The second." in here.thread[1].seen


async def test_a_command_that_is_taken_up_again_edits_what_it_had_posted(here: Wall) -> None:
    chat = await here.chat().open_thread("octo/stats#12")
    await chat.show_progress(reading())
    here.again()
    chat = await here.chat().open_thread("octo/stats#12")
    await chat.show_progress(reading(2))
    assert chat.resumed is not None
    assert "This was interrupted and goes on." in here.thread[0].seen
    await chat.show_review(a_record())
    here.again()
    await (await here.chat().open_thread("octo/stats#12")).show_review(a_record())

    (message,) = here.thread
    assert "Division by zero" in message.seen


async def test_a_command_that_is_given_up_says_so_where_it_had_said_that_it_goes_on(here: Wall) -> None:
    chat = here.chat()
    await (await chat.open_thread("octo/stats#12")).show_progress(reading())
    await chat.show_interrupted()
    here.again()
    await here.chat().say(say("I do not begin again."))

    assert [message.seen for message in here.thread] == ["I do not begin again.\n"]


async def test_a_pressed_button_changes_the_message_it_is_on(here: Wall) -> None:
    chat = await here.chat().open_thread("octo/stats#12")
    await chat.show_review(a_record())
    (message,) = here.thread
    here.job = replace(here.job, notes={})
    pressed = here.chat(thread=here.ts, message=message.ts, pressed=message.ts)
    await pressed.show_review(a_record(review=replace(a_review([]), dismissed=(a_finding(),))))

    assert here.thread == [message]
    assert "Dismissed: Division by zero" in message.seen


async def test_a_review_that_is_asked_for_by_a_button_has_a_message_of_its_own(here: Wall) -> None:
    await (await here.chat().open_thread("octo/stats#12")).show_review(a_record())
    (message,) = here.thread
    here.job = replace(here.job, notes={})
    pressed = here.chat(thread=here.ts, message=message.ts, pressed=message.ts)
    await pressed.show_progress(reading())
    here.again()  # killed after the review was made: it is shown where its progress stands, not where the button is
    await here.chat(thread=here.ts, message=message.ts, pressed=message.ts).show_review(
        a_record(review=a_review(summary="Another one."))
    )

    assert ["Another one." in standing.seen for standing in here.thread] == [False, True]


async def test_a_message_that_is_gone_costs_no_review(here: Wall) -> None:
    chat = await here.chat().open_thread("octo/stats#12")
    await chat.show_progress(reading())
    here.thread[0].deleted = True
    await chat.show_review(a_record())

    assert "Division by zero" in here.thread[0].seen


async def test_a_review_that_is_longer_than_a_message_goes_on_in_a_file_once(here: Wall) -> None:
    record = a_long_record(40)
    await (await here.chat().open_thread("octo/stats#12")).show_review(record)
    here.again()
    await (await here.chat().open_thread("octo/stats#12")).show_review(record)

    message, file = here.thread
    assert "more findings are in the file below." in message.seen
    assert all(f"Claim number {number}\n" in file.file for number in range(1, 41))
    (asked,) = here.slack.of("files.getUploadURLExternal")
    assert asked.arguments["filename"] == "review-octo-stats-12.md"


async def test_where_files_are_refused_the_findings_follow_as_messages(here: Wall) -> None:
    here.slack.scopes = tuple(scope for scope in here.slack.scopes if scope != "files:write")
    await (await here.chat().open_thread("octo/stats#12")).show_review(a_long_record(40))

    everything = "".join(message.seen for message in here.thread[1:])
    assert all(f"Claim number {number}\n" in everything for number in range(1, 41))


@pytest.mark.parametrize("code", ["msg_blocks_too_long", "invalid_blocks"])
async def test_a_review_that_slack_finds_too_large_is_shown_smaller_and_as_a_file(
    here: Wall, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "tests.standins.slack.limits.refusal",
        lambda blocks, **_: (code, []) if "rich_text_preformatted" in str(blocks) else ("", []),
    )
    chat = await here.chat().open_thread("octo/stats#12")
    await chat.show_progress(reading())
    await chat.show_review(a_record())

    message, file = here.thread
    assert "Comments" in message.seen
    assert "Division by zero" in file.file


async def test_where_slack_takes_no_blocks_the_verdict_is_said_in_words(
    here: Wall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "tests.standins.slack.limits.refusal", lambda blocks, **_: ("invalid_blocks", []) if blocks else ("", [])
    )
    await (await here.chat().open_thread("octo/stats#12")).show_review(a_record())

    message, file = here.thread
    assert (message.seen, message.blocks) == ("octo/stats#12: Comments", [])
    assert "Division by zero" in file.file


async def test_all_findings_are_shown_in_as_many_messages_as_it_takes(here: Wall) -> None:
    await here.chat(thread=here.ts).show_all(replace(a_long_record(30), id="r1"))
    here.again()
    await here.chat(thread=here.ts).show_all(replace(a_long_record(30), id="r1"))

    file, *messages = here.thread
    everything = "".join(message.seen for message in messages)
    assert all(everything.count(f"Claim number {number}\n") == 1 for number in range(1, 31))
    assert "Claim number 30" in file.file


async def test_very_many_findings_are_a_file(here: Wall) -> None:
    await here.chat(thread=here.ts).show_all(a_long_record(400))

    (file,) = here.thread
    assert "Claim number 400" in file.file


async def test_a_digest_is_posted(here: Wall) -> None:
    await here.chat(message="", person="").show_digest(a_digest(an_entry(12)))

    (message,) = here.slack.by_bot("C1")
    assert "Split the mean into steps #12" in message.seen


async def test_a_rate_limit_is_waited_out_where_the_words_matter(here: Wall) -> None:
    here.slack.storm("chat.postMessage", 2)
    await here.chat().say(say("Done."))

    assert [message.seen for message in here.thread] == ["Done.\n"]


# Pictures


async def test_a_picture_is_a_file_with_what_it_shows_above_it_and_for_those_who_do_not_see_it(here: Wall) -> None:
    picture = a_picture(words=(say("3 opened by {name}", name=EVIL),))
    await here.chat().show_picture(picture)

    (message,) = here.thread
    assert message.image == picture.png
    assert (message.file_name, message.file) == ("Pull requests of octo/stats", "")
    assert message.text == "Pull requests of octo/stats\n3 opened by &lt;!channel&gt; &lt;@U2&gt; @here"
    assert message.alt == f"Pull requests of octo/stats\n3 opened by {EVIL}"
    assert pings(message.text, message.blocks) == []


async def test_the_words_of_a_year_are_all_there_and_cut_only_where_slack_cuts_them(here: Wall) -> None:
    stats = some_stats(MOST_WEEKS, most=9999)
    picture = a_picture(words=tuple(in_words(stats)))
    await here.chat().show_picture(picture)

    (message,) = here.thread
    assert str(picture.words[-1]) in message.text
    assert len(message.alt) == 1000
    assert message.alt.endswith("…")


async def test_where_files_are_refused_the_words_have_to_do(here: Wall) -> None:
    here.slack.scopes = tuple(scope for scope in here.slack.scopes if scope != "files:write")
    await here.chat().show_picture(a_picture())

    (message,) = here.thread
    assert message.image == b""
    assert message.seen.strip() == "Pull requests of octo/stats\n3 opened, 2 merged, 1 closed"


async def test_a_picture_that_was_posted_is_not_posted_again(here: Wall) -> None:
    await here.chat().show_picture(a_picture())
    here.again()
    await here.chat().show_picture(a_picture())

    assert len(here.thread) == 1
