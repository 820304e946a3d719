"""The card of a watched pull request as a message of Slack."""

from __future__ import annotations

import pytest

from adapters.slack.card_blocks import of_card
from bot.domain.change import CiState
from bot.domain.digest import Decision, Fate
from bot.domain.review import Verdict
from bot.domain.watch import Card
from tests.builders import HEAD, an_entry
from tests.standins.slack import limits, writing


def lines(card: Card) -> list[str]:
    rendered = of_card(card, str)
    assert limits.refusal(rendered.blocks) == ("", [])
    return writing.shown(rendered.blocks).splitlines()


def test_an_open_one_says_what_checks_and_reviewers_say() -> None:
    entry = an_entry(ci=CiState.FAILING, conflicts=True, decision=Decision.APPROVED, teams=("core",), head_sha=HEAD)

    assert lines(Card(entry=entry)) == [
        "Split the mean into steps octo/stats#12",
        "Open · by mona · +3 −1 · checks failing · conflicts · approved · asked: hubot, core",
        "The review comes in the thread.",
    ]


@pytest.mark.parametrize(
    ("fate", "draft", "word"),
    [
        (None, True, "Draft"),
        (Fate.MERGED, False, "Merged"),
        (Fate.CLOSED, True, "Closed"),
        (Fate.UNKNOWN, False, "No longer open"),
    ],
)
def test_what_became_of_it_is_said_first(fate: Fate | None, draft: bool, word: str) -> None:
    assert lines(Card(entry=an_entry(draft=draft), fate=fate))[1].startswith(f"{word} · by mona · +3 −1")


def test_the_review_is_told_and_whether_there_were_commits_since() -> None:
    reviewed = Card(entry=an_entry(head_sha=HEAD), verdict=Verdict.ATTENTION, findings=2, reviewed=HEAD)
    moved = Card(entry=an_entry(head_sha="2e" * 20), verdict=Verdict.CLEAN, reviewed=HEAD)

    assert lines(reviewed)[-1] == "Review: Needs attention, 2 findings, at 1f1f1f1."
    assert lines(moved)[-1] == "Review: No findings, 0 findings, at 1f1f1f1; there are commits since."


def test_what_strangers_write_stays_text() -> None:
    evil = "<!channel> <@U1> [x](https://evil.example) \u202e" + "x" * 5000
    rendered = of_card(Card(entry=an_entry(title=evil, author="<!here>", requested=(evil,))), str)

    assert limits.refusal(rendered.blocks) == ("", [])
    assert writing.pings("", rendered.blocks) == []
    assert "\u202e" not in str(rendered.blocks)
