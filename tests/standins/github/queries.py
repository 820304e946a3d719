"""What the stand-in tells by GraphQL; the types are those of GitHub's public schema."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.standins.github.graphql import Refused, Resolved, connection
from tests.standins.github.pulls import Check, GitCommit, History, StandInIssue, StandInPull

_HARMLESS = {"success", "neutral", "skipped"}


def issue(known: StandInIssue) -> Resolved:
    """Resolve an issue."""
    return {"__typename": "Issue", "number": known.number, "title": known.title, "body": known.body}


def pull_request(known: StandInPull, history: History, url: str, files: int) -> Resolved:
    """Resolve a pull request; *files* is how many it changes."""
    commits = history.commits(known.base, known.head)
    return {
        **listed_pull(known, url),
        "body": known.body or "",
        "changedFiles": files,
        "baseRefOid": history.sha(known.base),
        "headRefName": known.head,
        "headRefOid": history.sha(known.head),
        "closingIssuesReferences": connection([issue(closed) for closed in known.closes]),
        "commits": connection([{"commit": _commit(commit, known.checks)} for commit in commits]),
        "baseRef": {"target": {"__typename": "Commit", "file": _file(history, known.base)}},
    }


def listed_pull(known: StandInPull, url: str) -> Resolved:
    """Resolve what a list tells of a pull request."""
    reviewers = [{"requestedReviewer": {"__typename": "User", "login": login}} for login in known.requested]
    teams = [{"requestedReviewer": {"__typename": "Team", "slug": slug}} for slug in known.teams]
    opinions = [{"state": state, "author": {"login": login}} for login, state in known.opinions]
    rollup = {"state": _rollup(known.checks)} if known.checks else None
    return {
        "__typename": "PullRequest",
        "number": known.number,
        "title": known.title,
        "url": url,
        "state": "MERGED" if known.merged else known.state.upper(),
        "isDraft": known.draft,
        "author": {"__typename": "Bot" if known.bot else "User", "login": known.author} if known.author else None,
        "createdAt": known.created,
        "updatedAt": known.updated,
        "additions": 2,
        "deletions": 1,
        "mergeable": "CONFLICTING" if known.conflicts else "MERGEABLE",
        "reviewDecision": known.decision,
        "reviewRequests": connection([*reviewers, *teams]),
        "latestOpinionatedReviews": lambda writersOnly, **page: connection(opinions)(**page),  # noqa: N803 - GraphQL's
        "baseRefName": known.base,
        "headRefOid": "1f" * 20,
        "labels": connection([{"name": name} for name in known.labels]),
        "commits": connection([{"commit": {"statusCheckRollup": rollup}}]),
        "files": connection([{"path": path} for path in known.paths]),
        "closedAt": known.closed,
        "mergedAt": known.closed if known.merged else None,
        "reviews": connection([_review(*one) for one in known.reviews]),
        "timelineItems": lambda itemTypes, **page: connection([_turn(*one) for one in known.turns])(**page),  # noqa: N803 - GraphQL's
    }


def _review(login: str, at: str) -> Resolved:
    kind = "Bot" if login.endswith("[bot]") else "User"
    return {"submittedAt": at, "author": {"__typename": kind, "login": login.removesuffix("[bot]")}}


def _turn(at: str, draft: bool) -> Resolved:
    return {"__typename": "ConvertToDraftEvent" if draft else "ReadyForReviewEvent", "createdAt": at}


def repository(
    full_name: str, private: bool, find: Callable[[int], Resolved | None], pulls: list[Resolved]
) -> Resolved:
    """Resolve a repository; *find* knows its issues and pull requests."""

    def listed(states: str | list[str], orderBy: dict[str, str] | None = None, **page: Any) -> Any:  # noqa: N803 - GraphQL's
        wanted = [one for one in pulls if one["state"] in ([states] if isinstance(states, str) else states)]
        if orderBy is not None:
            by = {"CREATED_AT": "createdAt", "UPDATED_AT": "updatedAt"}[orderBy["field"]]
            wanted.sort(key=lambda one: str(one[by]), reverse=orderBy["direction"] == "DESC")
        return connection(wanted)(**page)

    return {
        "nameWithOwner": full_name,
        "isPrivate": private,
        "issueOrPullRequest": lambda number: find(number),
        "pullRequest": lambda number: find(number),
        "pullRequests": listed,
    }


def owner(repositories: list[Resolved]) -> Resolved:
    """Resolve a person or an organisation by what they own."""
    return {
        "repositories": lambda ownerAffiliations, isArchived, orderBy, **page: connection(repositories)(**page),  # noqa: N803 - GraphQL's
    }


def not_found(what: str, path: list[str]) -> Refused:
    """Return GitHub's error for a name it does not know."""
    return Refused({"type": "NOT_FOUND", "path": path, "message": f"Could not resolve to {what}."})


def _commit(commit: GitCommit, checks: list[Check]) -> Resolved:
    parents = [{"oid": sha} for sha in commit.parents]
    return {
        "oid": commit.sha,
        "message": commit.message,
        "parents": connection(parents),
        "author": {"name": commit.author, "user": None},
        "statusCheckRollup": {"state": _rollup(checks)} if checks else None,
    }


def _rollup(checks: list[Check]) -> str:
    conclusions = {check.conclusion for check in checks}
    if conclusions - _HARMLESS - {None}:
        return "FAILURE"
    return "PENDING" if None in conclusions else "SUCCESS"


def _file(history: History, branch: str) -> Callable[[str], Any]:
    def file(path: str) -> Resolved | None:
        text = history.attributes(branch) if path == ".gitattributes" else None
        return None if text is None else {"object": {"__typename": "Blob", "text": text}}

    return file
