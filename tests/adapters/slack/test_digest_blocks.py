"""A digest as a message of Slack."""

from __future__ import annotations

import pytest

from adapters.slack.digest_blocks import of_digest
from adapters.slack.rich import letters
from bot.domain.change import CiState, RepositoryRef
from bot.domain.digest import Decision
from bot.domain.sentence import say
from tests.builders import a_digest, an_entry
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
        "Approved and ready to merge (1)",
        "Checks failing (1)",
        "Needs review (1)",
        "Drafts (1)",
    ]
    assert [line.split()[1] for line in lines if line.startswith("•")] == [
        "octo/stats#13",
        "octo/stats#14",
        "octo/stats#12",
        "octo/stats#15",
    ]
    assert "https://github.com/octo/stats/pull/12" in str(rendered.blocks)
    assert rendered.text == lines[0]


def test_nothing_open_is_said() -> None:
    digest = a_digest()
    rendered = of_digest(type(digest)(at=digest.at, repositories=digest.repositories, entries=()), str)

    assert limits.refusal(rendered.blocks) == ("", [])
    assert "0 open pull requests" in writing.shown(rendered.blocks)


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
        (RepositoryRef(owner="octo", name=f"r{number}"), say("octo/r{number} cannot be read.", number=number))
        for number in range(8)
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
    repositories = tuple(RepositoryRef(owner="o" * 39, name=f"{'n' * 90}{number}") for number in range(100))
    rendered = of_digest(a_digest(repositories=repositories), str)

    assert limits.refusal(rendered.blocks) == ("", [])
