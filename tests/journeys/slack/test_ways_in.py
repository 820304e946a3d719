"""Every way to ask for a review on Slack, and everything that is none."""

from __future__ import annotations

import pytest

from tests.journeys.slack.conftest import Program
from tests.standins.github import StandInGitHub
from tests.standins.slack import Message, StandInSlack

REVIEWED = "Division by zero"


def reviews(slack: StandInSlack, channel: str = "") -> list[Message]:
    """Return the reviews that stand."""
    return [message for message in slack.by_bot(channel) if "Read 1 of 1 file" in message.seen]


async def test_a_pasted_link_is_reviewed_in_the_thread_of_its_message(
    program: Program, slack: StandInSlack, link: str
) -> None:
    async with program.serving():
        ts = await slack.post("C1", "U1", f"please look at <{link}>")
        await slack.until(lambda: reviews(slack))

    (message,) = slack.thread("C1", ts)
    assert REVIEWED in message.seen
    assert "stats.py:3" in message.seen
    assert "return total / len(values)" in message.seen
    assert message.edits >= 1, "it replaced the progress message"
    assert any(link.rpartition("/pull")[0] in str(block) for block in message.blocks)


async def test_several_links_are_reviewed_in_their_order(
    program: Program, slack: StandInSlack, github: StandInGitHub, link: str
) -> None:
    github.open_pull_request(number=13)
    other = f"{link[:-2]}13"
    async with program.serving():
        ts = await slack.post("C1", "U1", f"<{link}> and <{other}|the other>")
        await slack.until(lambda: len(reviews(slack)) == 2)

    first, second = slack.thread("C1", ts)
    assert "hello.world#12" in first.seen
    assert "hello.world#13" in second.seen


async def test_a_link_that_was_reviewed_at_this_head_is_pointed_to(
    program: Program, slack: StandInSlack, link: str
) -> None:
    async with program.serving():
        first = await slack.post("C1", "U1", f"<{link}>")
        await slack.until(lambda: reviews(slack))
        second = await slack.post("C1", "U2", f"has anybody seen <{link}>?")
        await slack.until(lambda: slack.thread("C1", second))

    (pointer,) = slack.thread("C1", second)
    assert "I reviewed octo/hello.world#12 at this head" in pointer.seen
    assert first.replace(".", "") in pointer.seen
    assert len(reviews(slack)) == 1


async def test_a_slash_command_opens_a_thread(program: Program, slack: StandInSlack) -> None:
    async with program.serving():
        delivery = slack.command("C1", "U1", "octo/hello.world#12 look at the division")
        (review,) = await slack.until(lambda: reviews(slack))

    opening = slack.by_bot("C1")[0]
    assert opening.seen.strip() == "ada asked for a review of octo/hello.world#12."
    assert review.thread_ts == opening.ts
    assert delivery.acked is not None


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("", "What you can ask for:"),
        ("help", "What you can ask for:"),
        ("status", "No review runs in this channel."),
        ("stauts", "Did you mean status?"),
        ("cancel", "Nothing is running here."),
        ("list", "This channel has no subscriptions."),
        ("review /etc/passwd", "names no pull request"),
        ("octo/hello.world#99", "I cannot show octo/hello.world#99 here"),
        ("subscribe octo/hello.world at 25:99", "is no time of day"),
        ("allow octo/hello.world", "Only admins may do that"),
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


async def test_a_mention_is_heard_once_though_slack_sends_it_twice(
    program: Program, slack: StandInSlack, link: str
) -> None:
    async with program.serving():
        ts = await slack.post("C1", "U1", f"<@UBOT> review <{link}>")
        await slack.until(lambda: reviews(slack))
        await slack.until(lambda: all(delivery.acked is not None for delivery in slack.deliveries))

    assert len(slack.deliveries) == 2
    assert len(slack.thread("C1", ts)) == len(reviews(slack)) == 1


async def test_a_direct_message_needs_no_mention(program: Program, slack: StandInSlack) -> None:
    async with program.serving():
        ts = await slack.post("D1", "U1", "octo/hello.world#12")
        await slack.until(lambda: reviews(slack, "D1"))

    assert REVIEWED in slack.thread("D1", ts)[0].seen


async def test_a_shortcut_reviews_what_a_message_links(program: Program, slack: StandInSlack, link: str) -> None:
    async with program.serving():
        # A message of another program, which starts nothing by itself.
        ts = await slack.post("C1", "U2", f"New pull request <{link}>", subtype="bot_message", bot_id="BGITHUB")
        slack.shortcut("U1", slack.messages[0], "review_message")
        await slack.until(lambda: reviews(slack))

    assert REVIEWED in slack.thread("C1", ts)[0].seen


async def test_a_shortcut_on_a_message_without_a_link_says_so_to_the_person(
    program: Program, slack: StandInSlack
) -> None:
    async with program.serving():
        await slack.post("C1", "U2", "good morning")
        slack.shortcut("U1", slack.messages[0], "review_message")
        (told,) = await slack.until(lambda: slack.whispered("U1"))

    assert "no link to a pull request" in told


async def test_nothing_else_starts_anything(program: Program, slack: StandInSlack, link: str) -> None:
    async with program.serving():
        await slack.post("C1", "U1", "good morning")
        await slack.post("C1", "UX", f"<{link}>", subtype="bot_message", bot_id="BOTHER")
        await slack.post("C1", "UX", f"<{link}>", bot_id="BOTHER")
        await slack.post("C1", "UBOT", f"<{link}>")
        edited = {"type": "message", "user": "U1", "text": f"<{link}>", "ts": "1.0"}
        await slack.post("C1", "U1", f"<{link}>", subtype="message_changed", message=edited, hidden=True)
        await slack.post("C1", "U2", "<@U2> has joined the channel", subtype="channel_join")
        slack.happen(
            {"type": "link_shared", "source": "composer", "user": "U1", "channel": "COMPOSER", "links": [{"url": link}]}
        )
        await slack.post("C1", "U1", "see <https://elsewhere.example/octo/hello.world/pull/12>")
        await slack.until(lambda: all(delivery.acked is not None for delivery in slack.deliveries))

    assert [call.method for call in slack.calls if call.method.startswith("chat.")] == []
