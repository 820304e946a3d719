"""The buttons below a review; they work for everybody, also after a restart."""

from __future__ import annotations

import json
import re

from bot.domain.completion import Prompt
from tests.doubles.language_model import ScriptedModel
from tests.journeys.slack.setting import FINDING, Program, SlowModel, nothing_more, reviewed, reviews
from tests.journeys.test_review_and_ask import answering
from tests.standins.github import StandInGitHub
from tests.standins.slack import StandInSlack


async def test_a_finding_is_dismissed_and_brought_back(program: Program, slack: StandInSlack, link: str) -> None:
    async with program.serving():
        review = await reviewed(slack, link)
        slack.press("U1", review, "dismiss")
        await slack.until(lambda: f"Dismissed: {FINDING}" in review.seen)
        assert "No findings" in review.seen
        slack.press("U2", review, "undo")
        await slack.until(lambda: f"1. High · {FINDING}" in review.seen)

    assert len(slack.by_bot()) == 1


async def test_a_button_that_is_pressed_twice_does_it_once(program: Program, slack: StandInSlack, link: str) -> None:
    async with program.serving():
        review = await reviewed(slack, link)
        slack.press("U1", review, "dismiss")
        slack.press("U2", review, "dismiss")
        await slack.until(lambda: f"Dismissed: {FINDING}" in review.seen)
        await nothing_more(slack, "UADMIN")

    assert review.seen.count(f"Dismissed: {FINDING}") == 1
    assert len(slack.by_bot()) == 1


async def test_a_button_that_is_pressed_twenty_times_does_it_once(
    program: Program, slack: StandInSlack, link: str
) -> None:
    program.with_review(max_findings=1)
    program.model = ScriptedModel(script=two_findings)
    async with program.serving():
        review = await reviewed(slack, link)
        await nothing_more(slack, "UADMIN")
        for button in ("review_again", "show_all", "dismiss", "helpful"):
            for _ in range(20):
                slack.press("U1", review, button)
            await nothing_more(slack, "UADMIN")
        await slack.until(lambda: f"Dismissed: {FINDING}" in review.seen)
        await slack.until(lambda: len(slack.by_bot()) == 4 and slack.whispered("U1"))
        await nothing_more(slack, "UADMIN")

    assert len(slack.by_bot()) == 4, "two reviews, a file and all findings"
    assert len([message for message in slack.by_bot() if message.file]) == 1
    assert slack.whispered("U1") == ["Thank you: noted as helpful.\n"]
    assert [call for call in slack.calls if call.error] == []


async def test_who_presses_while_it_is_reviewed_again_is_told_in_private(
    program: Program, slack: StandInSlack, link: str
) -> None:
    async with program.serving():
        review = await reviewed(slack, link)
        await nothing_more(slack, "UADMIN")
    program.model = model = SlowModel()
    async with program.serving():
        slack.press("U1", review, "review_again")
        await model.begun.wait()
        slack.press("U2", review, "review_again")
        told = await slack.until(lambda: slack.whispered("U2"))
        model.free.set()
        await slack.until(lambda: len(reviews(slack)) == 2)

    assert "is being reviewed in this channel already" in told[0]
    assert len(slack.by_bot()) == 2


async def test_what_was_dismissed_stays_away_from_the_next_review_also_after_a_restart(
    program: Program, slack: StandInSlack, link: str
) -> None:
    async with program.serving():
        review = await reviewed(slack, link)
        await nothing_more(slack)
    async with program.serving():
        await nothing_more(slack)
        slack.press("U1", review, "dismiss")
        await slack.until(lambda: f"Dismissed: {FINDING}" in review.seen)
        slack.press("U1", review, "review_again")
        (again,) = await slack.until(lambda: reviews(slack)[1:])

    assert again.thread_ts == review.thread_ts
    assert "1. High" not in again.seen
    assert f"Dismissed: {FINDING}" in again.seen


async def test_dismiss_by_words_in_the_thread_does_the_same(program: Program, slack: StandInSlack, link: str) -> None:
    async with program.serving():
        review = await reviewed(slack, link)
        await slack.post("C1", "U1", "dismiss 1", thread_ts=review.thread_ts)
        await slack.until(lambda: any("Dismissed in this channel" in m.seen for m in slack.by_bot()))
        await slack.post("C1", "U1", "undo", thread_ts=review.thread_ts)
        await slack.until(lambda: any("No longer dismissed" in m.seen for m in slack.by_bot()))


async def test_a_moved_head_is_reviewed_by_what_changed(
    program: Program, slack: StandInSlack, github: StandInGitHub, link: str
) -> None:
    async with program.serving():
        review = await reviewed(slack, link)
        asked = len(program.model.asked)
        github.served.history.repository.commit({"notes.txt": "a new file\n"}, "Add notes")
        slack.press("U1", review, "review_again")
        (again,) = await slack.until(lambda: [m for m in slack.by_bot() if "not read again" in m.seen])

    assert "1 file is as it was" in again.seen
    assert FINDING in again.seen
    read = [one.text for one in program.model.asked[asked:] if '"findings"' in one.text]
    assert len(read) == 1
    assert "a new file" in read[0]


async def test_a_head_that_stands_is_reviewed_again_in_full(program: Program, slack: StandInSlack, link: str) -> None:
    async with program.serving():
        review = await reviewed(slack, link)
        asked = len(program.model.asked)
        slack.press("U1", review, "review_again")
        await slack.until(lambda: len(reviews(slack)) == 2)

    assert len(program.model.asked) == 2 * asked


async def test_an_opinion_is_thanked_for_in_private(program: Program, slack: StandInSlack, link: str) -> None:
    async with program.serving():
        review = await reviewed(slack, link)
        slack.press("U2", review, "helpful")
        await slack.until(lambda: len(slack.whispered("U2")) == 1)
        slack.press("U2", review, "not_helpful")
        await slack.until(lambda: len(slack.whispered("U2")) == 2)

    assert "noted as helpful" in slack.whispered("U2")[0]
    assert "noted as not helpful" in slack.whispered("U2")[1]
    assert len(slack.by_bot()) == 1


async def test_more_findings_than_are_shown_can_be_shown(program: Program, slack: StandInSlack, link: str) -> None:
    program.with_review(max_findings=1)
    program.model = ScriptedModel(script=two_findings)
    async with program.serving():
        review = await reviewed(slack, link)
        assert "Total is never checked" not in review.seen
        slack.press("U1", review, "show_all")
        (whole,) = await slack.until(lambda: [m for m in slack.by_bot() if "Total is never checked" in m.seen])

    assert whole.thread_ts == review.thread_ts
    assert FINDING in whole.seen
    assert FINDING in review.seen


async def test_a_review_with_very_many_findings_stays_inside_the_limits_and_goes_on_in_a_file(
    program: Program, slack: StandInSlack, github: StandInGitHub, link: str
) -> None:
    files = {f"value_{number}.py": f"value_{number} = {number}  # {'why ' * 150}\n" for number in range(40)}
    github.served.history.repository.commit(files, "Add values")
    program.with_review(max_findings=60, chunk_tokens=200)
    program.model = ScriptedModel(script=many_findings)
    async with program.serving():
        ts = await slack.post("C1", "U1", link)
        (review,) = await slack.until(lambda: [m for m in slack.by_bot() if "Read 41 of 41 files" in m.seen], 30)
        (report,) = await slack.until(lambda: [m for m in slack.thread("C1", ts) if m.file])

    assert "in the file below" in review.seen
    assert [number for number in range(40) if f"Trouble number {number}:" not in report.file] == []


async def test_buttons_of_a_review_that_was_forgotten_say_so(program: Program, slack: StandInSlack, link: str) -> None:
    async with program.serving():
        review = await reviewed(slack, link)
        slack.command("C1", "U1", "forget channel")
        await slack.until(lambda: slack.whispered("U1"))
        before = review.seen
        slack.press("U2", review, "dismiss")
        await slack.until(lambda: [*slack.whispered("U2"), *slack.by_bot("C1")[1:]])

    assert review.seen == before


def finding(number: int, *, path: str, quote: str, title: str) -> dict[str, object]:
    return {
        "path": path,
        "line": number,
        "quote": quote,
        "title": title,
        "problem": f"{title}. " + "This is told at length. " * 10,
        "severity": "low",
        "category": "bug",
        "fix": "Check it.",
    }


def two_findings(prompt: Prompt) -> str:
    """Find two things where `answering` finds one."""
    total = finding(2, path="stats.py", quote="total = sum(values)", title="Total is never checked")
    return with_more(prompt, "total = sum(values)", [total])


def many_findings(prompt: Prompt) -> str:
    """Find something in each of forty files."""
    numbers = [int(number) for number in re.findall(r"value_(\d+) = ", prompt[-1].text)]
    found = [
        finding(1, path=f"value_{n}.py", quote=f"value_{n} = {n}", title=f"Trouble number {n}: it is {n * 7919}")
        for n in numbers
    ]
    return with_more(prompt, "value_", found)


def with_more(prompt: Prompt, where: str, found: list[dict[str, object]]) -> str:
    """Answer as usual, with *found* too where *where* is to be read."""
    text = answering(prompt)
    if '"findings"' not in prompt[-1].text or where not in prompt[-1].text:
        return text
    body = json.loads(text)
    return json.dumps({**body, "findings": [*body["findings"], *found]})
