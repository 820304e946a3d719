"""The work that came up is done as things stand when its turn comes."""

from __future__ import annotations

import asyncio

import pytest

from bot.domain.command import Command
from bot.domain.digest import Fate
from bot.domain.watch import Stand
from bot.ports.chat import Chat
from tests.builders import a_pattern, a_ref
from tests.service.watch.post import CHANNEL, Post


async def test_what_was_merged_meanwhile_is_not_shown() -> None:
    post = Post()
    await post.watch()
    post.open(12)
    (job,) = await post.look()
    post.end(12, Fate.MERGED)

    await post.following.do(job, post)

    assert post.posted == []
    assert post.reviews == []


async def test_what_is_watched_no_more_is_not_shown() -> None:
    post = Post()
    await post.watch()
    post.open(12)
    (job,) = await post.look()
    await post.watches.remove(CHANNEL, a_pattern("octo/stats"))

    await post.following.do(job, post)

    assert post.posted == []


async def test_what_turned_private_meanwhile_is_not_shown() -> None:
    post = Post()
    await post.watch()
    entry = post.open(12)
    (job,) = await post.look()
    post.pulse.known[entry.ref] = Stand(entry=entry, fate=None, private=True)

    await post.following.do(job, post)

    assert post.posted == []


async def test_a_job_that_is_taken_up_again_uses_the_card_that_is_there() -> None:
    post = Post()
    await post.watch()
    post.open(12)
    (job,) = await post.look()
    await post.following.do(job, post)

    await post.following.do(job, post)

    assert len(post.posted) == 1
    assert [command.target for command, _ in post.reviews] == [a_ref("octo/stats#12")] * 2


async def test_card_and_review_are_posted_for_the_job() -> None:
    post = Post()
    await post.watch()
    post.open(12)
    (job,) = await post.look()
    post.jobs.clear()

    await post.following.do(job, post)

    assert post.jobs == [job, job]


async def test_a_review_that_is_interrupted_says_so() -> None:
    post = Post()
    began = asyncio.Event()

    async def slow(command: Command, chat: Chat) -> None:
        began.set()
        await asyncio.Event().wait()

    post.desk.script = slow
    await post.watch()
    post.open(12)
    (job,) = await post.look()
    task = asyncio.create_task(post.following.do(job, post))
    await began.wait()
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task
    assert [entry.kind for entry in post.chat.transcript][-1] == "interrupted"
