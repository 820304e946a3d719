"""REST bodies, as much of them as is needed, and what they mean.

Source: https://docs.github.com/en/rest/pulls/pulls and its neighbours.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, TypeAdapter

from bot.domain.change import CiState, Commit, PullRequest, PullRequestRef
from bot.github.facts import Facts, renamed, rolled_up


class Body(BaseModel):
    """A JSON object of GitHub; members we do not name are passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class UserBody(Body):
    """An account; GitHub puts null in its place when it is gone, and sometimes an object without members."""

    login: str = ""
    type: str = ""


class LabelBody(Body):
    """A label."""

    name: str


class RepositoryBody(Body):
    """A repository; null in place of a fork that is gone."""

    full_name: str
    private: bool


class OwnedBody(RepositoryBody):
    """An entry of `GET /users/{owner}/repos`, which also lists those of organisations."""

    archived: bool = False


class BranchBody(Body):
    """One end of a pull request."""

    ref: str
    sha: str


class BaseBody(BranchBody):
    """The end that the change goes to."""

    repo: RepositoryBody


class PullBody(Body):
    """The answer of `GET /repos/{owner}/{repo}/pulls/{number}`."""

    title: str
    body: str | None
    html_url: str
    state: str
    merged: bool = False
    draft: bool = False
    user: UserBody | None
    labels: tuple[LabelBody, ...] = ()
    head: BranchBody
    base: BaseBody
    changed_files: int


class TeamBody(Body):
    """A team that was asked to review."""

    slug: str


class OpenPullBody(Body):
    """An entry of `GET /repos/{owner}/{repo}/pulls`."""

    number: int
    title: str
    html_url: str
    draft: bool = False
    user: UserBody | None
    base: BranchBody
    labels: tuple[LabelBody, ...] = ()
    created_at: datetime
    updated_at: datetime
    requested_reviewers: tuple[UserBody, ...] = ()
    requested_teams: tuple[TeamBody, ...] = ()


class CommentBody(Body):
    """An entry of `GET /repos/{owner}/{repo}/issues/comments`, which has those of issues, too."""

    id: int
    issue_url: str
    html_url: str
    user: UserBody | None
    body: str | None = None
    author_association: str = ""
    updated_at: datetime


class SignatureBody(Body):
    """Who a commit says wrote it."""

    name: str = ""


class WrittenBody(Body):
    """What git itself knows of a commit."""

    message: str
    author: SignatureBody | None = None


class ParentBody(Body):
    """A commit that another one builds on."""

    sha: str


class CommitBody(Body):
    """One of the answer of `GET /repos/{owner}/{repo}/pulls/{number}/commits`."""

    sha: str
    commit: WrittenBody
    author: UserBody | None = None
    parents: tuple[ParentBody, ...] = ()


class CheckRunBody(Body):
    """One check; the conclusion is null while it runs."""

    conclusion: str | None


class CheckRunsBody(Body):
    """The answer of `GET /repos/{owner}/{repo}/commits/{ref}/check-runs`."""

    total_count: int
    check_runs: tuple[CheckRunBody, ...]


class FileBody(Body):
    """One of the answer of `GET /repos/{owner}/{repo}/pulls/{number}/files`."""

    filename: str
    status: str
    sha: str | None = None
    changes: int = 0
    previous_filename: str | None = None
    patch: str | None = None


class IssueBody(Body):
    """The answer of `GET /repos/{owner}/{repo}/issues/{number}`, which also knows pull requests."""

    pull_request: dict[str, object] | None = None


class InstallationBody(Body):
    """The answer of `GET /repos/{owner}/{repo}/installation`."""

    id: int


class AccessTokenBody(Body):
    """The answer of `POST /app/installations/{id}/access_tokens`."""

    token: str
    expires_at: datetime


class SelfBody(Body):
    """The answer of `GET /user`, `/app` or `/rate_limit`: the name of a person, of an app, or none."""

    login: str = ""
    name: str | None = None


def _files_member(body: object) -> object:
    return body.get("files", ()) if isinstance(body, dict) else body


PULL = TypeAdapter(PullBody)
COMMITS = TypeAdapter(tuple[CommitBody, ...])
CHECK_RUNS = TypeAdapter(CheckRunsBody)
FILES = TypeAdapter(tuple[FileBody, ...])
FILES_OF_COMMIT = TypeAdapter(Annotated[tuple[FileBody, ...], BeforeValidator(_files_member)])
"""The part of `GET /repos/{owner}/{repo}/commits/{ref}` that lists its files."""

ISSUE = TypeAdapter(IssueBody)
REPOSITORY = TypeAdapter(RepositoryBody)
OPEN_PULLS = TypeAdapter(list[OpenPullBody])
COMMENTS = TypeAdapter(list[CommentBody])
OWNED = TypeAdapter(list[OwnedBody])
INSTALLATION = TypeAdapter(InstallationBody)
ACCESS_TOKEN = TypeAdapter(AccessTokenBody)
SELF = TypeAdapter(SelfBody)


def repository_path(ref: PullRequestRef) -> str:
    """Return where the repository is; both names are made of letters that need no encoding."""
    return f"/repos/{ref.owner}/{ref.repository}"


def pull_path(ref: PullRequestRef) -> str:
    """Return where the pull request is."""
    return f"{repository_path(ref)}/pulls/{ref.number}"


def facts(ref: PullRequestRef, pull: PullBody, commits: Sequence[CommitBody], ci: CiState) -> Facts:
    """Put the answers together."""
    known = PullRequest(
        title=pull.title,
        ref=renamed(ref, pull.base.repo.full_name),
        body=pull.body or "",
        author=pull.user.login if pull.user else "",
        head_sha=pull.head.sha,
        base_sha=pull.base.sha,
        head_branch=pull.head.ref,
        base_branch=pull.base.ref,
        url=pull.html_url,
        state="merged" if pull.merged else pull.state,
        draft=pull.draft,
        private=pull.base.repo.private,
        labels=tuple(label.name for label in pull.labels),
        ci=ci,
        commits=tuple(_commit(commit) for commit in commits),
    )
    merges = frozenset(commit.sha for commit in commits if len(commit.parents) > 1)
    return Facts(pull_request=known, files=pull.changed_files, merges=merges)


def ci_of(checks: CheckRunsBody) -> CiState:
    """Return the state of the check runs; unknown where there are none, because nobody asked for commit statuses."""
    seen = rolled_up(run.conclusion for run in checks.check_runs)
    complete = len(checks.check_runs) >= checks.total_count
    return seen if checks.check_runs and (complete or seen is CiState.FAILING) else CiState.UNKNOWN


def _commit(body: CommitBody) -> Commit:
    login = body.author.login if body.author else ""
    name = body.commit.author.name if body.commit.author else ""
    return Commit(sha=body.sha, message=body.commit.message, author=login or name)
