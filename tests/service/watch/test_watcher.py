"""A channel that watches sees each new pull request once, its card follows it, and nothing else is posted."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.change import CiState
from bot.domain.digest import Fate
from bot.domain.errors import ChatRefused, CodeHostUnavailable
from bot.domain.sentence import say
from bot.domain.subscription import Snooze
from bot.domain.watch import Standing
from bot.service.watch.watcher import CHECKS_EVERY
from tests.builders import NOON, a_pattern, a_record, a_ref, a_review, a_thread
from tests.service.watch.post import CHANNEL, LONG_AGO, Post


async def test_what_is_open_when_it_begins_is_not_shown() -> None:
    post = Post()
    post.open(1, created=LONG_AGO)
    await post.watch()

    assert await post.look_and_do() == 0
    assert post.posted == []


async def test_a_new_pull_request_is_shown_once_and_reviewed_in_its_thread() -> None:
    post = Post()
    await post.watch()
    post.open(12)

    assert await post.look_and_do() == 1
    post.pulse.beat += "!"
    assert await post.look_and_do() == 0

    (card,) = post.posted
    assert [(command.target, where) for command, where in post.reviews] == [(a_ref("octo/stats#12"), card.where)]
    assert post.reviews[0][0].asked is False
    assert {entry.kind for entry in post.chat.transcript} == {"said", "card"}


async def test_a_draft_is_shown_when_it_is_ready() -> None:
    post = Post()
    post.open(1, draft=True, created=LONG_AGO)
    await post.watch()
    post.open(2, draft=True)
    assert await post.look_and_do() == 0

    post.open(1, draft=False, created=LONG_AGO)
    post.open(2, draft=False)

    assert await post.look_and_do() == 2
    assert len(post.posted) == 2


async def test_a_label_that_is_added_later_counts() -> None:
    post = Post()
    await post.watch("label:urgent")
    post.open(12)
    assert await post.look_and_do() == 0

    post.open(12, labels=("urgent",))

    assert await post.look_and_do() == 1


async def test_where_nothing_happened_nothing_is_asked_but_for_checks_now_and_then() -> None:
    post = Post()
    await post.watch()
    post.open(12)
    await post.look_and_do()
    post.pulse.asked.clear()
    post.code_host.asked.clear()

    for _ in range(CHECKS_EVERY - 1):
        assert await post.look() == ()
    assert post.pulse.asked == ["mark"] * (CHECKS_EVERY - 1)
    assert post.code_host.asked == []

    await post.look()
    assert post.code_host.asked == ["octo/stats"]


async def test_while_checks_run_they_are_looked_at_each_time() -> None:
    post = Post()
    await post.watch()
    post.open(12, ci=CiState.PENDING)
    await post.look_and_do()
    post.code_host.entries = [replace(one, ci=CiState.PASSING) for one in post.code_host.entries]

    await post.look()
    post.code_host.asked.clear()
    await post.look()

    assert [card.entry.ci for card in post.shown] == [CiState.PENDING, CiState.PASSING]
    assert post.code_host.asked == []


async def test_the_card_is_edited_only_where_it_says_something_else() -> None:
    post = Post()
    await post.watch()
    post.open(12)
    await post.look_and_do()
    before = len(post.shown)

    post.pulse.beat += "!"
    await post.look()
    assert len(post.shown) == before
    post.open(12, title="Another title")
    await post.look()

    assert len(post.shown) == before + 1
    assert post.shown[-1].entry.title == "Another title"


async def test_the_card_says_what_the_review_found() -> None:
    post = Post()

    async def review(command: object, chat: object) -> None:
        record = a_record(where=a_thread("card1", channel=CHANNEL), review=a_review())
        await post.memory.save_review(record)

    post.desk.script = review
    await post.watch()
    post.open(12)
    await post.look_and_do()

    assert [(card.verdict is None, card.findings) for card in post.shown] == [(True, 0), (False, 1)]


@pytest.mark.parametrize("fate", [Fate.MERGED, Fate.CLOSED])
async def test_the_end_is_shown_and_nothing_after_it(fate: Fate) -> None:
    post = Post()
    await post.watch()
    post.open(12)
    await post.look_and_do()
    post.end(12, fate)

    assert await post.look_and_do() == 0
    edits = len(post.shown)
    post.pulse.beat += "!"
    await post.look()

    assert post.shown[-1].fate is fate
    assert len(post.shown) == edits
    known = await post.standing()
    assert known is not None
    assert known.standing is Standing.OVER


async def test_one_that_is_opened_again_goes_on_in_its_thread() -> None:
    post = Post()
    await post.watch()
    post.open(12)
    await post.look_and_do()
    post.end(12, Fate.CLOSED)
    await post.look()
    post.open(12, head_sha="2e" * 20)

    assert await post.look_and_do() == 1
    assert len(post.posted) == 1
    assert post.shown[-1].fate is None
    assert [where for _, where in post.reviews] == [post.posted[0].where] * 2


async def test_new_commits_are_reviewed_in_the_thread_once_each() -> None:
    post = Post()
    await post.watch()
    post.open(12)
    await post.look_and_do()

    for head in ("2e" * 20, "3d" * 20):
        post.open(12, head_sha=head)
        assert await post.look_and_do() == 1
        post.pulse.beat += "!"
        assert await post.look_and_do() == 0

    assert len(post.reviews) == 3
    assert len(post.posted) == 1


async def test_two_processes_do_it_once() -> None:
    post = Post()
    await post.watch()
    post.open(12)
    first = await post.look()
    post.start()

    assert (len(first), len(await post.look())) == (1, 0)


@pytest.mark.parametrize(
    ("fields", "count"),
    [
        ({}, 1),
        ({"trusted": False}, 0),
        ({"trusted": False, "author": "MONA"}, 1),
        ({"text": "please review"}, 0),
        ({"text": "> parley review"}, 0),
        ({"number": 99}, 0),
    ],
)
async def test_a_comment_asks_for_a_review(fields: dict[str, object], count: int) -> None:
    post = Post()
    await post.watch()
    post.open(12)
    await post.look_and_do()
    post.comment(**fields)  # type: ignore[arg-type]  # fields of a comment

    assert await post.look_and_do() == count
    assert await post.look_and_do() == 0
    assert sum(command.asked for command, _ in post.reviews) == count


async def test_a_comment_shows_what_was_there_before() -> None:
    post = Post()
    post.open(12, created=LONG_AGO)
    await post.watch()
    post.comment()

    assert await post.look_and_do() == 1
    assert len(post.posted) == 1


async def test_comments_from_before_it_began_do_not_count_and_those_while_nobody_looked_do() -> None:
    post = Post()
    post.open(12, created=LONG_AGO)
    post.comment(at=NOON - timedelta(hours=1))
    await post.watch()
    assert await post.look_and_do() == 0

    post.comment()
    post.clock.advance(3600)
    post.start()

    assert await post.look_and_do() == 1


async def test_what_is_snoozed_is_not_shown_and_not_later_either() -> None:
    post = Post()
    await post.watch()
    snooze = Snooze(channel=CHANNEL, what=a_pattern("octo/stats"), until=NOON + timedelta(hours=1), by="ada")
    await post.snoozes.save(snooze)
    post.open(12)
    assert await post.look_and_do() == 0

    post.clock.advance(7200)
    post.pulse.beat += "!"

    assert await post.look_and_do() == 0
    assert post.posted == []


async def test_a_repository_that_turned_private_is_shown_no_more() -> None:
    post = Post()
    await post.watch()
    post.open(12)
    await post.look_and_do()
    post.code_host.repositories["octo/stats"] = True
    edits = len(post.shown)
    post.open(12, title="Secret plans")
    post.open(13)

    assert await post.look_and_do() == 0
    assert len(post.shown) == edits


async def test_what_failed_is_looked_at_again() -> None:
    post = Post()
    await post.watch()
    await post.look()
    post.open(12)
    post.code_host.failure = CodeHostUnavailable(say("GitHub cannot be reached."))
    with pytest.raises(CodeHostUnavailable):
        await post.look()
    post.code_host.failure = None

    assert await post.look_and_do() == 1


async def test_a_card_that_somebody_removed_is_let_go() -> None:
    post = Post()
    await post.watch()
    post.open(12)
    await post.look_and_do()

    async def gone(*_args: object) -> None:
        raise ChatRefused(say("The message is gone."))

    post.chat.show_card = gone  # type: ignore[assignment,method-assign]  # as after somebody deleted it
    post.open(12, title="Another")
    await post.look()
    post.open(12, head_sha="2e" * 20)

    assert await post.look_and_do() == 0
    known = await post.standing()
    assert known is not None
    assert known.standing is Standing.KNOWN


async def test_a_channel_of_a_platform_that_is_not_connected_waits() -> None:
    post = Post()
    await post.watch()
    post.watches.kept = {key: replace(one, channel="discord:1/2") for key, one in post.watches.kept.items()}
    post.open(12)

    assert await post.look_and_do() == 0
    assert [str(one) for one in await post.watcher.repositories()] == ["octo/stats"]
