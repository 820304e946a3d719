from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.conversation import ReviewRecord, ThreadRef
from bot.domain.finding import Severity
from tests.builders import (
    NOON,
    a_change,
    a_diff,
    a_finding,
    a_pull_request,
    a_record,
    a_ref,
    a_review,
    a_thread,
    a_turn,
)
from tests.doubles.chat import TranscriptChat
from tests.doubles.language_model import ScriptedModel
from tests.service.dialogue.setting import Setting


def a_review_of(name: str, path: str, *severities: Severity, days_ago: int = 0, thread: str = "1") -> ReviewRecord:
    findings = [a_finding(f"Problem {n} of {path}", path=path, severity=it) for n, it in enumerate(severities)]
    pull_request = a_pull_request(ref=a_ref(name))
    return a_record(
        target=name,
        where=a_thread(thread),
        at=NOON - timedelta(days=days_ago),
        review=a_review(findings, pull_request=pull_request),
        change=a_change(diff=a_diff({path: ("a\n", "b\n")}), pull_request=pull_request),
    )


async def a_channel(*records: ReviewRecord) -> Setting:
    setting = Setting(chat=TranscriptChat(), model=ScriptedModel(script=("We worried.",)))
    for record in records:
        await setting.memory.save_review(record)
    return setting


THREE = (
    a_review_of("octo/stats#12", "stats.py", Severity.HIGH, Severity.LOW, thread="1"),
    a_review_of("octo/web#7", "web/app.js", Severity.MEDIUM, days_ago=1, thread="2"),
    a_review_of("octo/stats#9", "old.py", Severity.CRITICAL, days_ago=8, thread="3"),
)


@pytest.mark.parametrize(
    ("question", "targets"),
    [
        ("what did we find in #12?", ["octo/stats#12"]),
        ("and octo/web#7?", ["octo/web#7"]),
        ("anything about app.js?", ["octo/web#7"]),
        ("what about octo/stats?", ["octo/stats#12", "octo/stats#9"]),
        ("which files did we worry about this week?", ["octo/stats#12", "octo/web#7"]),
        ("这周我们担心哪些文件?", ["octo/stats#12", "octo/web#7"]),
        ("yesterday?", ["octo/web#7"]),
        ("last week?", ["octo/stats#9"]),
        ("what did we find?", ["octo/stats#12", "octo/web#7", "octo/stats#9"]),
    ],
)
async def test_the_reviews_that_the_question_names_are_listed_with_the_answer(
    question: str, targets: list[str]
) -> None:
    setting = await a_channel(*THREE)

    await setting.channel_memory.answer(question, setting.chat)

    (answered,) = setting.chat.kinds("answered")
    assert [source.partition(",")[0] for source in answered.sources] == targets


async def test_a_source_tells_date_number_worst_and_files() -> None:
    setting = await a_channel(*THREE)

    await setting.channel_memory.answer("what did we find this week?", setting.chat)

    assert setting.chat.kinds("answered")[0].sources == (
        "octo/stats#12, 2026-03-04: 2 findings, the worst high (stats.py)",
        "octo/web#7, 2026-03-03: one finding, medium (web/app.js)",
    )


async def test_files_with_findings_are_put_before_the_model_the_worst_first() -> None:
    setting = await a_channel(*THREE)

    await setting.channel_memory.answer("which files did we worry about this week?", setting.chat)

    text = setting.model.asked[0].text
    assert "- stats.py: 1 high, 1 low (in octo/stats#12)\n- web/app.js: 1 medium (in octo/web#7)" in text
    assert "old.py" not in text
    assert text.index("stats.py: 1 high") < text.rindex("which files did we worry about this week?")


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("what did we find in #99?", "Nothing about #99 is remembered in this channel."),
        ("what about nowhere.py?", "No review remembered in this channel touches nowhere.py."),
        ("what did we say about #9 today?", "Nothing about #9 is remembered in this channel."),
        (
            "anything in the last 2 days?",
            "Nothing from 2026-03-02 to before 2026-03-05 is remembered in this channel.",
        ),
    ],
)
async def test_what_is_not_remembered_is_said_without_the_model(question: str, sentence: str) -> None:
    setting = await a_channel(THREE[2])

    await setting.channel_memory.answer(question, setting.chat)

    assert setting.chat.said == [sentence]
    assert not setting.model.asked


async def test_a_link_of_another_host_finds_no_pull_request_of_that_name() -> None:
    setting = await a_channel(*THREE)

    await setting.channel_memory.answer("what did we find in https://gitlab.com/octo/web/pull/7?", setting.chat)

    assert len(setting.chat.kinds("answered")[0].sources) == len(THREE)


async def test_an_empty_channel_says_that_it_is_empty() -> None:
    setting = await a_channel()

    await setting.channel_memory.answer("what did we find?", setting.chat)

    assert setting.chat.said == ["Nothing is remembered in this channel yet: `review` a change first."]


async def test_another_channel_is_not_looked_into() -> None:
    setting = await a_channel(*THREE)
    elsewhere = TranscriptChat(where=ThreadRef(channel="elsewhere"))

    await setting.channel_memory.answer("what did we find in #12?", elsewhere)

    assert elsewhere.said == ["Nothing about #12 is remembered in this channel."]


async def test_what_was_said_in_the_thread_of_a_named_review_is_material() -> None:
    setting = await a_channel(*THREE)
    await setting.memory.add_turns(a_thread("1"), [a_turn("We agreed to guard the empty list.")])
    await setting.memory.add_turns(a_thread("2"), [a_turn("The button is green.")])

    await setting.channel_memory.answer("what did we agree on in #12?", setting.chat)

    assert "mona: We agreed to guard the empty list." in setting.model.asked[0].text
    assert "green" not in setting.model.asked[0].text


async def test_an_answer_from_turns_alone_is_said_to_be_one() -> None:
    setting = await a_channel()
    await setting.memory.add_turns(a_thread("2"), [a_turn("The button is green.")])

    await setting.channel_memory.answer("which colour has the button?", setting.chat)

    assert setting.chat.said == ["I find no review that fits, only what was said in this channel."]
    assert "mona: The button is green." in setting.model.asked[0].text


async def test_question_and_answer_are_remembered_in_the_channel() -> None:
    setting = await a_channel(*THREE)

    await setting.channel_memory.answer("what did we find?", setting.chat)

    assert [(where.thread, turn.text) for where, turn in setting.memory.said] == [
        ("", "what did we find?"),
        ("", "We worried."),
    ]


async def test_only_the_newest_review_of_a_target_speaks_of_it() -> None:
    again = a_review_of("octo/stats#12", "stats.py", days_ago=3)
    setting = await a_channel(again, THREE[0])

    await setting.channel_memory.answer("what did we find in #12?", setting.chat)

    assert setting.chat.kinds("answered")[0].sources == (
        "octo/stats#12, 2026-03-04: 2 findings, the worst high (stats.py)",
    )


@pytest.mark.parametrize("n_ctx", [1024, 8192])
async def test_many_reviews_and_turns_fit_the_context(n_ctx: int) -> None:
    records = [a_review_of(f"octo/stats#{n}", f"src/part{n}.py", *[Severity.HIGH] * 8) for n in range(60)]
    setting = await a_channel(*records)
    setting.model.n_ctx = n_ctx
    await setting.memory.add_turns(a_thread(), [a_turn(f"part {n} " * 20) for n in range(300)])

    await setting.channel_memory.answer("which parts did we worry about?", setting.chat)

    (asked,) = setting.model.asked
    assert await setting.model.count(asked.prompt) + asked.max_tokens <= n_ctx
    assert setting.chat.kinds("answered")[0].sources[-1] == "and 42 more reviews"
