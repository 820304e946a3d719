"""A digest has what somebody wants to see, and counts what it leaves out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.domain.change import RepositoryPattern
from bot.domain.command import DigestCommand
from bot.domain.digest import Digest, DigestEntry, Left, OpenBoard, OpenRepository
from bot.domain.filter_words import parse_filters
from bot.domain.subscription import Snooze
from bot.service.digest import selection
from bot.service.digest.selection import Wish, wished
from tests.builders import NOON, a_pattern, a_ref, a_subscription, an_entry

LATER = NOON + timedelta(days=1)


def opened(name: str, *entries: DigestEntry, pattern: str = "") -> OpenRepository:
    known = a_pattern(name).repository
    assert known is not None
    return OpenRepository(
        ref=known, pattern=a_pattern(pattern or name), private=False, entries=entries, total=len(entries)
    )


def board(*repositories: OpenRepository) -> OpenBoard:
    return OpenBoard(repositories=repositories)


def select(wishes: list[Wish], board: OpenBoard, **more: Any) -> Digest:
    return selection.select(wishes, board, NOON, **more)


def wish(pattern: str = "octo/stats", filters: str = "") -> Wish:
    return Wish(pattern=a_pattern(pattern), filters=parse_filters(filters.split()))


def test_bots_filters_and_snoozes_leave_out_and_are_counted() -> None:
    entries = (
        an_entry(1),
        an_entry(2, bot=True),
        an_entry(3, draft=True),
        an_entry(4, labels=("later",)),
        an_entry(5),
    )
    snooze = Snooze(channel="here", what=a_ref("octo/stats#5"), until=LATER, by="ada")

    digest = select([wish(filters="drafts:no -label:later")], board(opened("octo/stats", *entries)), snoozes=[snooze])

    assert [entry.ref.number for entry in digest.entries] == [1]
    assert digest.left == Left(bots=1, filtered=2, snoozed=1)


def test_what_any_wish_wants_is_shown() -> None:
    entries = (
        an_entry(1, labels=("a",)),
        an_entry(2, labels=("b",)),
        an_entry(3),
        an_entry(4, labels=("a",), bot=True),
    )

    digest = select([wish(filters="label:a"), wish(filters="label:b bots:yes")], board(opened("octo/stats", *entries)))

    assert [entry.ref.number for entry in digest.entries] == [1, 2]
    assert digest.left == Left(bots=1, filtered=1)
    assert [str(pattern) for pattern in digest.patterns] == ["octo/stats"]


def test_the_filters_of_one_repository_are_not_those_of_another() -> None:
    web = replace(an_entry(2), ref=a_ref("octo/web#2"))

    digest = select(
        [wish(filters="label:a"), wish("octo/web")], board(opened("octo/stats", an_entry(1)), opened("octo/web", web))
    )

    assert [str(entry.ref) for entry in digest.entries] == ["octo/web#2"]


def test_a_repository_is_meant_by_its_owner_and_by_its_old_name() -> None:
    digest = select(
        [wish("octo/*"), wish("octo/old", "label:a")],
        board(
            opened("octo/stats", an_entry(1), pattern="octo/*"), opened("other/new", an_entry(2), pattern="octo/old")
        ),
    )

    assert [entry.ref.number for entry in digest.entries] == [1]


def test_stale_is_what_everybody_who_wants_it_calls_stale() -> None:
    quiet = an_entry(1, updated=NOON - timedelta(days=8))
    repositories = board(opened("octo/stats", quiet))

    assert select([wish(filters="stale:7d")], repositories).entries[0].stale
    assert not select([wish()], repositories).entries[0].stale
    assert not select([wish(filters="stale:7d"), wish()], repositories).entries[0].stale


def test_the_oldest_comes_first() -> None:
    old, new = an_entry(9, created=NOON - timedelta(days=9)), an_entry(1)

    assert [one.ref.number for one in select([wish()], board(opened("octo/stats", new, old))).entries] == [9, 1]


def test_a_command_wishes_for_what_it_names_or_for_what_is_subscribed() -> None:
    subscribed = [a_subscription("octo/web", filters=parse_filters(["label:bug", "bots:yes"]))]
    filters = parse_filters(["label:*"])

    named = wished(DigestCommand(patterns=(a_pattern(),), filters=filters), subscribed)
    unnamed = wished(DigestCommand(filters=filters), subscribed)

    assert [(str(one.pattern), str(one.filters)) for one in (*named, *unnamed)] == [
        ("octo/stats", ""),
        ("octo/web", "bots:yes"),
    ]


def test_a_snooze_covers_what_it_names() -> None:
    def covers(what: RepositoryPattern | None) -> bool:
        return Snooze(channel="here", what=what, until=LATER, by="ada").covers(a_ref("octo/stats#12"))

    assert [covers(what) for what in (None, a_pattern("OCTO/stats"), a_pattern("octo/*"), a_pattern("octo/web"))] == [
        True,
        True,
        True,
        False,
    ]
