"""Every way to ask for a review on Slack, and everything that is none."""

from __future__ import annotations

import pytest

from tests.journeys.slack.setting import FINDING, Program, SlowModel, asked, nothing_more, reviewed, reviews
from tests.standins.github import StandInGitHub
from tests.standins.slack import StandInSlack


async def test_a_pasted_link_is_reviewed_in_the_thread_of_its_message(
    program: Program, slack: StandInSlack, link: str
) -> None:
    async with program.serving():
        ts = await slack.post("C1", "U1", f"please look at {link}, thanks")
        await slack.until(lambda: reviews(slack))
        await slack.settled()

    (message,) = slack.thread("C1", ts)
    assert FINDING in message.seen
    assert "stats.py:3" in message.seen
    assert "return total / len(values)" in message.seen
    assert FINDING not in message.looks[0], "it replaced the progress message"
    assert "/blob/" in str(message.blocks), "the finding links to its line"
    assert (slack.socket.deliveries[0].acked_ms or 9999) < 300


@pytest.mark.parametrize("written", ["{bare}", "[the change]({link})", "{link}/files?w=1#diff-0", "({link})."])
async def test_a_link_is_known_however_it_is_written(
    program: Program, slack: StandInSlack, link: str, written: str
) -> None:
    async with program.serving():
        ts = await slack.post("C1", "U1", written.format(link=link, bare=link.removeprefix("http://")))
        (review,) = await slack.until(lambda: reviews(slack))
    assert review.thread_ts == ts


async def test_progress_is_one_message_that_is_edited(program: Program, slack: StandInSlack, link: str) -> None:
    program.model = model = SlowModel()
    async with program.serving():
        ts = await slack.post("C1", "U1", link)
        await model.begun.wait()
        (progress,) = await slack.until(lambda: [m for m in slack.thread("C1", ts) if "Reading" in m.seen])
        assert "░" in progress.seen
        assert "0 of 1 file" in progress.seen
        model.free.set()
        await slack.until(lambda: reviews(slack))

    assert slack.thread("C1", ts) == [progress]
    assert len(slack.of("chat.postMessage")) == 1


async def test_it_speaks_the_language_that_is_configured(program: Program, slack: StandInSlack, link: str) -> None:
    program.with_review(language="zh")
    async with program.serving():
        await slack.post("C1", "U1", link)
        (review,) = await slack.until(lambda: [m for m in slack.by_bot("C1") if "已读 1/1 个文件" in m.seen])
        told = await asked(slack, "status", "U2")
        slack.press("U1", review, "dismiss")
        await slack.until(lambda: "撤销" in review.seen)
        slack.open_home("U1")
        await slack.until(lambda: "octo/hello.world#12" in slack.home("U1"))
        slack.press_home("U1", "subscription_add")
        await slack.until(lambda: slack.modals)

    assert "审查" in told


async def test_several_links_are_reviewed_in_their_order_and_at_most_five(
    program: Program, slack: StandInSlack, github: StandInGitHub, link: str
) -> None:
    numbers = range(12, 19)
    for number in numbers[1:]:
        github.open_pull_request(number=number)
    async with program.serving():
        words = " and ".join(f"{link[:-2]}{number}" for number in (*numbers, 12))
        ts = await slack.post("C1", "U1", words)
        await slack.until(lambda: len(reviews(slack)) == 5)
        await nothing_more(slack)

    said = [message.seen for message in slack.thread("C1", ts) if FINDING in message.seen]
    assert [f"hello.world#{number}" in seen for number, seen in zip(numbers, said, strict=False)] == [True] * 5


async def test_a_link_that_was_reviewed_at_this_head_is_pointed_to(
    program: Program, slack: StandInSlack, link: str
) -> None:
    async with program.serving():
        first = await slack.post("C1", "U1", link)
        await slack.until(lambda: reviews(slack))
        await nothing_more(slack)
        second = await slack.post("C1", "U2", f"has anybody seen {link}?")
        (pointer,) = await slack.until(lambda: slack.thread("C1", second))
        await nothing_more(slack)

    assert "I reviewed octo/hello.world#12 at this head" in pointer.seen
    assert first.replace(".", "") in pointer.seen
    assert len(reviews(slack)) == 1


async def test_a_link_in_another_channel_is_reviewed_there_too(
    program: Program, slack: StandInSlack, link: str
) -> None:
    async with program.serving():
        await reviewed(slack, link)
        review = await reviewed(slack, link, "C2")
    assert review.channel == "C2"


async def test_a_slash_command_opens_a_thread(program: Program, slack: StandInSlack) -> None:
    async with program.serving():
        delivery = slack.command("C1", "U1", "octo/hello.world#12 look at the division")
        (review,) = await slack.until(lambda: reviews(slack))
        await nothing_more(slack)

    opening = slack.standing("C1")[0]
    assert opening.seen.strip() == "ada asked for a review of octo/hello.world#12."
    assert review.thread_ts == opening.ts
    assert (delivery.acked_ms or 9999) < 300
    assert "look at the division" in program.model.asked[0].text


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("", "What you can ask for:"),
        ("help", "What you can ask for:"),
        ("HELP", "What you can ask for:"),
        ("“help”", "What you can ask for:"),
        ("\u00a0help\u200b", "What you can ask for:"),
        ("status", "No review runs in this channel."),
        ("statuss", "Did you mean status?"),
        ("sing a song", "I do not know sing"),
        ("cancel", "Nothing is running here."),
        ("list", "This channel has no subscriptions."),
        ("review", "Review what?"),
        ("review /etc/passwd", "names no pull request"),
        ("review main...HEAD", "names no pull request"),
        ("ask", "Ask what?"),
        ("octo/hello.world#99", "I cannot show octo/hello.world#99 here"),
        ("dismiss", "Dismiss what?"),
        ("undo", "You have dismissed nothing"),
        ("forget", "Forget what?"),
        ("forget channel", "Nothing was remembered here."),
        ("subscribe octo/hello.world at 25:99", "is no time of day"),
        ("subscribe octo/hello.world tz Europe/Berln", "Europe/Berlin"),
        ("subscribe octo/hello.world someday", "someday"),
        ("subscribe octo/nothing", "I cannot show octo/nothing here"),
        ("unsubscribe octo/hello.world", "no subscription of octo/hello.world"),
        ("digest", "Which repository?"),
        ("allow octo/hello.world", "Only admins may do that"),
        ("disallow octo/hello.world", "Only admins may do that"),
    ],
)
async def test_what_concerns_the_person_alone_is_told_to_the_person_alone(
    program: Program, slack: StandInSlack, words: str, answer: str
) -> None:
    async with program.serving():
        slack.command("C1", "U1", words)
        told = await slack.until(lambda: slack.whispered("U1"))

    assert answer in told[0]
    assert slack.by_bot("C1") == []


async def test_a_subscription_by_slash_command_is_listed_and_ended(program: Program, slack: StandInSlack) -> None:
    words = ("subscribe octo/hello.world mon,thu at 09:30 tz Europe/Berlin", "list", "unsubscribe octo/hello.world")
    async with program.serving():
        subscribed, listed, ended = [await asked(slack, said) for said in words]

    assert "octo/hello.world, mon, thu at 09:30 (Europe/Berlin)" in subscribed
    assert "octo/hello.world, mon, thu at 09:30 (Europe/Berlin)" in listed
    assert "No more digests of octo/hello.world here." in ended


async def test_a_mention_is_heard_once_though_slack_sends_it_twice(
    program: Program, slack: StandInSlack, link: str
) -> None:
    async with program.serving():
        ts = await slack.post("C1", "U1", f"@parley review {link}")
        await slack.until(lambda: reviews(slack))
        await nothing_more(slack)

    kinds = [one.event["type"] for one in slack.socket.deliveries if one.event.get("ts") == ts and not one.own]
    assert sorted(kinds) == ["app_mention", "message"]
    assert len(slack.thread("C1", ts)) == len(reviews(slack)) == 1


async def test_a_mention_in_a_private_channel_works_the_same(program: Program, slack: StandInSlack) -> None:
    async with program.serving():
        ts = await slack.post("C2", "U1", "@parley octo/hello.world#12 please")
        (review,) = await slack.until(lambda: reviews(slack, "C2"))
    assert review.thread_ts == ts


async def test_a_direct_message_needs_no_mention(program: Program, slack: StandInSlack) -> None:
    async with program.serving():
        ts = await slack.post("D1", "U1", "octo/hello.world#12")
        (review,) = await slack.until(lambda: reviews(slack, "D1"))
        await slack.post("D1", "U1", "help")
        await slack.until(lambda: any("What you can ask for:" in m.seen for m in slack.by_bot("D1")))

    assert review.thread_ts == ts
    assert FINDING in review.seen


async def test_a_shortcut_reviews_what_a_message_links(program: Program, slack: StandInSlack, link: str) -> None:
    async with program.serving():
        # A message of another program, which starts nothing by itself.
        ts = await slack.post("C1", "UHUB", f"New pull request {link}")
        slack.shortcut("U1", slack.messages[0], "review_message")
        await slack.until(lambda: reviews(slack))
        await nothing_more(slack)

    (review,) = slack.thread("C1", ts)
    assert FINDING in review.seen


async def test_a_shortcut_on_a_message_without_a_link_says_so_to_the_person(
    program: Program, slack: StandInSlack
) -> None:
    async with program.serving():
        await slack.post("C1", "U2", "good morning")
        slack.shortcut("U1", slack.messages[0], "review_message")
        (told,) = await slack.until(lambda: slack.whispered("U1"))

    assert "no link to a pull request" in told


async def test_nothing_else_starts_anything(program: Program, slack: StandInSlack, link: str) -> None:
    slack.events = (*slack.events, "link_shared")  # an app that unfurls is told even of what nobody sent yet
    async with program.serving():
        await slack.post("C1", "U1", "good morning")
        await slack.post("C1", "UHUB", f"New pull request {link}")
        await slack.post("C1", "UHUB", f"@parley review {link}")
        await slack.edit(slack.messages[0], f"good morning, see {link}")
        await slack.unfurl(slack.messages[0], link)
        await slack.remove(slack.messages[0])
        await slack.join("C1", "UHUB")
        slack.link_in_composer("U1", link)
        await slack.post("C1", "U1", "see https://elsewhere.example/octo/hello.world/pull/12")
        await slack.post("C1", "U1", f"see `{link}/../issues/1`")
        await slack.post("C3", "U1", f"the bot is not here: {link}")
        await nothing_more(slack)

    asked = {call.method for call in slack.calls}
    assert asked <= {"auth.test", "apps.connections.open", "chat.postEphemeral", "users.info"}
    assert len(slack.of("chat.postEphemeral")) == 1, "the answer to the question that ends the journey"


async def test_its_own_messages_and_edits_start_nothing(program: Program, slack: StandInSlack, link: str) -> None:
    async with program.serving():
        await reviewed(slack, link)
        await nothing_more(slack)

    own = [delivery for delivery in slack.socket.deliveries if delivery.own]
    assert own, "Slack told it about them"
    assert len(slack.by_bot()) == 1


async def test_it_says_hello_once_where_it_was_invited(program: Program, slack: StandInSlack) -> None:
    async with program.serving():
        await slack.join("C3", "UBOT")
        (hello,) = await slack.until(lambda: slack.by_bot("C3"))
        await slack.join("C3", "UHUB")
        await nothing_more(slack)

    assert "Paste the link of a pull request" in hello.seen
    assert slack.by_bot("C3") == [hello]
