"""Beginning and ending to watch."""

from __future__ import annotations

import pytest

from bot.domain.command import UnwatchCommand, WatchCommand
from bot.domain.errors import NotAllowed, UserError
from bot.service.watch.desk import MOST
from tests.builders import a_pattern
from tests.doubles.chat import TranscriptChat
from tests.doubles.code_host import FixedCodeHost
from tests.service.watch.post import CHANNEL, LONG_AGO, Post


async def test_it_begins_and_ends() -> None:
    post = Post()

    await post.watch("label:urgent")
    for _ in range(2):
        await post.front.handle(UnwatchCommand(pattern=a_pattern("Octo/Stats")), post.chat)

    assert post.chat.said == [
        "I watch octo/stats, only `label:urgent`. Each new pull request is shown here once, with its review in its "
        "thread.",
        "I do not watch Octo/Stats here any more.",
        "This channel does not watch Octo/Stats; `list` shows what it does.",
    ]


async def test_filters_are_changed_and_what_was_shown_stays_shown() -> None:
    post = Post()
    await post.watch("label:urgent bots:yes")
    post.open(12, labels=("urgent",))
    await post.look_and_do()

    post.clock.advance(3600)
    await post.watch("label:*")

    (watch,) = await post.watches.of(CHANNEL)
    assert str(watch.filters) == "bots:yes"
    assert post.chat.said[-1] == "Changed: I watch octo/stats, only `bots:yes`."
    known = await post.standing()
    assert known is not None
    assert known.thread == "card1"


async def test_what_came_since_is_not_known_by_saying_it_again() -> None:
    post = Post()
    post.open(1, created=LONG_AGO)
    await post.watch()
    post.clock.advance(3600)
    post.open(12)
    post.open(13, draft=True)

    await post.watch()

    assert await post.look_and_do() == 1
    assert [card.entry.ref.number for card in post.shown] == [12]


@pytest.mark.parametrize("name", ["octo/secret", "octo/nothing"])
async def test_what_the_channel_may_not_see_is_refused_as_what_is_missing(name: str) -> None:
    post = Post()

    with pytest.raises(NotAllowed, match="does not exist, or this channel may not see it"):
        await post.watch(name=name)


async def test_one_repository_at_a_time_in_channels_of_a_chat_with_a_token() -> None:
    with pytest.raises(UserError, match="One repository at a time"):
        await Post().watch(name="octo/*")
    with pytest.raises(UserError, match="not on this terminal"):
        await Post(chat=TranscriptChat()).watch()
    with pytest.raises(UserError, match="needs a token"):
        await Post(anonymous=True).watch()


async def test_a_channel_watches_no_more_than_so_many() -> None:
    post = Post(code_host=FixedCodeHost(repositories={f"octo/r{number}": False for number in range(MOST + 1)}))
    for number in range(MOST):
        await post.watch(name=f"octo/r{number}")

    with pytest.raises(UserError, match="`unwatch` one first"):
        await post.front.handle(WatchCommand(pattern=a_pattern(f"octo/r{MOST}")), post.chat)
    await post.watch(name="octo/r0", filters="bots:yes")
