"""Who is mentioned is known, wants it, and is nobody else."""

from __future__ import annotations

import pytest

from bot.domain.access import Audience
from bot.domain.errors import NotAllowed
from bot.service.digest.people import Mentions
from tests.doubles.clock import FakeClock
from tests.doubles.people import DictPeople


def audience(person: str) -> Audience:
    return Audience(channel="slack:T1/C1", person=person)


def mentions(**configured: str) -> Mentions:
    named = {name.replace("_", "/").replace("slack/", "slack:"): login for name, login in configured.items()}
    return Mentions(people=DictPeople(), clock=FakeClock(), configured=named)


async def test_who_says_who_they_are_is_mentioned_in_the_channels_of_their_workspace() -> None:
    known = mentions()
    await known.identify(audience("slack:T1/U1"), "Ada")

    assert await known.of("slack:T1/C1") == {"ada": "slack:T1/U1"}
    assert await known.of("slack:T2/C1") == {}
    assert await known.of("discord:1/2") == {}


async def test_on_discord_a_person_is_the_same_everywhere() -> None:
    known = mentions()
    await known.identify(audience("discord:77"), "ada")

    assert await known.of("discord:1/2") == {"ada": "discord:77"}


async def test_the_configuration_maps_and_a_person_may_still_be_nobody() -> None:
    known = mentions(slack_T1_U1="ada", slack_T1_U2="bob")
    said = await known.identify(audience("slack:T1/U2"), "")

    assert await known.of("slack:T1/C1") == {"ada": "slack:T1/U1"}
    assert "`i am @login` changes that" in str(said)


@pytest.mark.parametrize(
    ("person", "login"),
    [
        ("slack:T1/U9", "ADA"),  # the configuration says who that is
        ("slack:T1/U1", "eve"),  # and who this one is
        ("slack:T1/U9", "bob"),  # somebody said that before
    ],
)
async def test_nobody_takes_what_is_of_another(person: str, login: str) -> None:
    known = mentions(slack_T1_U1="ada")
    await known.identify(audience("slack:T1/U2"), "bob")

    with pytest.raises(NotAllowed, match="is not yours here"):
        await known.identify(audience(person), login)


async def test_what_one_said_can_be_said_again_and_otherwise() -> None:
    known = mentions(slack_T1_U1="ada")
    for person, login in (
        ("slack:T1/U1", "Ada"),
        ("slack:T1/U2", "bob"),
        ("slack:T1/U2", "rob"),
        ("slack:T2/U5", "rob"),
    ):
        await known.identify(audience(person), login)

    assert await known.of("slack:T1/C1") == {"ada": "slack:T1/U1", "rob": "slack:T1/U2"}
    assert await known.of("slack:T2/C1") == {"rob": "slack:T2/U5"}
