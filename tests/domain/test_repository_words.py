"""Subscribing, allowing and digests, as people say it."""

from __future__ import annotations

from datetime import time

import pytest

from bot.domain.change import RepositoryRef
from bot.domain.command import (
    AllowCommand,
    AskCommand,
    Command,
    DigestCommand,
    DisallowCommand,
    DismissCommand,
    ListCommand,
    Misunderstood,
    SubscribeCommand,
    UndoCommand,
    UnsubscribeCommand,
)
from bot.domain.grammar import Heard, parse
from bot.domain.subscription import DAILY, WEEKDAYS, Day

WEB = "https://github.com"
STATS = RepositoryRef(owner="octo", name="stats")


def said(text: str, heard: Heard = Heard.SLASH) -> Command | None:
    return parse(text, web_url=WEB, heard=heard)


def complaint(text: str) -> str:
    command = said(text)
    assert isinstance(command, Misunderstood), command
    return str(command.sentence)


@pytest.mark.parametrize("heard", [Heard.SLASH, Heard.ADDRESSED])
@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("subscribe octo/stats", SubscribeCommand(repository=STATS)),
        ("subscribe https://github.com/octo/stats daily", SubscribeCommand(repository=STATS, days=DAILY)),
        (
            "Subscribe octo/stats weekdays at 9:30 tz europe/berlin",
            SubscribeCommand(repository=STATS, days=WEEKDAYS, at=time(9, 30), timezone="Europe/Berlin"),
        ),
        (
            "subscribe octo/stats at 18:00 mon,Wednesday",
            SubscribeCommand(repository=STATS, days=(Day.MONDAY, Day.WEDNESDAY), at=time(18)),
        ),
        ("unsubscribe octo/stats", UnsubscribeCommand(repository=STATS)),
        ("list", ListCommand()),
        ("digest", DigestCommand()),
        ("digest octo/stats octo/stats", DigestCommand(repositories=(STATS,))),
        ("allow octo/stats", AllowCommand(repository="octo/stats")),
        ("allow octo/*", AllowCommand(repository="octo/*")),
        ("disallow https://github.com/octo/stats", DisallowCommand(repository="octo/stats")),
        ("dismiss 2", DismissCommand(finding="2")),
        ("dismiss #2", DismissCommand(finding="2")),
        ("undo", UndoCommand()),
    ],
)
def test_what_is_said_about_repositories_and_findings_is_understood(text: str, command: Command, heard: Heard) -> None:
    assert said(text, heard) == command


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("subscribe", "weekdays at 09:30"),
        ("subscribe stats", "owner/name"),
        ("subscribe octo/stats funday", "mon,wed"),
        ("subscribe octo/stats at 25:00", "09:30"),
        ("subscribe octo/stats at", "missing after `at`"),
        ("subscribe octo/stats tz Europe/Berln", "Europe/Berlin"),
        ("subscribe octo/stats label:bug", "label:bug"),
        ("unsubscribe", "unsubscribe owner/name"),
        ("allow", "allow owner/name"),
        ("allow *", "owner/name"),
        ("allow */*", "owner"),
        ("digest stats", "owner/name"),
        ("dismiss", "dismiss 2"),
        ("dismiss everything", "dismiss 2"),
    ],
)
def test_what_is_not_understood_is_said_with_what_would_be(text: str, hint: str) -> None:
    assert hint in complaint(text)


@pytest.mark.parametrize(
    "question",
    [
        "list the callers",
        "digest this for me",
        "undo what?",
        "allow lists: are they checked?",
        "dismiss the second one?",
        "subscribe to what topic?",
    ],
)
def test_after_a_mention_a_sentence_that_begins_like_a_command_is_a_question(question: str) -> None:
    assert said(question, Heard.ADDRESSED) == AskCommand(question=question)
