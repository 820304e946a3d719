"""Questions about what was reviewed: answered in the thread, while the answer is written."""

from __future__ import annotations

import asyncio
from typing import Any

from bot.domain.completion import Completion, Prompt
from tests.journeys.slack.setting import Program, SlowModel, TalkingModel, answers, nothing_more, reviewed, reviews
from tests.standins.github import StandInGitHub
from tests.standins.slack import StandInSlack

ANSWER = "The mean of an empty list divides by zero."
LONG = f"{ANSWER} " + " ".join(f"Line {number} says so too." for number in range(200))


async def test_a_plain_reply_is_answered_while_the_answer_is_written(
    program: Program, slack: StandInSlack, link: str
) -> None:
    program.model = model = TalkingModel(ANSWER)
    async with program.serving():
        review = await reviewed(slack, link)
        await slack.post("C1", "U2", "what about an empty list?", thread_ts=review.thread_ts)
        (answer,) = await slack.until(lambda: slack.thread("C1", review.thread_ts)[1:])
        assert answer.streaming
        assert answer.text == ANSWER[: len(ANSWER) // 2]
        model.go_on.set()
        await slack.until(lambda: answers(slack, "C1", review.thread_ts))

    assert answer.seen.startswith(ANSWER)
    started = slack.of("chat.startStream")[0].arguments
    assert (started["recipient_team_id"], started["recipient_user_id"]) == ("T1", "U2")
    assert answer.edits <= 3


async def test_an_answer_outlives_its_stream(program: Program, slack: StandInSlack, link: str) -> None:
    slack.expected = {"chat.stopStream: message_not_in_streaming_state", *gone("chat.appendStream")}
    program.model = model = TalkingModel(LONG)
    async with program.serving():
        review = await reviewed(slack, link)
        await slack.post("C1", "U2", "what about an empty list?", thread_ts=review.thread_ts)
        await slack.until(lambda: slack.of("chat.startStream"))
        slack.forward(slack.stream_seconds + 1)
        model.go_on.set()
        (answer,) = await slack.until(lambda: answers(slack, "C1", review.thread_ts))

    assert len(slack.thread("C1", review.thread_ts)) == 2, "the review and the answer"
    assert answer.seen.startswith(LONG)
    assert len(slack.of("chat.startStream")) == 1


async def test_a_stream_that_is_over_its_rate_is_waited_for(program: Program, slack: StandInSlack, link: str) -> None:
    program.model = model = TalkingModel(ANSWER)
    async with program.serving():
        review = await reviewed(slack, link)
        slack.storm("chat.startStream", 1)
        slack.storm("chat.stopStream", 1)
        model.go_on.set()
        await slack.post("C1", "U2", "what about an empty list?", thread_ts=review.thread_ts)
        (answer,) = await slack.until(lambda: answers(slack, "C1", review.thread_ts))

    assert answer.seen.startswith(ANSWER)


async def test_where_streams_are_not_to_be_had_the_answer_is_a_message(
    program: Program, slack: StandInSlack, link: str
) -> None:
    slack.refusals["chat.startStream"] = "channel_type_not_supported"
    slack.expected = {"chat.startStream: channel_type_not_supported"}
    async with program.serving():
        review = await reviewed(slack, link)
        await slack.post("C1", "U2", "what about an empty list?", thread_ts=review.thread_ts)
        (answer,) = await slack.until(lambda: answers(slack, "C1", review.thread_ts))

    assert answer.seen.startswith(ANSWER)
    assert slack.of("chat.startStream") == []


async def test_a_long_answer_goes_on_in_a_second_message(program: Program, slack: StandInSlack, link: str) -> None:
    whole = "\n".join(f"Line {number} of the answer says something else." for number in range(600))
    program.model = model = TalkingModel(whole)
    model.go_on.set()
    slack.expected = {f"chat.{method}: msg_too_long" for method in ("startStream", "appendStream", "stopStream")}
    async with program.serving():
        review = await reviewed(slack, link)
        await slack.post("C1", "U2", "what about an empty list?", thread_ts=review.thread_ts)
        await slack.until(lambda: answers(slack, "C1", review.thread_ts))

    said = "".join(message.seen for message in slack.thread("C1", review.thread_ts)[1:])
    assert [line for line in whole.splitlines() if line not in said] == []


async def test_a_reply_to_somebody_else_is_theirs(program: Program, slack: StandInSlack, link: str) -> None:
    async with program.serving():
        review = await reviewed(slack, link)
        await slack.post("C1", "U1", "@mona can you fix that?", thread_ts=review.thread_ts)
        await nothing_more(slack)

    assert slack.thread("C1", review.thread_ts) == [review]


async def test_a_link_in_a_reply_is_pointed_to_and_not_reviewed_again(
    program: Program, slack: StandInSlack, link: str
) -> None:
    async with program.serving():
        review = await reviewed(slack, link)
        await nothing_more(slack)
        await slack.post("C1", "U1", f"I answered you in {link}/files", thread_ts=review.thread_ts)
        (_, pointer) = await slack.until(lambda: len(slack.by_bot("C1")) == 2 and slack.by_bot("C1"))
        await nothing_more(slack)

    assert "I reviewed octo/hello.world#12 at this head" in pointer.seen
    assert reviews(slack) == [review]


async def test_a_question_below_a_pointer_is_answered_from_the_review_it_points_to(
    program: Program, slack: StandInSlack, link: str
) -> None:
    async with program.serving():
        await reviewed(slack, link)
        await nothing_more(slack)
        ts = await slack.post("C1", "U2", f"has anybody seen {link}?")
        await slack.until(lambda: slack.thread("C1", ts))
        await nothing_more(slack)
        await slack.post("C1", "U2", "what about an empty list?", thread_ts=ts)
        (answer,) = await slack.until(lambda: answers(slack, "C1", ts))

    assert answer.seen.startswith(ANSWER)
    assert "finding 1" in answer.seen


async def test_a_thread_without_the_bot_is_left_alone(program: Program, slack: StandInSlack, link: str) -> None:
    async with program.serving():
        await reviewed(slack, link)
        ts = await slack.post("C1", "U1", "lunch?")
        await slack.post("C1", "U2", "what about an empty list?", thread_ts=ts)
        await nothing_more(slack)

    assert slack.thread("C1", ts) == []


async def test_a_mention_in_a_thread_without_the_bot_brings_it_in(
    program: Program, slack: StandInSlack, link: str
) -> None:
    async with program.serving():
        ts = await slack.post("C1", "U1", "somebody broke the mean")
        await slack.post("C1", "U2", f"@parley review {link}", thread_ts=ts)
        await slack.until(lambda: reviews(slack))
        await slack.post("C1", "U1", "what about an empty list?", thread_ts=ts)
        await slack.until(lambda: answers(slack, "C1", ts))

    assert len(slack.thread("C1", ts)) == 2


async def test_a_question_by_mention_is_answered_in_a_thread_that_goes_on(
    program: Program, slack: StandInSlack, link: str
) -> None:
    async with program.serving():
        await reviewed(slack, link)
        ts = await slack.post("C1", "U2", "@parley what did we say about #12?")
        (first,) = await slack.until(lambda: answers(slack, "C1", ts))
        await slack.post("C1", "U2", "and which file was it?", thread_ts=ts)
        await slack.until(lambda: len(answers(slack, "C1", ts)) == 2)

    assert "hello.world#12" in first.seen


async def test_ask_by_slash_command_is_answered(program: Program, slack: StandInSlack, link: str) -> None:
    async with program.serving():
        await reviewed(slack, link)
        slack.command("C1", "U2", "ask octo/hello.world#12 is an empty list safe?")
        await slack.until(lambda: [*slack.by_bot("C1")[1:], *slack.whispered("U2")])
        said = await slack.until(
            lambda: [text for text in (*slack.whispered("U2"), *(m.seen for m in slack.by_bot("C1"))) if ANSWER in text]
        )

    assert len(said) == 1


async def test_cancel_in_the_thread_stops_the_review_and_says_so_once(
    program: Program, slack: StandInSlack, link: str
) -> None:
    program.model = model = SlowModel()
    async with program.serving():
        ts = await slack.post("C1", "U1", link)
        await model.begun.wait()
        await slack.post("C1", "U1", "@parley cancel", thread_ts=ts)
        await slack.until(lambda: any("was stopped" in m.seen for m in slack.thread("C1", ts)))
        await nothing_more(slack)

    assert len(slack.thread("C1", ts)) == 1


async def test_cancel_in_the_thread_of_several_links_stops_them_all(
    program: Program, slack: StandInSlack, github: StandInGitHub, link: str
) -> None:
    for number in (13, 14):
        github.open_pull_request(number=number)
    program.model = model = SlowModel()
    async with program.serving():
        ts = await slack.post("C1", "U1", " ".join(f"{link[:-2]}{number}" for number in (12, 13, 14)))
        await model.begun.wait()
        await slack.post("C1", "U2", "cancel", thread_ts=ts)
        await slack.until(lambda: len(slack.thread("C1", ts)) == 3)
        await nothing_more(slack)

    said = [message.seen for message in slack.thread("C1", ts)]
    assert said == [f"The review of octo/hello.world#{number} was stopped.\n" for number in (12, 13, 14)]


async def test_a_review_that_crashes_says_so_where_its_progress_stood(
    program: Program, slack: StandInSlack, link: str
) -> None:
    class Crashing(SlowModel):
        async def complete(self, prompt: Prompt, **named: Any) -> Completion:
            raise RuntimeError("boom")

    program.model = Crashing()
    async with program.serving():
        ts = await slack.post("C1", "U1", link)
        (message,) = await slack.until(lambda: [m for m in slack.thread("C1", ts) if "went wrong" in m.seen])
        await nothing_more(slack)

    assert slack.thread("C1", ts) == [message]
    assert "RuntimeError" in message.seen
    assert "boom" not in message.seen


async def test_forget_in_the_thread_ends_its_part_in_it(program: Program, slack: StandInSlack, link: str) -> None:
    async with program.serving():
        review = await reviewed(slack, link)
        await slack.post("C1", "U1", "forget thread", thread_ts=review.thread_ts)
        await slack.until(lambda: any("Forgotten" in m.seen for m in slack.thread("C1", review.thread_ts)))
        await slack.post("C1", "U1", "what about an empty list?", thread_ts=review.thread_ts)
        await nothing_more(slack)

    assert answers(slack, "C1", review.thread_ts) == []


async def test_two_questions_at_once_are_both_answered(program: Program, slack: StandInSlack, link: str) -> None:
    async with program.serving():
        review = await reviewed(slack, link)
        ask = ("what about an empty list?", "is the total right?")
        await asyncio.gather(*(slack.post("C1", "U2", words, thread_ts=review.thread_ts) for words in ask))
        await slack.until(lambda: len(answers(slack, "C1", review.thread_ts)) == 2)


def gone(*methods: str) -> set[str]:
    return {f"{method}: message_not_in_streaming_state" for method in methods}
