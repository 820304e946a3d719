"""Who may see what, asked on every way in; the rule itself is `bot.domain.access.may_see`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import structlog

from bot.domain.access import Audience, covers, may_see
from bot.domain.change import Glance, PullRequestRef, RepositoryPattern, RepositoryRef, Target
from bot.domain.conversation import ReviewNote, ReviewRecord
from bot.domain.errors import (
    AccessRefused,
    BotError,
    NotAllowed,
    PullRequestNotFound,
    RepositoryNotFound,
    TransientError,
)
from bot.domain.sentence import Sentence, say
from bot.ports.clock import Clock
from bot.ports.code_host import CodeHost
from bot.ports.grants import Grants

log = structlog.get_logger()

EVERYWHERE = "*"

_EVERYTHING = say("This terminal sees every repository that the token sees; there is nothing to allow.")


class Access:
    """Decides what a channel may see.

    What is refused sounds the same whether it exists or not, unless the channel was given the repository.

    Args:
        allowed: Patterns of repositories by channel, from the configuration; `EVERYWHERE` is for every channel.
        admins: People who may allow more, as in `Audience.person`.
    """

    def __init__(
        self,
        *,
        code_host: CodeHost,
        grants: Grants,
        clock: Clock,
        allowed: Mapping[str, Collection[str]] | None = None,
        admins: Collection[str] = (),
    ) -> None:
        self._code_host = code_host
        self._grants = grants
        self._clock = clock
        self._allowed = allowed or {}
        self._admins = admins

    async def admit(self, audience: Audience, target: Target) -> Glance | None:
        """Let *audience* see *target*, and tell what the code host says of it; a local audience is not asked about.

        Raises:
            NotAllowed: The sentence is the same whether the pull request is missing or only not for this channel.
            PullRequestNotFound: It is missing, and the channel was given the repository.
            TransientError: The code host does not answer, which it does not make depend on what is there.
        """
        if audience.local:
            return None
        if not isinstance(target, PullRequestRef):
            raise NotAllowed(say("Files and ranges are reviewed on the machine itself only, not from a chat."))
        repository = target.repository_ref
        try:
            glance = await self._code_host.look(target)
        except (PullRequestNotFound, AccessRefused) as error:  # what a token may not see is refused in either way
            if await self._decide(audience, repository, private=None, error=error):
                raise
            raise NotAllowed(_refusal(str(target), repository)) from None
        # A repository that was renamed answers under its old name: what counts is where the answer comes from.
        if not await self._decide(audience, glance.ref.repository_ref, private=glance.private):
            raise NotAllowed(_refusal(str(target), repository))
        return glance

    async def admit_repository(self, audience: Audience, repository: RepositoryRef) -> None:
        """Let *audience* see *repository*.

        Raises:
            NotAllowed: As `admit`.
            TransientError: The code host does not answer.
        """
        if audience.local or may_see(audience, repository, private=None, allowed=await self._patterns(audience)):
            self._decided(audience, repository, allowed=True)
            return
        error: AccessRefused | None = None
        try:
            private: bool | None = await self._code_host.is_private(repository)
        except RepositoryNotFound:
            private = None
        except AccessRefused as refused:
            private, error = None, refused
        if not await self._decide(audience, repository, private=private, error=error):
            raise NotAllowed(_refusal(str(repository), repository))

    async def admit_pattern(self, audience: Audience, pattern: RepositoryPattern) -> None:
        """Let *audience* see a repository, or of all of an owner at least one.

        Raises:
            NotAllowed: As `admit`.
            TransientError: The code host does not answer.
        """
        if pattern.repository is not None:
            await self.admit_repository(audience, pattern.repository)
        elif not await self.sees(audience, await self._code_host.repositories_of(pattern.owner)):
            raise NotAllowed(_refusal(str(pattern), pattern))

    async def sees(
        self, audience: Audience, repositories: Mapping[RepositoryRef, bool | None]
    ) -> frozenset[RepositoryRef]:
        """Return which of *repositories*, each with whether it is private, *audience* may see."""
        if audience.local:
            return frozenset(repositories)
        patterns = await self._patterns(audience)
        seen = frozenset(
            repository
            for repository, private in repositories.items()
            if may_see(audience, repository, private=private, allowed=patterns)
        )
        for repository in repositories:
            self._decided(audience, repository, allowed=repository in seen)
        return seen

    async def explain(self, audience: Audience, pattern: RepositoryPattern, reason: Sentence | None) -> Sentence:
        """Say why nothing is shown of *pattern*.

        Args:
            reason: What the code host says; only who was given the repository may hear it.
        """
        given = audience.local or any(
            covers(allowed, pattern.repository) for allowed in await self._patterns(audience) if pattern.repository
        )
        return reason if given and reason is not None else _refusal(str(pattern), pattern)

    async def still_sees(self, audience: Audience, records: Sequence[ReviewRecord]) -> list[ReviewRecord]:
        """Leave out the reviews of repositories that *audience* may not see any more.

        A code host that does not answer is taken to say what it said at the time of the review.
        """
        hidden = await self.hidden(audience, [record.note for record in records])
        return [record for record in records if record.id not in hidden]

    async def hidden(self, audience: Audience, notes: Sequence[ReviewNote]) -> frozenset[str]:
        """Return the ids of the reviews that `still_sees` leaves out; each repository is asked about once."""
        if audience.local:
            return frozenset()
        seen: dict[RepositoryRef | None, bool] = {None: False}
        for note in notes:
            repository = _repository(note)
            if repository is not None and repository not in seen:
                seen[repository] = await self._still(audience, repository, note.private)
        return frozenset(note.id for note in notes if not seen[_repository(note)])

    def is_admin(self, audience: Audience) -> bool:
        """Tell whether the person may allow repositories."""
        return audience.local or audience.person in self._admins

    async def allow(self, audience: Audience, pattern: str) -> Sentence:
        """Give the channel of *audience* the repositories of *pattern*, and say so.

        Raises:
            NotAllowed: The person is no admin.
        """
        if audience.local:
            return _EVERYTHING
        self._check_admin(audience)
        await self._grants.allow(audience.channel, pattern, by=audience.person, at=self._clock.now())
        log.info("access.granted", channel=audience.channel, person=audience.person, pattern=pattern)
        return say("This channel may see {pattern} from now on.", pattern=pattern)

    async def disallow(self, audience: Audience, pattern: str) -> Sentence:
        """Take back what `allow` gave, and say so.

        Raises:
            NotAllowed: The person is no admin.
        """
        if audience.local:
            return _EVERYTHING
        self._check_admin(audience)
        if not await self._grants.disallow(audience.channel, pattern):
            return say("{pattern} was not allowed here by `allow`; [access] of the configuration may.", pattern=pattern)
        log.info("access.withdrawn", channel=audience.channel, person=audience.person, pattern=pattern)
        return say("{pattern} is no longer allowed here; what is public stays visible.", pattern=pattern)

    def _check_admin(self, audience: Audience) -> None:
        if not self.is_admin(audience):
            raise NotAllowed(
                say(
                    "Only admins may do that. An operator makes you one by adding `{person}` to admins of [access] in "
                    "the configuration.",
                    person=audience.person,
                )
            )

    async def _still(self, audience: Audience, repository: RepositoryRef, private: bool | None) -> bool:
        try:
            await self.admit_repository(audience, repository)
        except NotAllowed:
            return False
        except TransientError:
            return await self._decide(audience, repository, private=private)
        return True

    async def _decide(
        self, audience: Audience, repository: RepositoryRef, *, private: bool | None, error: BotError | None = None
    ) -> bool:
        """Ask the rule, and write down what it says; a refusal of the code host is for the operator to mend."""
        allowed = may_see(audience, repository, private=private, allowed=await self._patterns(audience))
        self._decided(audience, repository, allowed=allowed)
        if isinstance(error, AccessRefused):
            log.warning("access.not_told", repository=str(repository), why=str(error.sentence))
        return allowed

    def _decided(self, audience: Audience, repository: RepositoryRef, *, allowed: bool) -> None:
        log.info(
            "access.decided",
            channel=audience.channel,
            person=audience.person,
            repository=str(repository),
            allowed=allowed,
        )

    async def _patterns(self, audience: Audience) -> list[str]:
        configured = (*self._allowed.get(EVERYWHERE, ()), *self._allowed.get(audience.channel, ()))
        return [*configured, *await self._grants.allowed(audience.channel)]


def _repository(note: ReviewNote) -> RepositoryRef | None:
    """Return the repository of a pull request; files and ranges have no page, and belong to none."""
    owner, slash, name = note.target.rpartition("#")[0].partition("/")
    return RepositoryRef(owner=owner, name=name) if slash and note.url else None


def _refusal(name: str, repository: RepositoryRef | RepositoryPattern) -> Sentence:
    return say(
        "I cannot show {name} here: it does not exist, or this channel may not see it. If it should, an admin says "
        "`allow {repository}` here.",
        name=name,
        repository=str(repository),
    )
