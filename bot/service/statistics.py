"""Statistics of repositories that a channel may see: asked for now, or wanted weekly."""

from __future__ import annotations

from datetime import datetime

from bot.domain.access import Audience
from bot.domain.change import RepositoryPattern, RepositoryRef
from bot.domain.command import StatsCommand
from bot.domain.errors import AccessRefused, NotAllowed, RepositoryNotFound
from bot.domain.history import History
from bot.domain.picture import Picture
from bot.domain.stats import USUAL_WEEKS, compute, window
from bot.domain.subscription import Subscription
from bot.ports.charts import Charts
from bot.ports.chat import Chat
from bot.ports.clock import Clock
from bot.ports.code_host import CodeHost
from bot.ports.snoozes import Snoozes
from bot.service.access import Access
from bot.service.subscriptions.suggestions import Suggestions


class Statistics:
    """Makes statistics.

    Args:
        timezone: Whose weeks count for what is asked for now.
    """

    def __init__(
        self,
        *,
        code_host: CodeHost,
        access: Access,
        snoozes: Snoozes,
        suggestions: Suggestions,
        charts: Charts,
        clock: Clock,
        timezone: str,
    ) -> None:
        self._code_host = code_host
        self._access = access
        self._snoozes = snoozes
        self._suggestions = suggestions
        self._charts = charts
        self._clock = clock
        self._timezone = timezone

    async def handle(self, command: StatsCommand, chat: Chat) -> None:
        """Show the statistics that *command* asks for.

        Raises:
            BotError: As `make`; where it is refused, the sentence names what may have been meant.
        """
        try:
            picture = await self.make(command, chat.audience, timezone=self._timezone)
        except NotAllowed as error:
            pattern = _pattern(command.repository)
            raise await self._suggestions.refused(error, pattern, chat.audience) from None
        await chat.show_picture(picture)

    async def make_regular(self, subscription: Subscription, audience: Audience) -> Picture | None:
        """Make the statistics of a subscription; None where the channel or the repository is snoozed.

        Raises:
            BotError: As `make`.
        """
        repository = subscription.pattern.repository
        snoozes = await self._snoozes.of(audience.channel, self._clock.now())
        if repository is None or any(snooze.covers(repository) for snooze in snoozes):
            return None
        command = StatsCommand(repository=repository, weeks=USUAL_WEEKS, bots=subscription.filters.bots)
        return await self.make(command, audience, timezone=subscription.timezone)

    async def make(self, command: StatsCommand, audience: Audience, *, timezone: str) -> Picture:
        """Fetch what happened, and have it drawn.

        Raises:
            NotAllowed: *audience* may not see the repository; one that is missing sounds the same.
            ConfigInvalid: There is no token for the code host.
            ChartFailed: Nothing can be drawn.
            TransientError: The code host does not answer.
        """
        now = self._clock.now()
        history = await self._history(command.repository, audience, since=window(now, command.weeks, timezone))
        return await self._charts.draw(compute(history, now, weeks=command.weeks, timezone=timezone, bots=command.bots))

    async def _history(self, repository: RepositoryRef, audience: Audience, *, since: datetime) -> History:
        """Fetch a history, unless *audience* may not see it.

        It is asked first, so that what is hidden is refused as soon as what is missing.
        """
        await self._access.admit_repository(audience, repository)
        try:
            history = await self._code_host.history(repository, since)
        except (RepositoryNotFound, AccessRefused) as error:
            raise NotAllowed(await self._access.explain(audience, _pattern(repository), error.sentence)) from None
        # A repository that was renamed answers under its old name: what counts is where the answer comes from.
        if not await self._access.sees(audience, {history.repository: history.private}):
            raise NotAllowed(await self._access.explain(audience, _pattern(repository), None))
        return history


def _pattern(repository: RepositoryRef) -> RepositoryPattern:
    return RepositoryPattern(owner=repository.owner, name=repository.name)
