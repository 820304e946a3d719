"""Whom a digest mentions: people who are known on the code host, and want to be mentioned."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.access import Audience
from bot.domain.errors import NotAllowed
from bot.domain.sentence import Sentence, say
from bot.ports.clock import Clock
from bot.ports.people import People


class Mentions:
    """Knows who is who: what the configuration says goes before what people say, which is good for mentions only.

    Args:
        configured: Logins by person, as `Audience.person`.
    """

    def __init__(self, *, people: People, clock: Clock, configured: Mapping[str, str] | None = None) -> None:
        self._people = people
        self._clock = clock
        self._configured = configured or {}

    async def of(self, channel: str) -> Mapping[str, str]:
        """Return the people to mention in *channel* by their logins, in lower case."""
        claims = await self._people.claims()
        silent = {person for person, login in claims.items() if not login}
        known = {**claims, **self._configured}
        return {
            login.casefold(): person
            for person, login in known.items()
            if login and person not in silent and channel.startswith(_home(person))
        }

    async def identify(self, audience: Audience, login: str) -> Sentence:
        """Take a person for *login*, or for nobody where that is empty, and say so.

        Raises:
            NotAllowed: Somebody else is that already.
        """
        person = audience.person
        configured = self._configured.get(person, "")
        if not login:
            await self._people.save(person, "", self._clock.now())
            return say("I do not mention you any more. `i am @login` changes that.")
        others = {**await self._people.claims(), **self._configured}
        taken = any(
            other.casefold() == login.casefold() and who != person and _home(who) == _home(person)
            for who, other in others.items()
        )
        if taken or (configured and configured.casefold() != login.casefold()):
            raise NotAllowed(
                say(
                    "@{login} is not yours here: somebody else said so before, or [people] of the configuration says "
                    "otherwise.",
                    login=login,
                )
            )
        await self._people.save(person, login, self._clock.now())
        return say(
            "Digests mention you from now on where @{login} must act. It gives you no rights; `i am nobody` ends it.",
            login=login,
        )


def _home(person: str) -> str:
    """Return what the names of the channels begin with in which *person* can be mentioned."""
    room, slash, _ = person.rpartition("/")
    return f"{room}/" if slash else f"{person.partition(':')[0]}:"
