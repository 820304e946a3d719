"""A digest as a message of Slack."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.slack.digest_blocks import of_digest
from adapters.slack.rich import letters
from bot.domain.change import CiState
from bot.domain.digest import Decision, Fate, Left, News
from bot.domain.sentence import say
from tests.builders import NOON, a_digest, a_pattern, a_ref, an_entry
from tests.standins.slack import limits, writing


def test_entries_stand_below_who_must_act_each_with_a_link_and_its_facts() -> None:
    digest = a_digest(
        an_entry(12),
        an_entry(13, decision=Decision.APPROVED),
        an_entry(14, ci=CiState.FAILING),
        an_entry(15, draft=True),
    )
    rendered = of_digest(digest, str)

    lines = writing.shown(rendered.blocks).splitlines()
    assert lines[0] == "4 open pull requests in octo/stats"
    assert [line for line in lines[1:] if not line.startswith("•")] == [
        "Needs review (1)",
        "Approved and ready to merge (1)",
        "Checks failing (1)",
        "Drafts (1)",
    ]
    assert [re.search(r"#\d+", line)[0] for line in lines if line.startswith("•")] == ["#12", "#13", "#14", "#15"]  # type: ignore[index]  # each has one
    assert "https://github.com/octo/stats/pull/12" in str(rendered.blocks)
    assert rendered.text == lines[0]


def test_nothing_open_is_said() -> None:
    digest = a_digest()
    rendered = of_digest(replace(digest, entries=()), str)

    assert limits.refusal(rendered.blocks) == ("", [])
    assert "No pull request is open in octo/stats" in writing.shown(rendered.blocks)


@pytest.mark.parametrize("count", [40, 400])
def test_as_many_entries_as_fit_are_shown_and_the_rest_counted(count: int) -> None:
    kinds: list[dict[str, object]] = [{}, {"decision": Decision.APPROVED}, {"ci": CiState.FAILING}, {"draft": True}]
    entries = [an_entry(number, title="Titles are `long` " * 20, **kinds[number % 4]) for number in range(count)]
    rendered = of_digest(a_digest(*entries), str)

    shown = writing.shown(rendered.blocks)
    assert limits.refusal(rendered.blocks) == ("", [])
    assert letters(rendered.blocks) <= 12_000
    left = [int(line.split()[1]) for line in shown.splitlines() if line.startswith("and ")]
    assert shown.count("• ") + sum(left) == count
    assert shown.count("• ") > 10


def test_a_small_group_leaves_its_room_to_a_large_one() -> None:
    entries = [an_entry(1, draft=True), an_entry(2, decision=Decision.APPROVED), *map(an_entry, range(3, 53))]
    rendered = of_digest(a_digest(*entries), str)

    assert writing.shown(rendered.blocks).count("• ") > 40


def test_repositories_that_could_not_be_read_are_named() -> None:
    unread = tuple(
        (a_pattern(f"octo/r{number}"), say("octo/r{number} cannot be read.", number=number)) for number in range(8)
    )
    shown = writing.shown(of_digest(a_digest(unread=unread), str).blocks)

    assert "octo/r4 cannot be read." in shown
    assert "and 3 more" in shown


def test_what_strangers_write_stays_text() -> None:
    evil = "<!channel> <@U1> `<!here>` [x](https://evil.example)"
    rendered = of_digest(a_digest(an_entry(title=evil, author=evil, requested=(evil,))), str)

    assert limits.refusal(rendered.blocks) == ("", [])
    assert writing.pings("", rendered.blocks) == []
    assert "<!channel> <@U1>" in writing.shown(rendered.blocks)
    assert "evil.example" not in str([one for one in str(rendered.blocks).split("'url': ")[1:] if "evil" in one[:60]])


def test_very_many_repositories_fit() -> None:
    patterns = tuple(a_pattern(f"{'o' * 39}/{'n' * 90}{number}") for number in range(100))
    rendered = of_digest(a_digest(patterns=patterns), str)

    assert limits.refusal(rendered.blocks) == ("", [])


def test_what_is_different_late_and_left_out_is_said() -> None:
    news = News(since=NOON - timedelta(days=1), opened=frozenset({a_ref()}), gone={a_ref("octo/stats#4"): Fate.MERGED})
    digest = a_digest(news=news, due=NOON - timedelta(hours=2), left=Left(bots=3, snoozed=1))
    shown = writing.shown(of_digest(digest, str).blocks)

    assert "late: I was not running then" in shown
    assert "Since 2026-03-03: 1 new, 1 merged (#4)." in shown
    assert "#12 · new · by mona" in shown
    assert "3 by bots are not shown" in shown
    assert "1 is snoozed." in shown


def test_only_who_wants_it_and_must_act_is_mentioned() -> None:
    entries = [
        an_entry(1, requested=("Ada", "bob")),
        an_entry(2, author="ada", decision=Decision.CHANGES_REQUESTED),
        an_entry(3, author="ada", draft=True),
    ]
    rendered = of_digest(a_digest(*entries, people={"ada": "slack:T1/U7"}), str)

    assert str(rendered.blocks).count("'user_id': 'U7'") == 2
    assert str(rendered.blocks).count("user_id") == 2
    assert limits.refusal(rendered.blocks) == ("", [])
