"""Filters: said, written down, and asked about pull requests."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.change import CiState
from bot.domain.digest import Decision, DigestEntry
from bot.domain.errors import NotUnderstood
from bot.domain.filter_words import is_filter, joined, parse_filters
from bot.domain.filters import Filters, Key, Term
from bot.domain.targets import words
from tests.builders import NOON, an_entry


def filters(text: str) -> Filters:
    return Filters().changed_by(parse_filters(words(text)))


ENTRY = an_entry(
    author="Ada",
    labels=("Bug", "good first issue"),
    requested=("bob",),
    reviewed=("Eve",),
    teams=("backend",),
    base="release/1.2",
    paths=("src/core/a.py", "docs/index.md"),
    ci=CiState.FAILING,
)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "label:bug",
        "label:urgent,bug",
        'label:"good first issue"',
        "label:good*",
        "author:ada",
        "author:@ada",
        "reviewer:bob",
        "reviewer:eve",
        "team:backend",
        "team:@acme/backend",
        "base:release/*",
        "path:src/*",
        "path:src/",
        "path:*.md",
        "state:failing",
        "state:needs_review",
        "state:needs-review,approved",
        "age:2d",
        "label:bug author:ada base:release/1.2",
        "-label:urgent",
        "-author:bob",
        "-state:approved",
        "-path:docs/",
        "-reviewer:ada",
    ],
)
def test_what_fits_is_wanted(text: str) -> None:
    assert filters(text).allow(ENTRY, NOON)


@pytest.mark.parametrize(
    "text",
    [
        "label:urgent",
        "label:bug,urgent author:bob",
        "-label:bug",
        "-label:urgent,bug",
        "-author:ADA",
        "reviewer:ada",
        "-reviewer:eve",
        "team:frontend",
        "base:main",
        "path:tests/",
        "-path:docs/,src/",
        "state:approved,draft",
        "-state:failing",
        "age:3d",
        "age:49h",
    ],
)
def test_what_does_not_fit_is_not(text: str) -> None:
    assert not filters(text).allow(ENTRY, NOON)


def test_a_program_counts_only_where_it_is_asked_for() -> None:
    bot = an_entry(author="renovate", bot=True)

    assert not filters("").wants_bot(bot)
    assert not filters("bots:no").wants_bot(bot)
    assert not filters("author:ada").wants_bot(bot)
    assert filters("bots:yes").wants_bot(bot)
    assert filters("author:renovate[bot]").wants_bot(bot)


def test_what_is_not_said_has_its_usual_value() -> None:
    usual, said = filters(""), filters("drafts:no empty:yes age:12h stale:1w")

    assert (usual.drafts(usual=True), usual.bots, usual.empty, usual.by_path) == (True, False, False, False)
    assert (usual.age, usual.stale_after) == (timedelta(), timedelta(days=14))
    assert (said.drafts(usual=True), said.empty, said.age, said.stale_after) == (
        False,
        True,
        timedelta(hours=12),
        timedelta(days=7),
    )
    assert filters("-path:docs/").by_path


@pytest.mark.parametrize(
    ("before", "said", "after"),
    [
        ("label:bug bots:yes", "label:urgent", "bots:yes label:urgent"),
        ("label:bug -label:wip", "-label:later", "label:bug -label:later"),
        ("label:bug bots:yes", "label:*", "bots:yes"),
        ("bots:yes", "bots:no", "bots:no"),
        ("age:2d", "age:*", ""),
    ],
)
def test_a_change_replaces_what_it_speaks_of_and_keeps_the_rest(before: str, said: str, after: str) -> None:
    assert str(filters(before).changed_by(parse_filters(words(said)))) == after


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("lable:bug", "did you mean label:"),
        ("xyz:bug", "There are label:, author:"),
        ("label:", "missing after `label:`"),
        ("state:aproved", "did you mean approved"),
        ("state:zzz", "There are needs_review"),
        ("age:soon", "12h, 3d or 2w"),
        ("age:2000d", "at most a year"),
        ("bots:maybe", "yes or no"),
        ("-bots:yes", "say `bots:yes`"),
        ("-age:2d", "say `age:2d`"),
        ("urgent", "label:urgent"),
    ],
)
def test_what_is_not_understood_is_said_with_what_would_be(text: str, hint: str) -> None:
    with pytest.raises(NotUnderstood) as caught:
        filters(text)
    assert hint in str(caught.value.sentence)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("label:“good first issue”", 'label:"good first issue"'),
        ("–author:renovate", "-author:renovate"),
        ('"label:good first issue"', 'label:"good first issue"'),
        ("age:2 ", "age:2d"),
        ("BOTS:Yes", "bots:yes"),
        ('label:"a,b",c', 'label:"a,b",c'),
    ],
)
def test_it_is_understood_as_phones_and_people_write_it(text: str, written: str) -> None:
    assert str(filters(text)) == written


@pytest.mark.parametrize("word", ["https://github.com/octo/stats", "localhost:8080/octo/stats", "octo/stats", "at"])
def test_an_address_is_no_filter(word: str) -> None:
    assert not is_filter(word)


def test_words_in_one_pair_of_quotes_belong_together() -> None:
    assert joined(words('octo/stats label:"good first issue" daily')) == [
        "octo/stats",
        'label:"good first issue"',
        "daily",
    ]


TEXT = st.text(
    st.characters(blacklist_categories=("Cs", "Cc", "Zs", "Zl", "Zp"), blacklist_characters='"“”„«»‐–—−*@/[]'),
    min_size=1,
)


@given(
    st.lists(
        st.builds(
            Term,
            key=st.sampled_from([Key.LABEL, Key.BASE, Key.PATH]),
            values=st.lists(TEXT, min_size=1, max_size=3).map(tuple),
            exclude=st.booleans(),
        ),
        max_size=4,
    )
)
def test_what_is_written_down_is_read_back(terms: list[Term]) -> None:
    wanted = Filters(terms=tuple(terms))

    assert parse_filters(words(str(wanted))) == wanted


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({"decision": Decision.NONE}, "needs_review"),
        ({"decision": Decision.APPROVED}, "approved"),
        ({"decision": Decision.CHANGES_REQUESTED}, "changes_requested"),
        ({"draft": True}, "draft"),
        ({"ci": CiState.PENDING}, "pending"),
        ({"updated": NOON - timedelta(days=14)}, "stale"),
    ],
)
def test_each_state_is_found(fields: dict[str, Any], state: str) -> None:
    entry: DigestEntry = an_entry(**fields)

    assert filters(f"state:{state}").allow(entry, NOON)
    assert not filters(f"-state:{state}").allow(entry, NOON)
