"""The one rule of who may see what."""

from __future__ import annotations

import pytest

from bot.domain.access import Audience, covers, may_see
from bot.domain.change import RepositoryRef

STATS = RepositoryRef(owner="octo", name="stats")
CHANNEL = Audience(channel="slack:T1/C2", person="slack:T1/U3")
DIRECT = Audience(channel="slack:T1/D2", person="slack:T1/U3", direct=True)
TERMINAL = Audience(channel="console", person="console", local=True)


@pytest.mark.parametrize(
    ("audience", "private", "allowed", "seen"),
    [
        (CHANNEL, False, [], True),
        (CHANNEL, True, [], False),
        (CHANNEL, None, [], False),
        (CHANNEL, True, ["octo/stats"], True),
        (CHANNEL, None, ["octo/stats"], True),
        (CHANNEL, True, ["octo/*"], True),
        (CHANNEL, True, ["octo/web", "OCTO/Stats"], True),
        (CHANNEL, True, ["octo/web"], False),
        (CHANNEL, True, ["octo/sta*"], False),
        (CHANNEL, True, ["acme/*"], False),
        (DIRECT, False, [], True),
        (DIRECT, True, [], False),
        (DIRECT, True, ["octo/stats"], True),
        (TERMINAL, False, [], True),
        (TERMINAL, True, [], True),
        (TERMINAL, None, [], True),
    ],
)
def test_what_is_public_local_or_allowed_is_seen_and_nothing_else(
    audience: Audience, private: bool | None, allowed: list[str], seen: bool
) -> None:
    assert may_see(audience, STATS, private=private, allowed=allowed) is seen


@pytest.mark.parametrize(
    ("pattern", "covered"),
    [
        ("octo/stats", True),
        ("Octo/STATS", True),
        ("octo/*", True),
        ("octo", False),
        ("octo/", False),
        ("*", False),
        ("*/*", False),
        ("*/stats", False),
        ("", False),
        ("octo/stats/x", False),
        ("octo/statsx", False),
    ],
)
def test_a_pattern_names_one_repository_or_all_of_one_owner(pattern: str, covered: bool) -> None:
    assert covers(pattern, STATS) is covered
