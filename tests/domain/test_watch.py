"""What is to be done about a pull request in a channel that watches, and which comments ask for a review."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.domain.filter_words import parse_filters
from bot.domain.watch import Standing, Step, Watch, Watched, asks_for_review, next_step
from tests.builders import HEAD, NOON, a_pattern, a_ref, an_entry

NEW, OLD = NOON + timedelta(hours=1), NOON - timedelta(hours=1)
LATER = NOON + timedelta(days=1)


def step(
    standing: Standing | None = None,
    *,
    filters: str = "",
    quiet: bool = False,
    created: Any = NEW,
    head: str = HEAD,
    **fields: Any,
) -> Step:
    watch = Watch(channel="here", pattern=a_pattern(), by="ada", since=NOON, filters=parse_filters(filters.split()))
    watched = Watched(channel="here", ref=a_ref(), standing=standing, head=HEAD) if standing else None
    entry = an_entry(created=created, head_sha=head, **fields)
    return next_step(watch, watched, entry, LATER, quiet=quiet)


def test_what_is_new_is_posted_and_what_was_there_is_known() -> None:
    assert step() is Step.POST
    assert step(created=NOON) is Step.POST
    assert step(created=OLD) is Step.KNOW


@pytest.mark.parametrize(
    ("filters", "fields"),
    [("", {"draft": True}), ("", {"bot": True}), ("label:urgent", {}), ("age:3d", {}), ("-author:mona", {})],
)
@pytest.mark.parametrize("created", [NEW, OLD])
def test_what_is_not_wanted_yet_waits_and_is_posted_when_it_is(
    filters: str, fields: dict[str, Any], created: Any
) -> None:
    assert step(filters=filters, created=created, **fields) is Step.WAIT
    assert step(Standing.WAITING, filters=filters, created=created, **fields) is Step.NOTHING
    assert step(Standing.WAITING, created=created) is Step.POST


def test_drafts_and_bots_are_posted_where_they_are_wanted() -> None:
    assert step(filters="drafts:yes", draft=True) is Step.POST
    assert step(filters="bots:yes", bot=True) is Step.POST


def test_new_commits_are_reviewed_once() -> None:
    assert step(Standing.POSTED, head="2e" * 20) is Step.REVIEW
    assert step(Standing.POSTED) is Step.NOTHING
    assert step(Standing.POSTED, head="") is Step.NOTHING
    assert step(Standing.POSTED, head="2e" * 20, draft=True) is Step.REVIEW


@pytest.mark.parametrize("standing", [Standing.KNOWN, Standing.OVER])
def test_what_is_known_or_over_stays_so(standing: Standing) -> None:
    assert step(standing, head="2e" * 20) is Step.NOTHING


def test_what_is_snoozed_is_known_and_not_shown_later() -> None:
    assert step(quiet=True) is Step.KNOW
    assert step(Standing.WAITING, quiet=True) is Step.KNOW
    assert step(Standing.POSTED, head="2e" * 20, quiet=True) is Step.NOTHING


@pytest.mark.parametrize(
    "text",
    [
        "parley review",
        "Parley  Review, please",
        "Could you have a look?\n\nparley review",
        "> what he said\nparley review",
        "`make test` passes, parley review",
        "```\ncode\n```\nparley review",
    ],
)
def test_a_comment_that_says_it_asks_for_a_review(text: str) -> None:
    assert asks_for_review(text, "parley review")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "please review",
        "> parley review",
        "say `parley review` to have it reviewed",
        "```\nparley review\n```",
        "~~~\nparley review",
        "parley\nreview",
    ],
)
def test_a_comment_that_quotes_or_explains_it_does_not(text: str) -> None:
    assert not asks_for_review(text, "parley review")
