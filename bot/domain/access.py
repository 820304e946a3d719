"""Who may see which repository: the one rule that every way in asks.

The token of the bot reaches further than a channel may. A public repository is for everybody; any other is only for
channels that an admin or the configuration named, and for the person at this machine.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.change import RepositoryPattern, RepositoryRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Who hears what is said at a place.

    Attributes:
        channel: As in `ThreadRef`.
        person: A name for who speaks that nobody else can take, such as `slack:T1/U2`.
        local: Only the person at this machine is there.
        direct: Only one person and the bot are there.
    """

    channel: str
    person: str
    local: bool = False
    direct: bool = False


def may_see(audience: Audience, repository: RepositoryRef, *, private: bool | None, allowed: Iterable[str]) -> bool:
    """Decide whether *audience* may see *repository*.

    Args:
        private: None where nobody knows, which counts as private.
        allowed: Patterns that this channel was given: `owner/name`, or `owner/*`.
    """
    if audience.local or private is False:
        return True
    return any(covers(pattern, repository) for pattern in allowed)


def covers(pattern: str, repository: RepositoryRef) -> bool:
    """Tell whether *pattern*, `owner/name` or `owner/*`, names *repository*."""
    owner, _, name = pattern.partition("/")
    return RepositoryPattern(owner=owner, name=name).covers(repository)
