"""A digest comes once at its local time: over clock changes, restarts, sleep and two processes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.access import Audience
from bot.domain.conversation import ThreadRef
from bot.domain.digest import Digest
from bot.domain.errors import BotError, ChartFailed, CodeHostUnavailable, ConfigInvalid, NotAllowed
from bot.domain.filter_words import parse_filters
from bot.domain.picture import Picture
from bot.domain.schedule import local_times, next_time
from bot.domain.sentence import say
from bot.domain.subscription import WEEKDAYS, Day, Kind, Subscription
from bot.jobs.digest_schedule import LATEST, MOST_TRIES, DigestSchedule, due
from bot.ports.chat import Chat
from bot.ports.inbox import Job
from bot.store.database import Database
from bot.store.inbox import SqlInbox
from bot.store.subscriptions import SqlSubscriptions
from tests.builders import a_digest, a_picture, a_subscription
from tests.doubles.chat import TranscriptChat
from tests.doubles.clock import FakeClock
from tests.doubles.inbox import DictInbox
from tests.doubles.subscriptions import DictSubscriptions


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def times(subscription: Subscription, after: str, until: str) -> list[str]:
    """List when it is due, in UTC."""
    found = local_times(subscription, utc(after), utc(until))
    return [f"{moment.astimezone(UTC):%m-%d %H:%M}" for moment in found]


@pytest.mark.parametrize(
    ("zone", "at", "around", "expected"),
    [
        # Clocks go back at 03:00: 02:30 happens twice, and counts the first time.
        ("Europe/Berlin", time(2, 30), "2026-10-25", ["10-25 00:30"]),
        # Clocks go forward at 02:00: 02:30 does not happen, and is due when it would have been.
        ("Europe/Berlin", time(2, 30), "2026-03-29", ["03-29 01:30"]),
        ("America/New_York", time(1, 30), "2026-11-01", ["11-01 05:30"]),
        ("America/New_York", time(2, 30), "2026-03-08", ["03-08 07:30"]),
        # Half an hour, on the southern half.
        ("Australia/Lord_Howe", time(1, 45), "2026-04-05", ["04-04 14:45"]),
        ("Australia/Lord_Howe", time(2, 15), "2026-10-04", ["10-03 15:45"]),
        ("Asia/Kathmandu", time(0, 0), "2026-06-10", ["06-09 18:15"]),
        ("UTC", time(23, 59), "2028-02-29", ["02-29 23:59"]),
    ],
)
def test_each_local_date_has_one_digest_whatever_the_clocks_do(
    zone: str, at: time, around: str, expected: list[str]
) -> None:
    subscription = a_subscription(timezone=zone, at=at)

    found = times(subscription, f"{around}T00:00", f"{around}T23:59")
    nearby = list(local_times(subscription, utc(around) - timedelta(days=2), utc(around) + timedelta(days=2)))

    assert set(expected) <= {f"{moment.astimezone(UTC):%m-%d %H:%M}" for moment in nearby}
    assert len({moment.date() for moment in nearby}) == len(nearby)
    assert len(found) <= 1


def test_only_the_days_that_were_asked_for_count() -> None:
    weekdays = a_subscription(days=WEEKDAYS)
    mondays = a_subscription(days=(Day.MONDAY,))

    assert times(weekdays, "2026-03-06T00:00", "2026-03-09T23:00") == ["03-06 09:30", "03-09 09:30"]
    assert f"{next_time(mondays, utc('2026-03-09T09:30')):%Y-%m-%d}" == "2026-03-16"


def test_what_fell_due_before_the_subscription_was_made_is_not_due() -> None:
    made = a_subscription(since=utc("2026-03-04T10:00"))

    assert list(due([made], utc("2026-03-04T11:00"))) == []
    assert len(list(due([made], utc("2026-03-05T09:30")))) == 1


def test_subscriptions_of_one_channel_for_one_moment_are_one_digest() -> None:
    other = a_subscription("octo/web")
    elsewhere = a_subscription(channel="slack:T1/C2")

    names = [name for name, _ in due([a_subscription(), other, elsewhere], utc("2026-03-04T10:00"))]

    assert names == [
        "digest:slack:T1/C1:2026-03-04T09:30:UTC",
        "digest:slack:T1/C2:2026-03-04T09:30:UTC",
    ]


def test_a_digest_that_is_too_late_is_of_no_use() -> None:
    missed = utc("2026-03-04T09:30")

    assert len(list(due([a_subscription()], missed + LATEST - timedelta(minutes=1)))) == 1
    assert list(due([a_subscription()], missed + LATEST)) == []


@dataclass(kw_only=True)
class Statistics:
    """Pictures to post; the first calls fail with *failures*."""

    failures: list[BotError] = field(default_factory=list)
    asked: list[Subscription] = field(default_factory=list)
    snoozed: bool = False

    async def make_regular(self, subscription: Subscription, audience: Audience) -> Picture | None:
        self.asked.append(subscription)
        if self.failures:
            raise self.failures.pop(0)
        return None if self.snoozed else a_picture()


@dataclass(kw_only=True)
class Board:
    """Channels to post in, and digests to post; the first calls fail with *failures*."""

    chat: TranscriptChat = field(
        default_factory=lambda: TranscriptChat(where=ThreadRef(channel="slack:T1/C1"), local=False)
    )
    failures: list[BotError] = field(default_factory=list)
    digest: Digest = field(default_factory=a_digest)
    asked: list[Sequence[Subscription]] = field(default_factory=list)
    snoozed: bool = False
    remembered: list[Digest] = field(default_factory=list)
    statistics: Statistics = field(default_factory=Statistics)

    def chat_in(self, channel: str, *, thread: str = "", job: Job | None = None) -> Chat | None:
        return self.chat if channel == self.chat.where.channel else None

    async def make_regular(self, subscriptions: Sequence[Subscription], audience: Audience) -> Digest | None:
        self.asked.append(subscriptions)
        if self.failures:
            raise self.failures.pop(0)
        return None if self.snoozed else self.digest

    async def remember(self, subscriptions: Sequence[Subscription], digest: Digest) -> None:
        self.remembered.append(digest)

    @property
    def posted(self) -> int:
        return len(self.chat.kinds("digest"))

    @property
    def pictures(self) -> list[Picture]:
        return [entry.what for entry in self.chat.kinds("picture") if isinstance(entry.what, Picture)]


@dataclass(kw_only=True)
class Office:
    """A database that several schedules may work on, at a time that the test moves."""

    board: Board = field(default_factory=Board)
    inbox: DictInbox = field(default_factory=DictInbox)
    clock: FakeClock = field(default_factory=FakeClock)
    kept: DictSubscriptions = field(default_factory=DictSubscriptions)

    def schedule(self) -> DigestSchedule:
        return DigestSchedule(
            subscriptions=self.kept,
            digests=self.board,
            statistics=self.board.statistics,
            inbox=self.inbox,
            clock=self.clock,
        )


async def an_office(*subscriptions: Subscription) -> Office:
    office = Office()
    for subscription in subscriptions or (a_subscription(at=time(11, 30)),):
        await office.kept.save(subscription)
    return office


async def until(holds: Callable[[], object]) -> None:
    """Let others go on until *holds* gives something true."""
    for _ in range(100_000):
        if holds():
            return
        await asyncio.sleep(0)
    raise AssertionError("it never came true")


async def test_a_digest_is_posted_once_however_often_it_wakes_and_however_many_there_are() -> None:
    office = await an_office()
    one, other = office.schedule(), office.schedule()

    for schedule in (one, other, one, office.schedule()):
        await schedule.post_due(office.board)

    assert office.board.posted == 1
    assert office.inbox.unfinished == []


async def test_an_empty_digest_says_nothing() -> None:
    office = await an_office()
    office.board.digest = a_digest()
    office.board.digest = replace(office.board.digest, entries=())

    await office.schedule().post_due(office.board)

    assert office.board.chat.transcript == []
    assert office.inbox.unfinished == []


async def test_a_process_that_ends_in_the_middle_leaves_it_to_the_next() -> None:
    office = await an_office()
    name, body = next(iter(due(await office.kept.all(), office.clock.now())))
    await office.inbox.take(name, source="digest", body=body)
    office.inbox.end_process()

    await office.schedule().post_due(office.board)

    assert office.board.posted == 1


async def test_a_channel_that_nobody_is_connected_to_is_let_go() -> None:
    office = await an_office(a_subscription(channel="slack:T1/GONE", at=time(11, 30)))

    await office.schedule().post_due(office.board)

    assert office.board.asked == []
    assert office.inbox.unfinished == []


async def test_a_month_of_digests_by_two_processes_is_a_month_of_digests() -> None:
    office = await an_office(a_subscription(timezone="Europe/Berlin", at=time(2, 30)))
    start = utc("2026-10-10T12:00")
    office.kept.kept = {key: replace(one, since=start) for key, one in office.kept.kept.items()}
    schedules = [office.schedule(), office.schedule()]

    for hour in range(30 * 24):
        office.clock.moment = start + timedelta(hours=hour)
        if hour % 7 == 0:
            schedules[hour % 2] = office.schedule()
        await asyncio.gather(*(schedule.post_due(office.board) for schedule in schedules))

    assert office.board.posted == 30


async def test_while_it_runs_it_posts_what_is_due_and_stops_at_once() -> None:
    office = await an_office()
    schedule = office.schedule()
    running = asyncio.create_task(schedule.run(office.board))

    await until(lambda: office.board.posted)
    await office.kept.save(a_subscription(channel="slack:T1/C1", timezone="Europe/Berlin"))
    await schedule.changed()
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running

    assert running.cancelled()


async def test_a_code_host_that_is_away_is_asked_again_in_the_next_round() -> None:
    office = await an_office()
    office.board.failures.append(CodeHostUnavailable(say("GitHub cannot be reached.")))
    schedule = office.schedule()

    await schedule.post_due(office.board)
    assert office.board.posted == 0
    await schedule.post_due(office.board)
    await schedule.post_due(office.board)

    assert office.board.posted == 1
    assert office.inbox.unfinished == []


async def test_a_code_host_that_stays_away_is_not_asked_for_ever() -> None:
    office = await an_office()
    office.board.failures += [CodeHostUnavailable(say("GitHub cannot be reached."))] * 20
    schedule = office.schedule()

    for _ in range(20):
        await schedule.post_due(office.board)

    assert len(office.board.asked) == MOST_TRIES
    assert office.inbox.unfinished == []


async def test_what_was_postponed_is_left_to_the_next_process() -> None:
    office = await an_office()
    office.board.failures.append(CodeHostUnavailable(say("GitHub cannot be reached.")))
    await office.schedule().post_due(office.board)
    office.inbox.end_process()

    await office.schedule().post_due(office.board)

    assert office.board.posted == 1


async def test_a_digest_that_comes_after_a_sleep_says_that_it_is_late() -> None:
    office = await an_office(a_subscription(at=time(9, 30), timezone="Europe/Berlin"))

    await office.schedule().post_due(office.board)

    (entry,) = office.board.chat.kinds("digest")
    assert isinstance(entry.what, Digest)
    assert f"{entry.what.due:%H:%M}" == "09:30"


async def test_a_digest_in_time_does_not() -> None:
    office = await an_office(a_subscription(at=time(11, 55)))

    await office.schedule().post_due(office.board)

    (entry,) = office.board.chat.kinds("digest")
    assert isinstance(entry.what, Digest)
    assert entry.what.due is None


async def test_what_was_posted_is_neither_posted_nor_remembered_again() -> None:
    office = await an_office()
    name, body = next(iter(due(await office.kept.all(), office.clock.now())))
    job = await office.inbox.take(name, source="digest", body=body)
    assert job is not None
    await job.note("posted", "yes")
    office.inbox.end_process()

    await office.schedule().post_due(office.board)

    assert (office.board.posted, office.board.remembered) == (0, [])
    assert office.inbox.unfinished == []


async def test_what_was_told_is_remembered_also_where_nothing_was() -> None:
    office = await an_office()
    office.board.digest = replace(a_digest(), entries=())

    await office.schedule().post_due(office.board)

    assert office.board.posted == 0
    assert len(office.board.remembered) == 1


async def test_an_empty_digest_comes_where_it_is_wanted() -> None:
    office = await an_office(a_subscription(at=time(11, 30), filters=parse_filters(["empty:yes"])))
    office.board.digest = replace(a_digest(), entries=())

    await office.schedule().post_due(office.board)

    assert office.board.posted == 1


async def test_a_snoozed_channel_hears_nothing_and_misses_nothing() -> None:
    office = await an_office()
    office.board.snoozed = True

    await office.schedule().post_due(office.board)

    assert office.board.chat.transcript == []
    assert office.board.remembered == []
    assert office.inbox.unfinished == []


async def test_a_channel_that_may_see_nothing_of_it_any_more_is_told() -> None:
    office = await an_office()
    office.board.failures.append(NotAllowed(say("I cannot show octo/stats here.")))

    await office.schedule().post_due(office.board)

    assert office.board.chat.said == ["I cannot show octo/stats here."]
    assert office.inbox.unfinished == []


async def test_a_subscription_that_ended_meanwhile_posts_nothing() -> None:
    office = await an_office()
    name, body = next(iter(due(await office.kept.all(), office.clock.now())))
    await office.inbox.take(name, source="digest", body=body)
    office.inbox.end_process()
    office.kept.kept.clear()

    await office.schedule().post_due(office.board)

    assert office.board.asked == []
    assert office.inbox.unfinished == []


async def test_the_work_of_an_older_version_is_let_go() -> None:
    office = await an_office()
    await office.inbox.take("digest:old", source="digest", body='{"channel": "slack:T1/C1", "repositories": ["o/r"]}')
    office.inbox.end_process()
    office.kept.kept.clear()

    await office.schedule().post_due(office.board)

    assert office.inbox.unfinished == []


def test_on_a_free_day_nothing_is_due() -> None:
    monday = utc("2026-03-09T12:00")

    assert list(due([a_subscription()], monday, free=lambda day: day == monday.date())) == []
    assert len(list(due([a_subscription()], monday, free=lambda day: day != monday.date()))) == 1


def weekly(at: time = time(11, 55), **fields: Any) -> Subscription:
    """Make a subscription to statistics on Wednesdays, which it is."""
    return a_subscription(kind=Kind.STATS, days=(Day.WEDNESDAY,), at=at, **fields)


async def test_statistics_come_once_beside_the_digest_of_the_same_moment() -> None:
    office = await an_office(a_subscription(at=time(11, 55)), weekly(), weekly(pattern="octo/web"))
    one, other = office.schedule(), office.schedule()

    for schedule in (one, other, one, office.schedule()):
        await schedule.post_due(office.board)

    assert office.board.posted == 1
    assert [str(one.pattern) for one in office.board.statistics.asked] == ["octo/stats", "octo/web"]
    assert len(office.board.pictures) == 2
    assert [[one.kind for one in asked] for asked in office.board.asked] == [[Kind.DIGEST]]


async def test_statistics_come_once_a_week() -> None:
    office = await an_office(weekly(timezone="Europe/Berlin", at=time(2, 30)))
    start = utc("2026-10-10T12:00")
    office.kept.kept = {key: replace(one, since=start) for key, one in office.kept.kept.items()}

    for hour in range(28 * 24):
        office.clock.moment = start + timedelta(hours=hour)
        await office.schedule().post_due(office.board)

    assert len(office.board.pictures) == 4


async def test_statistics_of_an_ended_process_are_left_to_the_next() -> None:
    office = await an_office(weekly())
    name, body = next(iter(due(await office.kept.all(), office.clock.now())))
    await office.inbox.take(name, source="digest", body=body)
    office.inbox.end_process()

    await office.schedule().post_due(office.board)

    assert len(office.board.pictures) == 1


async def test_late_statistics_say_so() -> None:
    office = await an_office(weekly(at=time(9, 30)), weekly(pattern="octo/web"))

    await office.schedule().post_due(office.board)

    late, in_time = office.board.pictures
    assert str(late.words[0]) == "These are the statistics of 2026-03-04 09:30, late: I was not running then."
    assert in_time == a_picture()


@pytest.mark.parametrize(
    "failure",
    [
        NotAllowed(say("I cannot show octo/stats here.")),
        ConfigInvalid(say("Statistics need a token.")),
        ChartFailed(say("The chart could not be drawn.")),
    ],
)
async def test_why_no_statistics_come_is_said_once(failure: BotError) -> None:
    office = await an_office(weekly())
    office.board.statistics.failures.append(failure)

    await office.schedule().post_due(office.board)
    await office.schedule().post_due(office.board)

    assert office.board.chat.said == [str(failure.sentence)]
    assert office.inbox.unfinished == []


async def test_statistics_wait_for_a_code_host_that_is_away() -> None:
    office = await an_office(weekly())
    office.board.statistics.failures.append(CodeHostUnavailable(say("GitHub cannot be reached.")))
    schedule = office.schedule()

    await schedule.post_due(office.board)
    await schedule.post_due(office.board)

    assert len(office.board.pictures) == 1


async def test_snoozed_statistics_are_skipped() -> None:
    office = await an_office(weekly())
    office.board.statistics.snoozed = True

    await office.schedule().post_due(office.board)

    assert office.board.chat.transcript == []
    assert office.inbox.unfinished == []


def test_on_a_free_day_no_statistics_are_due() -> None:
    wednesday = utc("2026-03-04T12:00")

    assert list(due([weekly()], wednesday, free=lambda day: day == wednesday.date())) == []


async def test_two_processes_on_one_real_database_post_a_month_of_digests(tmp_path: Path) -> None:
    """Every hour both wake, in turn one of them is another process; Berlin's clocks go back in between."""
    board, clock = Board(), FakeClock()
    start = utc("2026-10-10T12:00")
    clock.moment = start
    async with AsyncExitStack() as stack:
        databases = [Database(tmp_path / "parley.sqlite3") for _ in range(2)]
        for database in databases:
            stack.push_async_callback(database.close)
        await SqlSubscriptions(databases[0]).save(a_subscription(timezone="Europe/Berlin", at=time(2, 30), since=start))

        def a_process(number: int) -> tuple[SqlInbox, DigestSchedule]:
            inbox = SqlInbox(databases[number], clock)
            stack.push_async_callback(inbox.close)
            kept = SqlSubscriptions(databases[number])
            return inbox, DigestSchedule(
                subscriptions=kept, digests=board, statistics=board.statistics, inbox=inbox, clock=clock
            )

        processes = [a_process(0), a_process(1)]
        for hour in range(30 * 24):
            clock.moment = start + timedelta(hours=hour)
            if hour % 24 == 0:
                ended = hour // 24 % 2
                await processes[ended][0].close()
                processes[ended] = a_process(ended)
            await asyncio.gather(*(schedule.post_due(board) for _, schedule in processes))

    days = [entry.what.due for entry in board.chat.kinds("digest") if isinstance(entry.what, Digest)]
    assert len(days) == 30
    assert len(board.remembered) == 30
