from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.domain.change import DiffFile, RepositoryRef
from bot.domain.command import (
    AllowCommand,
    CancelCommand,
    DigestCommand,
    DisallowCommand,
    ForgetCommand,
    HelpCommand,
    ListCommand,
    Misunderstood,
    Scope,
    StatsCommand,
    StatusCommand,
    SubscribeCommand,
    UnsubscribeCommand,
)
from bot.domain.conversation import Role, ThreadRef, Turn
from bot.domain.errors import BotError, CodeHostUnavailable, NothingToReview
from bot.domain.sentence import say
from tests.builders import a_pattern, a_ref, a_thread
from tests.doubles.chat import TranscriptChat
from tests.doubles.memory import DictMemory
from tests.service.counter import (
    CHANNEL,
    SEVEN,
    TWELVE,
    BrokenMemory,
    Counter,
    KnownReviews,
    a_public_counter,
    ask,
    review,
)
from tests.service.dialogue.setting import SilentModel, a_talked_about_record


async def test_a_review_is_shown_in_a_thread_and_remembered() -> None:
    counter = Counter()

    await counter.hand(review(TWELVE, focus="the retries"))

    kinds = [(entry.kind, entry.where.thread) for entry in counter.chat.transcript]
    assert kinds == [("thread", "t1"), ("progress", "t1"), ("progress", "t1"), ("review", "t1")]
    assert counter.reviews.reviewed == [(TWELVE, "the retries")]
    (record,) = await counter.desk.recent_reviews(("console",))
    assert (record.target, record.where.thread) == ("octo/stats#12", "t1")
    assert [turn.text for turn in (await counter.memory.conversation(record.where)).turns] == [
        "review octo/stats#12 the retries",
        "I reviewed octo/stats#12 and have 2 findings. The worst (high): Retries for ever (src/net/retry.py:4).",
    ]


async def test_a_review_is_durable_before_it_is_shown() -> None:
    counter = Counter()
    durable: list[int] = []

    class WatchedChat(TranscriptChat):
        async def show_review(self, review: object) -> None:
            durable.append(len(counter.memory.records))

    await counter.desk.handle(review(TWELVE), WatchedChat(where=a_thread()))

    assert durable == [1]


async def test_an_error_is_one_sentence_in_the_thread_and_the_next_target_is_reviewed() -> None:
    counter = Counter(reviews=KnownReviews(errors={TWELVE: CodeHostUnavailable(say("GitHub does not answer."))}))

    await counter.hand(review(TWELVE, SEVEN))

    assert [(entry.where.thread, str(entry.what)) for entry in counter.chat.kinds("said")] == [
        ("t1", "GitHub does not answer.")
    ]
    assert [record.target for record in counter.memory.records] == ["octo/web#7"]


@pytest.mark.parametrize(
    ("error", "level"),
    [(NothingToReview(say("The change is empty.")), "info"), (CodeHostUnavailable(say("GitHub is away.")), "warning")],
)
async def test_a_mistake_of_the_person_is_no_warning_in_the_log(error: BotError, level: str) -> None:
    class WithoutThreads(TranscriptChat):
        async def open_thread(self, title: str) -> TranscriptChat:
            raise error

    counter = Counter(reviews=KnownReviews(errors={TWELVE: error}))

    with capture_logs() as logs:
        await counter.hand(review(TWELVE))
        await counter.desk.handle(review(SEVEN), WithoutThreads())

    failed = [(entry["event"], entry["log_level"], entry["error"]) for entry in logs if "failed" in entry["event"]]
    name = type(error).__name__
    assert failed == [("review.failed", level, name), ("command.failed", level, name)]


async def test_at_most_five_targets_are_reviewed_and_the_rest_is_named_in_a_sentence() -> None:
    counter = Counter()
    refs = [a_ref(f"octo/stats#{number}") for number in range(1, 8)]

    await counter.hand(review(*refs, refs[0]))

    assert counter.chat.said == ["These are 7 changes; I review the first 5. Ask again for the others."]
    assert [target for target, _ in counter.reviews.reviewed] == refs[:5]


async def test_a_target_that_is_being_reviewed_is_not_started_again() -> None:
    counter = Counter(reviews=KnownReviews(waits=True))
    task = await counter.start(review(TWELVE))

    await counter.hand(review(TWELVE))
    await counter.hand(CancelCommand())
    await task

    assert counter.chat.said[0] == "octo/stats#12 is being reviewed in this channel already."
    assert len(counter.reviews.reviewed) == 1


async def test_a_review_that_cannot_be_saved_is_shown_all_the_same() -> None:
    counter = Counter(memory=BrokenMemory())

    await counter.hand(review(TWELVE))

    assert len(counter.chat.kinds("review")) == 1
    assert counter.chat.said == ["This review will not be remembered: The database is read-only."]


async def test_an_answer_that_cannot_be_saved_is_followed_by_the_cause() -> None:
    counter = Counter(memory=BrokenMemory(records=[a_talked_about_record()]))

    await counter.hand(ask("why does it loop?"), thread="1")

    assert counter.chat.answers == ["It loops at src/net/retry.py:4."]
    assert counter.chat.said == ["The database is read-only."]


async def test_a_question_in_the_thread_of_a_review_is_a_follow_up() -> None:
    counter = Counter()
    await counter.hand(review(TWELVE))

    await counter.hand(ask("why does fetch_page loop?"), thread="t1")

    assert "while True" in counter.model.asked[0].text
    assert "octo/stats#12, 2026" not in str(counter.chat.kinds("answered")[0].sources)


async def test_a_question_elsewhere_is_answered_from_the_channel() -> None:
    counter = Counter()
    await counter.hand(review(TWELVE))

    await counter.hand(ask("what did we find in #12?"))
    await counter.hand(ask("what did we find in #12?"), thread="another")

    for entry in counter.chat.kinds("answered"):
        assert entry.sources == (
            "octo/stats#12, 2026-03-04: 2 findings, the worst high (src/net/retry.py, src/db/pool.py)",
        )


async def test_a_question_about_a_target_is_answered_where_it_is_asked() -> None:
    counter = Counter()
    await counter.hand(review(TWELVE))

    await counter.hand(ask("why does it loop?", TWELVE))

    (answered,) = counter.chat.kinds("answered")
    assert answered.where.thread == ""
    turns = (await counter.memory.conversation(a_thread("t1"))).turns
    assert turns[-2].text == "why does it loop?"


async def test_a_question_about_a_target_without_a_review_says_how_to_get_one() -> None:
    counter = Counter()

    await counter.hand(ask("why?", TWELVE))

    assert counter.chat.said == [
        "I have not reviewed octo/stats#12 in this channel yet; `review octo/stats#12` does it."
    ]
    assert not counter.model.asked


async def test_a_question_about_a_running_review_is_put_off() -> None:
    counter = Counter(reviews=KnownReviews(waits=True))
    task = await counter.start(review(TWELVE))

    await counter.hand(ask("why?", TWELVE))
    await counter.hand(CancelCommand())
    await task

    assert counter.chat.said[0] == "octo/stats#12 is being reviewed right now: ask when it is done."


async def test_of_two_reviews_in_a_thread_the_one_whose_number_is_named_is_meant() -> None:
    counter = Counter()
    await counter.hand(review(TWELVE), thread="t9")
    counter.clock.advance(60)
    await counter.hand(review(SEVEN), thread="t9")

    await counter.hand(ask("what is wrong in octo/stats#12?"), thread="t9")

    assert "(octo/stats#12, by mona), reviewed on" in counter.model.asked[0].text


SOURCE_OF_SEVEN = "octo/web#7, 2026-03-04: 2 findings, the worst high (src/net/retry.py, src/db/pool.py)"


@pytest.mark.parametrize(
    "question",
    [
        "what did we find in octo/web#7?",
        "what did we find in https://github.com/octo/web/pull/7?",
        "what did we find in web#7?",
        "what did we find in #7?",
    ],
)
async def test_another_pull_request_named_in_a_thread_is_answered_about_from_the_channel(question: str) -> None:
    counter = Counter()
    await a_remembered_thread(counter)

    await counter.hand(ask(question), thread="t1")

    (answered,) = counter.chat.kinds("answered")
    assert answered.sources == (SOURCE_OF_SEVEN,)
    assert answered.where.thread == "t1"


async def test_a_pull_request_that_nobody_reviewed_is_not_answered_about_from_this_thread() -> None:
    counter = Counter()
    await a_remembered_thread(counter)

    await counter.hand(ask("what did we find in octo/web#99?"), thread="t1")

    assert counter.chat.said == ["Nothing about octo/web#99 is remembered in this channel."]
    assert not counter.model.asked


@pytest.mark.parametrize("question", ["#2?", "why is octo/stats#12 bad?", "is #12 safe?", "what is wrong in PR#44?"])
async def test_a_finding_or_the_pull_request_of_the_thread_is_answered_about_from_the_thread(question: str) -> None:
    counter = Counter()
    await a_remembered_thread(counter)
    await counter.hand(review(a_ref("octo/web#2")))

    await counter.hand(ask(question), thread="t1")

    assert not counter.chat.said
    assert "(octo/stats#12, by mona), reviewed on" in counter.model.asked[0].text


async def test_a_number_that_is_no_finding_and_no_pull_request_is_said_to_be_no_finding() -> None:
    counter = Counter()
    await a_remembered_thread(counter)

    await counter.hand(ask("what is #99?"), thread="t1")

    assert counter.chat.said == ["There is no finding 99: this review has 2."]
    assert not counter.model.asked


async def test_a_pull_request_that_the_change_itself_speaks_of_is_asked_of_the_change() -> None:
    counter = Counter()
    record = a_talked_about_record(target="octo/stats#12")
    about = replace(record.change.pull_request, body="Goes on with octo/stats#5.")
    await counter.memory.save_review(replace(record, change=replace(record.change, pull_request=about)))

    await counter.hand(ask("what is left of octo/stats#5?"), thread="1")

    assert "Goes on with octo/stats#5." in counter.model.asked[0].text


async def test_a_new_desk_goes_on_with_the_thread() -> None:
    counter = Counter()
    await counter.hand(review(TWELVE))
    await counter.hand(ask("why does it loop?"), thread="t1")

    counter.desk = counter.new_desk()
    await counter.hand(ask("and then?"), thread="t1")

    text = counter.model.asked[-1].text
    assert "mona: why does it loop?" in text
    assert "It loops at src/net/retry.py:4." in text


async def test_status_names_model_progress_and_memory() -> None:
    counter = Counter(reviews=KnownReviews(waits=True))
    await counter.hand(StatusCommand())
    task = await counter.start(review(TWELVE, SEVEN))
    await counter.hand(StatusCommand())
    await counter.hand(CancelCommand())
    await task

    before, during = counter.chat.said[:2]
    assert before.splitlines() == [
        "Model: not loaded yet; the first review or question loads it.",
        "No review runs in this channel.",
        "0 reviews are remembered in this channel.",
    ]
    assert during.splitlines() == [
        "Model: scripted, 8192 tokens of context.",
        "octo/stats#12: reading, 1 of 3 parts done",
        "octo/web#7: waiting",
        "0 reviews are remembered in this channel.",
    ]


async def test_cancel_in_the_channel_stops_everything_that_was_asked_for() -> None:
    counter = Counter(reviews=KnownReviews(waits=True))
    task = await counter.start(review(TWELVE, SEVEN))

    await counter.hand(CancelCommand())
    await task

    assert [(entry.where.thread, str(entry.what)) for entry in counter.chat.kinds("said")] == [
        ("t1", "The review of octo/stats#12 was stopped."),
        ("", "The review of octo/stats#12 is stopped."),
        ("", "The review of octo/web#7 is stopped."),
    ]
    assert not counter.memory.records
    assert len(counter.reviews.reviewed) == 1


async def test_cancel_in_a_thread_stops_its_review_only() -> None:
    counter = Counter(reviews=KnownReviews(waits=True))
    task = await counter.start(review(TWELVE, SEVEN))

    counter.reviews.waits = False
    await counter.hand(CancelCommand(), thread="t1")
    await task

    assert counter.chat.said == ["The review of octo/stats#12 was stopped."]
    assert [record.target for record in counter.memory.records] == ["octo/web#7"]


async def test_cancel_where_nothing_runs_says_so() -> None:
    counter = Counter(reviews=KnownReviews(waits=True))
    task = await counter.start(review(TWELVE))

    await counter.hand(CancelCommand(), thread="another")
    await counter.hand(CancelCommand())
    await task

    assert counter.chat.said[0] == "Nothing is running here."


async def test_a_target_can_be_reviewed_again_after_a_cancel() -> None:
    counter = Counter(reviews=KnownReviews(waits=True))
    task = await counter.start(review(TWELVE))
    await counter.hand(CancelCommand())
    await task

    counter.reviews.waits = False
    await counter.hand(review(TWELVE))

    assert len(counter.memory.records) == 1


async def test_a_cancelled_program_passes_the_cancellation_on() -> None:
    counter = Counter(reviews=KnownReviews(waits=True))
    task = await counter.start(review(TWELVE))

    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert not counter.chat.said
    assert not counter.memory.records


async def a_remembered_thread(counter: Counter) -> None:
    await counter.hand(review(TWELVE))
    await counter.hand(review(SEVEN))


async def test_forget_in_a_thread_removes_that_thread() -> None:
    counter = Counter()
    await a_remembered_thread(counter)

    await counter.hand(ForgetCommand(), thread="t1")

    assert counter.chat.said == ["Forgotten: 3 reviews and messages."]
    assert [record.target for record in counter.memory.records] == ["octo/web#7"]


async def test_forget_channel_removes_everything_also_from_inside_a_thread() -> None:
    counter = Counter()
    await a_remembered_thread(counter)

    await counter.hand(ForgetCommand(scope=Scope.CHANNEL), thread="t1")

    assert counter.chat.said == ["Forgotten: 6 reviews and messages."]
    assert not counter.memory.records


@pytest.mark.parametrize("scope", [None, Scope.THREAD])
async def test_forget_outside_a_thread_asks_and_removes_nothing(scope: Scope | None) -> None:
    counter = Counter()
    await a_remembered_thread(counter)

    await counter.hand(ForgetCommand(scope=scope))

    assert "forget" in counter.chat.said[0]
    assert len(counter.memory.records) == 2


async def test_forgetting_an_empty_thread_says_that_there_was_nothing() -> None:
    counter = Counter()

    await counter.hand(ForgetCommand(), thread="t1")

    assert counter.chat.said == ["Nothing was remembered here."]


@pytest.mark.parametrize(("thread", "scope"), [("t1", None), ("", Scope.CHANNEL)])
async def test_what_runs_does_not_come_back_into_forgotten_memory(thread: str, scope: Scope | None) -> None:
    counter = Counter(reviews=KnownReviews(waits=True))
    task = await counter.start(review(TWELVE))

    await counter.hand(ForgetCommand(scope=scope), thread=thread)
    await task

    assert not counter.memory.records
    assert not counter.memory.said


async def test_an_answer_that_is_being_written_is_stopped_and_forgotten() -> None:
    model = SilentModel()
    counter = Counter(model=model, memory=DictMemory(records=[a_talked_about_record()]))
    task = asyncio.create_task(counter.hand(ask("why?"), thread="1"))
    await model.began.wait()

    await counter.hand(ForgetCommand(), thread="1")
    await task

    assert counter.chat.answers == ["Because\n\n(stopped)"]
    assert not counter.memory.said


async def test_help_has_a_line_for_each_command() -> None:
    counter = Counter()

    await counter.hand(HelpCommand())

    (text,) = counter.chat.said
    for word in ("review", "ask", "dismiss", "digest", "subscribe", "allow", "status", "cancel", "forget", "help"):
        assert f"\n`{word}" in text


async def test_what_was_misunderstood_is_said() -> None:
    counter = Counter()

    await counter.hand(Misunderstood(sentence=say("Did you mean `review`?")))

    assert counter.chat.said == ["Did you mean `review`?"]


async def test_a_local_diff_is_reviewed_and_asked_about_by_its_name() -> None:
    counter = Counter()
    target = DiffFile(path=Path("fix.diff"))
    await counter.hand(review(target))

    await counter.hand(ask("what did we find in fix.diff?"))

    assert counter.chat.kinds("answered")[0].sources[0].startswith("fix.diff, 2026-03-04:")


async def test_the_bots_turn_is_the_bots() -> None:
    counter = Counter()

    await counter.hand(review(TWELVE))

    turns: list[Turn] = [turn for _, turn in counter.memory.said]
    assert [(turn.role, turn.author) for turn in turns] == [(Role.PERSON, "mona"), (Role.BOT, "")]


async def test_the_bot_takes_part_in_the_threads_it_reviewed_or_is_about_to() -> None:
    counter = Counter(reviews=KnownReviews(waits=True))
    task = await counter.start(review(TWELVE))

    during = await counter.desk.takes_part(a_thread("t1"))
    await counter.hand(CancelCommand())
    await task
    stopped = await counter.desk.takes_part(a_thread("t1"))
    counter.reviews.waits = False
    await counter.hand(review(TWELVE), thread="t1")

    assert (during, stopped) == (True, False)
    assert await counter.desk.takes_part(a_thread("t1"))
    assert not await counter.desk.takes_part(a_thread("another"))
    assert not await counter.desk.takes_part(ThreadRef(channel="console"))


async def test_recent_reviews_are_those_of_the_channels_that_are_named() -> None:
    counter = Counter()
    await a_remembered_thread(counter)
    elsewhere = TranscriptChat(where=ThreadRef(channel="other"))
    counter.clock.advance(60)
    await counter.desk.handle(review(TWELVE), elsewhere)

    here = await counter.desk.recent_reviews(("console",))
    both = await counter.desk.recent_reviews(("console", "other"), limit=2)

    assert {note.target for note in here} == {"octo/stats#12", "octo/web#7"}
    assert (len(both), both[0].where.channel) == (2, "other")


async def test_the_repositories_of_a_channel_are_named_once_the_last_reviewed_first() -> None:
    counter = a_public_counter()
    await counter.hand(SubscribeCommand(patterns=(a_pattern("octo/stats"),)))
    await counter.hand(SubscribeCommand(patterns=(a_pattern("Octo/Web"),)))
    for target in (TWELVE, SEVEN, a_ref("octo/stats#7")):
        counter.clock.advance(60)
        await counter.hand(review(target))

    assert await counter.desk.repositories(CHANNEL) == ("octo/stats", "octo/web")
    assert await counter.desk.repositories("slack:T1/C9") == ()


async def test_a_local_change_is_of_no_repository() -> None:
    counter = Counter()
    await counter.hand(review(DiffFile(path=Path("some/fix#1.diff"))))

    assert await counter.desk.repositories("console") == ()


async def test_subscriptions_are_made_shown_and_ended_in_chat_and_from_outside_of_it() -> None:
    counter = a_public_counter()
    stats = a_pattern("octo/stats")

    (made,) = await counter.desk.subscribe(SubscribeCommand(patterns=(stats,)), counter.chat.audience)
    await counter.hand(ListCommand())
    await counter.hand(DigestCommand())
    await counter.hand(UnsubscribeCommand(pattern=stats))

    assert (made.channel, made.pattern, made.by) == (CHANNEL, stats, "test:mona")
    assert counter.chat.said == [
        "1. octo/stats, on weekdays at 09:00 (UTC)",
        "No more digests of octo/stats here.",
    ]
    assert [entry.kind for entry in counter.chat.transcript] == ["said", "digest", "said"]
    assert not await counter.desk.subscriptions((CHANNEL,))
    assert not await counter.desk.unsubscribe(UnsubscribeCommand(pattern=stats), counter.chat.audience)


async def test_statistics_are_shown_where_they_were_asked_for() -> None:
    counter = a_public_counter()

    await counter.hand(StatsCommand(repository=RepositoryRef(owner="octo", name="stats"), weeks=2))
    await counter.hand(StatsCommand(repository=RepositoryRef(owner="octo", name="secret")))

    assert [entry.kind for entry in counter.chat.transcript] == ["picture", "said"]
    assert "I cannot show octo/secret here" in counter.chat.said[0]
    assert [len(stats.weeks) for stats in counter.charts.drawn] == [2]


@pytest.mark.parametrize("name", ["secret", "none"])
async def test_nothing_is_told_of_a_repository_that_a_channel_may_not_see(name: str) -> None:
    counter = a_public_counter()
    pattern = a_pattern(f"octo/{name}")
    refusal = f"I cannot show octo/{name} here: it does not exist, or this channel may not see it."

    await counter.hand(SubscribeCommand(patterns=(pattern,)))
    await counter.hand(DigestCommand(patterns=(pattern,)))

    assert [said.startswith(refusal) for said in counter.chat.said] == [True, True]
    assert not counter.chat.kinds("digest")


async def test_an_admin_opens_and_closes_a_repository_for_the_channel() -> None:
    counter = a_public_counter()
    secret = a_ref("octo/secret#12")
    root = replace(counter.chat, person="root")

    await counter.hand(AllowCommand(repository="octo/secret"))
    await counter.desk.handle(AllowCommand(repository="octo/secret"), root)
    await counter.hand(review(secret))
    await counter.desk.handle(DisallowCommand(repository="octo/secret"), root)
    await counter.hand(review(secret))

    assert len(counter.reviews.reviewed) == 1
    assert "`test:mona`" in counter.chat.said[0]
    assert counter.chat.said[1] == "This channel may see octo/secret from now on."
    assert "I cannot show octo/secret#12 here" in counter.chat.said[-1]


async def test_the_state_counts_what_runs_and_names_the_model() -> None:
    counter = Counter(reviews=KnownReviews(waits=True))
    before = counter.desk.state()
    task = await counter.start(review(TWELVE, SEVEN))
    during = counter.desk.state()
    await counter.hand(CancelCommand())
    await task

    assert (before.model, before.reviews, before.answers) == (None, 0, 0)
    assert (during.reviews, during.answers) == (2, 0)
    assert during.model is not None
    assert counter.desk.state().reviews == 0
