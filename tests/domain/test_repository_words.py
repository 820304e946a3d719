"""Subscribing, allowing and digests, as people say it."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from bot.domain.change import RepositoryRef
from bot.domain.command import (
    AllowCommand,
    AskCommand,
    Command,
    DigestCommand,
    DisallowCommand,
    DismissCommand,
    IdentifyCommand,
    ListCommand,
    Misunderstood,
    SnoozeCommand,
    StatsCommand,
    SubscribeCommand,
    UndoCommand,
    UnsubscribeCommand,
)
from bot.domain.filter_words import parse_filters
from bot.domain.grammar import Heard, parse
from bot.domain.subscription import DAILY, WEEKDAYS, Day, Kind
from tests.builders import a_pattern, a_ref

WEB = "https://github.com"
STATS = a_pattern("octo/stats")
REPOSITORY = RepositoryRef(owner="octo", name="stats")


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
        ("subscribe octo/stats", SubscribeCommand(patterns=(STATS,))),
        ("subscribe https://github.com/octo/stats daily", SubscribeCommand(patterns=(STATS,), days=DAILY)),
        (
            "Subscribe octo/stats weekdays at 9:30 tz europe/berlin",
            SubscribeCommand(patterns=(STATS,), days=WEEKDAYS, at=time(9, 30), timezone="Europe/Berlin"),
        ),
        (
            "subscribe octo/stats at 18:00 mon,Wednesday",
            SubscribeCommand(patterns=(STATS,), days=(Day.MONDAY, Day.WEDNESDAY), at=time(18)),
        ),
        ("subscribe octo/stats weekly stats", SubscribeCommand(patterns=(STATS,), kind=Kind.STATS)),
        (
            "subscribe octo/stats Weekly Stats Fri at 8:00 tz Asia/Tokyo bots:yes",
            SubscribeCommand(
                patterns=(STATS,),
                kind=Kind.STATS,
                days=(Day.FRIDAY,),
                at=time(8),
                timezone="Asia/Tokyo",
                filters=parse_filters(["bots:yes"]),
            ),
        ),
        (
            "subscribe octo/stats fri stats",
            SubscribeCommand(patterns=(STATS,), kind=Kind.STATS, days=(Day.FRIDAY,)),
        ),
        ("stats octo/stats", StatsCommand(repository=REPOSITORY)),
        ("stats https://github.com/octo/stats 4", StatsCommand(repository=REPOSITORY, weeks=4)),
        ("stats octo/stats 1 week", StatsCommand(repository=REPOSITORY, weeks=1)),
        ("stats octo/stats last 52 weeks bots:yes", StatsCommand(repository=REPOSITORY, weeks=52, bots=True)),
        ("stats octo/stats bots:yes 12w", StatsCommand(repository=REPOSITORY, weeks=12, bots=True)),
        ("unsubscribe octo/stats", UnsubscribeCommand(pattern=STATS)),
        ("unsubscribe 2", UnsubscribeCommand(number=2)),
        ("unsubscribe octo/*", UnsubscribeCommand(pattern=a_pattern("octo/*"))),
        (
            "subscribe octo/stats acme/* also -label:wip bots:yes",
            SubscribeCommand(
                patterns=(STATS, a_pattern("acme/*")), also=True, filters=parse_filters(["-label:wip", "bots:yes"])
            ),
        ),
        ("list", ListCommand()),
        ("digest octo/* age:2d", DigestCommand(patterns=(a_pattern("octo/*"),), filters=parse_filters(["age:2d"]))),
        ("snooze octo/stats 3d", SnoozeCommand(what=STATS, span=timedelta(days=3))),
        ("snooze octo/stats#12 for 2 weeks", SnoozeCommand(what=a_ref("octo/stats#12"), span=timedelta(days=14))),
        ("snooze https://github.com/octo/stats/pull/12 1d", SnoozeCommand(what=a_ref(), span=timedelta(days=1))),
        ("snooze 12h", SnoozeCommand(what=None, span=timedelta(hours=12))),
        ("snooze channel 1w", SnoozeCommand(what=None, span=timedelta(days=7))),
        ("snooze octo/* off", SnoozeCommand(what=a_pattern("octo/*"), span=timedelta())),
        ("i am @ada", IdentifyCommand(login="ada")),
        ("I am nobody", IdentifyCommand(login="")),
        ("digest", DigestCommand()),
        ("digest octo/stats octo/stats", DigestCommand(patterns=(STATS,))),
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
        ("subscribe octo/stats funday", "did you mean sun"),
        ("subscribe octo/stats wendesday", "did you mean wed"),
        ("subscribe octo/stats weekday", "did you mean weekdays"),
        ("subscribe octo/stats xyz", "mon,wed"),
        ("subscribe octo/stats at 25:00", "23:00"),
        ("subscribe octo/stats at 24:00", "00:00"),
        ("subscribe octo/stats at 9:75", "09:59"),
        ("subscribe octo/stats at 930", "09:30"),
        ("subscribe octo/stats at 9.30", "09:30"),
        ("subscribe octo/stats at 4pm", "16:00"),
        ("subscribe octo/stats at noon", "09:30"),
        ("subscribe octo/stats at", "missing after `at`"),
        ("subscribe octo/stats weekly", "Say `weekly stats`"),
        ("stats", "stats owner/name 8"),
        ("stats stats", "owner/name"),
        ("stats octo/*", "Statistics are of one repository, not of octo/*."),
        ("stats octo/stats 0", "as in `stats octo/stats 1`"),
        ("stats octo/stats -3", "as in `stats octo/stats 1`"),
        ("stats octo/stats 53", "as in `stats octo/stats 52`"),
        ("stats octo/stats 99999999999999999999 weeks", "as in `stats octo/stats 52`"),
        ("stats octo/stats 2.6", "as in `stats octo/stats 3`"),
        ("stats octo/stats many", "`many` is no number of weeks from 1 to 52: say it as in `stats octo/stats 8`"),
        ("stats octo/stats octo/web", "as in `stats octo/stats 8`"),
        ("stats octo/stats label:bug", "`label:bug` is for digests"),
        ("subscribe octo/stats tz Europe/Berln", "Europe/Berlin"),
        ("subscribe octo/stats lable:bug", "did you mean label:"),
        ("snooze", "snooze 2d"),
        ("snooze octo/stats soon", "12h, 3d or 2w"),
        ("snooze octo/stats octo/web 3d", "One thing at a time"),
        ("snooze nothing 3d", "owner/name"),
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
        "i am lost here",
        "i am ada",
        "snooze the alarm?",
        "dismiss the second one?",
        "subscribe to what topic?",
    ],
)
def test_after_a_mention_a_sentence_that_begins_like_a_command_is_a_question(question: str) -> None:
    assert said(question, Heard.ADDRESSED) == AskCommand(question=question)
