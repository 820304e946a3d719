"""Pull requests of GitHub as a source of changes."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from bot.diffing.attributes import generated_paths
from bot.domain.change import Change, PullRequestRef, Target
from bot.domain.diff import Diff
from bot.domain.errors import NothingToReview, NotUnderstood
from bot.domain.sentence import Sentence, say
from bot.github.access import access
from bot.github.describe import describe
from bot.github.errors import Asked
from bot.github.facts import Facts
from bot.github.lines import UNLISTED, commit_diff, pull_request_diff
from bot.github.patience import Patience, Sleep
from bot.github.rest import SELF
from bot.github.talk import Talk
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
        self._access = access(token, app_id, private_key_path)
        self._threads = Threads(api_url)
        self._max_rate_limit_wait = max_rate_limit_wait
        self._max_diff_bytes = max_diff_bytes
        self._sleep = sleep

    async def fetch(self, target: Target, *, by_commit: bool = False) -> Change:
        """Fetch a pull request."""
        if not isinstance(target, PullRequestRef):
            raise NotUnderstood(say("{target} is not on GitHub.", target=str(target)))
        talk = self._talk(_missing(target, anonymous=self._access.anonymous))
        talk = replace(talk, auth=await self._access.to(target, talk))
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
        talk = replace(self._talk(say("GitHub does not tell who we are.")), auth=self._access.own())
        headers, known = await talk.get_with_headers(self._access.own_page, SELF)
        left = headers.get("x-ratelimit-remaining", "?")
        if self._access.anonymous:
            return say("GitHub answers without a token: public repositories only, {left} calls left.", left=left)
        who = known.login or known.name or "?"
        return say("GitHub knows us as {who}, {left} calls left.", who=who, left=left)

    async def close(self) -> None:
        """Close the connections; a request under way is left behind. May be called twice."""
        await self._threads.close()

    def _talk(self, missing: Sentence) -> Talk:
        asked = Asked(missing=missing, anonymous=self._access.anonymous)
        patience = Patience(self._max_rate_limit_wait, sleep=self._sleep)
        return Talk(threads=self._threads, patience=patience, asked=asked)

    async def _per_commit(self, talk: Talk, ref: PullRequestRef, facts: Facts) -> tuple[Diff, ...]:
        """Fetch the commits one after another, which GitHub asks for; a merge brings no lines of its own."""
        diffs: list[Diff] = []
        for commit in facts.pull_request.commits:
            merge = commit.sha in facts.merges
            diffs.append(
                Diff(files=()) if merge else await commit_diff(talk, ref, commit.sha, most=self._max_diff_bytes)
            )
        return tuple(diffs)


def _missing(ref: PullRequestRef, *, anonymous: bool) -> Sentence:
    if anonymous:
        return say("{name} was not found, or it is private: then set token of [github].", name=str(ref))
    return say("{name} was not found, or the token of [github] may not see it.", name=str(ref))
