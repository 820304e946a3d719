"""Pull requests of GitHub as a source of changes."""

from __future__ import annotations

import asyncio

from bot.diffing.attributes import generated_paths
from bot.domain.change import Change, PullRequestRef, Target
from bot.domain.diff import UNLISTED, Diff
from bot.domain.errors import NothingToReview, NotUnderstood
from bot.domain.sentence import Sentence, say
from bot.github.access import access
from bot.github.describe import describe
from bot.github.facts import Facts
from bot.github.lines import commit_diff, pull_request_diff
from bot.github.patience import Sleep
from bot.github.talk import Talk
from bot.github.talks import Talks
from bot.github.threads import Threads


class GitHubChanges:
    """Fetches pull requests; a usual one costs two requests with a token and four without.

    Args:
        token: A personal access token; empty for none.
        app_id: With *private_key_path*, a GitHub App in place of a token; 0 for none.
        api_url: The REST address; that of GraphQL follows from it.
        max_rate_limit_wait: Seconds to spend on rate limits in one fetch.
        max_diff_bytes: A larger diff is refused.
        sleep: Waits on the event loop.

    Attributes:
        talks: The ways to GitHub, for others to share.

    Raises:
        ConfigInvalid: Token and app exclude each other; an app has two parts.
    """

    def __init__(
        self,
        *,
        token: str = "",
        app_id: int = 0,
        private_key_path: str = "",
        api_url: str = "https://api.github.com",
        max_rate_limit_wait: float = 60,
        max_diff_bytes: int = 5 * 2**20,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self.talks = Talks(
            access(token, app_id, private_key_path),
            Threads(api_url),
            max_rate_limit_wait=max_rate_limit_wait,
            sleep=sleep,
        )
        self._max_diff_bytes = max_diff_bytes

    async def fetch(self, target: Target, *, by_commit: bool = False) -> Change:
        """Fetch a pull request."""
        if not isinstance(target, PullRequestRef):
            raise NotUnderstood(say("{target} is not on GitHub.", target=str(target)))
        talk = await self.talks.about(target.repository_ref, str(target))
        facts = await describe(talk, target)
        ref = facts.pull_request.ref or target
        diff = await pull_request_diff(talk, ref, files=facts.files, most=self._max_diff_bytes)
        if not diff.files:
            raise NothingToReview(say("{name} changes no file: there is nothing to review.", name=str(ref)))
        return Change(
            pull_request=facts.pull_request,
            diff=diff,
            generated=generated_paths(facts.attributes, (file.path for file in diff.files)) - {UNLISTED},
            per_commit=await self._per_commit(talk, ref, facts) if by_commit else (),
        )

    async def check(self) -> Sentence:
        """Tell who we are to GitHub and how many calls are left, with one request.

        Raises:
            BotError: GitHub refuses or does not answer.
        """
        return await self.talks.check()

    async def close(self) -> None:
        """Close the connections; a request under way is left behind. May be called twice."""
        await self.talks.close()

    async def _per_commit(self, talk: Talk, ref: PullRequestRef, facts: Facts) -> tuple[Diff, ...]:
        """Fetch the commits one after another, which GitHub asks for; a merge brings no lines of its own."""
        diffs: list[Diff] = []
        for commit in facts.pull_request.commits:
            merge = commit.sha in facts.merges
            diffs.append(
                Diff(files=()) if merge else await commit_diff(talk, ref, commit.sha, most=self._max_diff_bytes)
            )
        return tuple(diffs)
