"""From a request to GitHub's answer, without the socket."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import jwt

from tests.standins.github import faults, graphql, queries
from tests.standins.github.bodies import Bodies
from tests.standins.github.pulls import GitFile, History, ListedRepository, StandInComment, StandInIssue, StandInPull

T = TypeVar("T")

INSTALLATION = 77
INSTALLATION_TOKEN = "ghs_installation"


@dataclass(frozen=True, kw_only=True)
class Request:
    """A request as it arrived.

    Attributes:
        path: Below the REST address, or `/graphql`.
        kind: What it asks for: pull, diff, commits, files, check-runs, graphql and so on.
    """

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any

    @property
    def kind(self) -> str:
        if "diff" in self.headers.get("accept", ""):
            return "diff"
        last = self.path.rsplit("/", 1)[-1]
        kinds = {"pulls": "pull", "issues": "issue", "commits": "commit"}
        return kinds.get(self.path.split("/")[-2], last) if last.isalnum() else last


@dataclass(kw_only=True)
class Response:
    """An answer, before it is written to the socket.

    Attributes:
        free: It does not count against the rate limit.
    """

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    free: bool = False


@dataclass(kw_only=True)
class Served:
    """Everything there is to serve.

    Attributes:
        tokens: Tokens that are known; an empty `Authorization` is always.
        app: The number of an app, and the public key it proves itself with.
        unknown_fields: Members that this server's GraphQL lacks; None: it has no GraphQL.
        listed: Other repositories, by their names in lower case.
        moved_from: A former name of the repository, answered with a redirect.
        most_patch_lines: A file with more changed lines is listed without its patch.
    """

    history: History
    bodies: Bodies
    pulls: dict[int, StandInPull] = field(default_factory=dict)
    issues: dict[int, StandInIssue] = field(default_factory=dict)
    private: bool = False
    tokens: set[str] = field(default_factory=lambda: {"good"})
    app: tuple[int, str] | None = None
    unknown_fields: set[str] | None = field(default_factory=set)
    moved_from: str = ""
    most_patch_lines: int = 3000
    listed: dict[str, ListedRepository] = field(default_factory=dict)
    comments: list[StandInComment] = field(default_factory=list)

    def answer(self, request: Request) -> Response:
        """Answer as GitHub does."""
        token = request.headers.get("authorization", "").partition(" ")[2]
        if token and token not in self.tokens and not self._is_app(token):
            return _of(faults.bad_credentials())
        if request.path == "/graphql":
            return self._graphql(request, token)
        if self.moved_from and request.path.startswith(f"/repos/{self.moved_from}/"):
            rest = request.path.removeprefix(f"/repos/{self.moved_from}/")
            return _of(faults.moved(f"{self.bodies.api_url}/repositories/2/{rest}"))
        return self._rest(request, token)

    def _rest(self, request: Request, token: str) -> Response:
        path = re.sub(r"^/repositories/2(?=/|$)", f"/repos/{self.bodies.full_name}", request.path)
        hidden = self.private and not token
        for method, pattern, handle in self._routes():
            match = re.fullmatch(pattern, path, re.IGNORECASE)
            if match and method == request.method and not (hidden and path.startswith("/repos/")):
                return handle(request, *match.groups()) or _of(faults.not_found())
        return _of(faults.not_found())

    def _routes(self) -> list[tuple[str, str, Callable[..., Response | None]]]:
        here = f"/repos/{re.escape(self.bodies.full_name)}"
        return [
            ("GET", r"/users/([^/]+)/repos", self._owned),
            ("GET", r"/repos/([^/]+/[^/]+)", self._listed_itself),
            ("GET", r"/repos/([^/]+/[^/]+)/pulls", self._listed),
            ("GET", r"/(?:orgs|users)/([^/]+)/installation", self._installation),
            ("GET", here, self._itself),
            ("GET", rf"{here}/pulls", self._list),
            ("GET", rf"{here}/issues/comments", self._comments),
            ("GET", rf"{here}/pulls/(\d+)", self._pull),
            ("GET", rf"{here}/pulls/(\d+)/commits", self._commits),
            ("GET", rf"{here}/pulls/(\d+)/files", self._files),
            ("GET", rf"{here}/issues/(\d+)", self._issue),
            ("GET", rf"{here}/commits/([0-9a-f]+)", self._commit),
            ("GET", rf"{here}/commits/([0-9a-f]+)/check-runs", self._check_runs),
            ("GET", rf"{here}/installation", self._installation),
            ("POST", rf"/app/installations/{INSTALLATION}/access_tokens", self._access_token),
            ("GET", "/user", self._user),
            ("GET", "/app", self._app),
            ("GET", "/rate_limit", self._rate_limit),
        ]

    def _itself(self, _request: Request) -> Response:
        return Response(body=self.bodies.repository())

    def add(self, full_name: str, *pulls: StandInPull, **fields: Any) -> ListedRepository:
        """Add a repository of which only the list of pull requests can be asked."""
        known = ListedRepository(full_name=full_name, pulls={pull.number: pull for pull in pulls}, **fields)
        self.listed[full_name.lower()] = known
        return known

    def _bodies_of(self, full_name: str, *, private: bool) -> Bodies:
        owner, name = full_name.split("/")
        web = self.bodies.web.removesuffix(f"/{self.bodies.full_name}")
        return Bodies(api_url=self.bodies.api_url, web_url=web, owner=owner, name=name, private=private)

    def _owned(self, request: Request, owner: str) -> Response | None:
        """List what is public: https://docs.github.com/en/rest/repos/repos#list-repositories-for-a-user."""
        owned = [one for one in self._of_owner(owner) if not one.private]
        bodies = [self._bodies_of(one.full_name, private=False).repository(archived=one.archived) for one in owned]
        return Response(body=_page(request, bodies)) if bodies else None

    def _of_owner(self, owner: str) -> list[ListedRepository]:
        mine = ListedRepository(full_name=self.bodies.full_name, private=self.private, pulls=self.pulls)
        return [one for one in (mine, *self.listed.values()) if one.full_name.lower().startswith(f"{owner.lower()}/")]

    def _listed_itself(self, request: Request, name: str) -> Response | None:
        known = self.listed.get(name.lower())
        if known is None:
            return self._itself(request) if name.lower() == self.bodies.full_name.lower() else None
        hidden = known.private and not request.headers.get("authorization")
        return None if hidden else Response(body=self._bodies_of(name, private=known.private).repository())

    def _listed(self, request: Request, name: str) -> Response | None:
        known = self.listed.get(name.lower())
        if known is None:
            return self._list(request) if name.lower() == self.bodies.full_name.lower() else None
        bodies = self._bodies_of(name, private=known.private)
        return Response(
            body=_page(request, [bodies.listed(one) for one in known.pulls.values() if one.state == "open"])
        )

    def _list(self, request: Request) -> Response:
        """List pull requests; who has the answer already is told so, which costs nothing with a token."""
        wanted = [pull for pull in self.pulls.values() if pull.state == "open" or request.query.get("state") == "all"]
        if request.query.get("sort") == "updated":
            wanted.sort(key=lambda pull: pull.updated, reverse=request.query.get("direction") == "desc")
        body = _page(request, [self.bodies.listed(pull) for pull in wanted])
        etag = f'W/"{hashlib.sha256(json.dumps(body).encode()).hexdigest()}"'
        if request.headers.get("if-none-match") == etag:
            return Response(status=304, headers={"ETag": etag}, free=bool(request.headers.get("authorization")))
        return Response(body=body, headers={"ETag": etag})

    def _comments(self, request: Request) -> Response:
        since = request.query.get("since", "")
        newest = sorted(self.comments, key=lambda comment: comment.at, reverse=request.query.get("direction") == "desc")
        found = [self.bodies.comment(comment) for comment in newest if comment.at >= since]
        return Response(body=_page(request, found))

    def _pull(self, request: Request, number: str) -> Response | None:
        pull = self.pulls.get(int(number))
        if pull is None:
            return None
        span = f"{pull.base}...{pull.head}"
        files = self.history.files(span)
        if request.kind == "diff":
            return self._diff(files, lambda: self.history.diff(span))
        body = self.bodies.pull(
            pull,
            base_sha=self.history.sha(pull.base),
            head_sha=self.history.sha(pull.head),
            commits=len(self.history.commits(pull.base, pull.head)),
            files=files,
        )
        return Response(body=body)

    def _diff(self, files: list[GitFile], read: Callable[[], bytes]) -> Response:
        """Refuse what is larger than GitHub shows: https://docs.github.com/en/repositories/creating-and-managing-repositories/repository-limits."""
        if len(files) > 300 or sum(file.additions + file.deletions for file in files) > 20_000:
            return _of(faults.too_large())
        return Response(body=read(), headers={"Content-Type": "application/vnd.github.diff; charset=utf-8"})

    def _commits(self, request: Request, number: str) -> Response | None:
        pull = self.pulls.get(int(number))
        if pull is None:
            return None
        commits = self.history.commits(pull.base, pull.head)[:250]
        return Response(body=_page(request, [self.bodies.commit(commit) for commit in commits]))

    def _files(self, request: Request, number: str) -> Response | None:
        pull = self.pulls.get(int(number))
        if pull is None:
            return None
        sha = self.history.sha(pull.head)
        files = self.history.files(f"{pull.base}...{pull.head}")[:3000]
        bodies = [self.bodies.file(file, sha, most_lines=self.most_patch_lines) for file in _page(request, files)]
        return Response(body=bodies)

    def _issue(self, _request: Request, number: str) -> Response | None:
        known = self.issues.get(int(number)) or self.pulls.get(int(number))
        return Response(body=self.bodies.issue(known)) if known else None

    def _commit(self, request: Request, sha: str) -> Response:
        commit = self.history.commit(sha)
        files = self.history.files(f"{sha}^1..{sha}")
        if request.kind == "diff":
            return self._diff(files, lambda: self.history.commit_diff(sha))
        return Response(body=self.bodies.commit(commit, _page(request, files)))

    def _check_runs(self, _request: Request, sha: str) -> Response | None:
        for pull in self.pulls.values():
            if self.history.sha(pull.head) == sha:
                return Response(body=self.bodies.check_runs(pull.checks, sha))
        return None

    def _installation(self, request: Request, owner: str = "") -> Response | None:
        if not self._is_app(request.headers.get("authorization", "").partition(" ")[2]):
            return _of(faults.bad_credentials())
        return Response(body=self.bodies.installation(INSTALLATION, self.app[0] if self.app else 0))

    def _access_token(self, request: Request) -> Response:
        if not self._is_app(request.headers.get("authorization", "").partition(" ")[2]):
            return _of(faults.bad_credentials())
        self.tokens.add(INSTALLATION_TOKEN)
        expires = (datetime.now(UTC) + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
        return Response(status=201, body={"token": INSTALLATION_TOKEN, "expires_at": expires})

    def _user(self, request: Request) -> Response:
        if not request.headers.get("authorization"):
            return _of(faults.bad_credentials())
        return Response(body=self.bodies.viewer("ada"))

    def _app(self, _request: Request) -> Response | None:
        return Response(body=self.bodies.app(self.app[0])) if self.app else None

    def _rate_limit(self, _request: Request) -> Response:
        core = {"limit": 60, "remaining": 59, "reset": 1767323045, "used": 1}
        return Response(body={"resources": {"core": core, "search": core}, "rate": core})

    def _graphql(self, request: Request, token: str) -> Response:
        if self.unknown_fields is None:
            return _of(faults.not_found())
        if not token:
            return _of(faults.forbidden())
        root = {"repository": self._repository, "repositoryOwner": self._owner}
        return Response(body=graphql.answer(request.body, root, self.unknown_fields))

    def _repository(self, owner: str, name: str) -> graphql.Resolved:
        asked = f"{owner}/{name}".lower()
        if asked in self.listed:
            return self._listed_resolved(self.listed[asked])
        if asked not in (self.bodies.full_name.lower(), self.moved_from.lower()):
            raise queries.not_found(f"a Repository with the name '{asked}'", ["repository"])
        resolved = [
            queries.pull_request(pull, self.history, f"{self.bodies.web}/pull/{pull.number}", 1)
            for pull in self.pulls.values()
        ]
        return queries.repository(self.bodies.full_name, self.private, self._numbered, resolved)

    def _listed_resolved(self, known: ListedRepository) -> graphql.Resolved:
        web = self.bodies.web.removesuffix(self.bodies.full_name)

        def find(number: int) -> graphql.Resolved | None:
            pull = known.pulls.get(number)
            return queries.listed_pull(pull, f"{web}{known.full_name}/pull/{number}") if pull else None

        resolved = [resolved for number in known.pulls if (resolved := find(number)) is not None]
        return queries.repository(known.full_name, known.private, find, resolved)

    def _owner(self, login: str) -> graphql.Resolved | None:
        owned = [one for one in self._of_owner(login) if not one.archived]
        if not owned:
            return None
        return queries.owner([self._repository(*one.full_name.split("/")) for one in owned])

    def _numbered(self, number: int) -> graphql.Resolved:
        if number in self.issues:
            return queries.issue(self.issues[number])
        if number not in self.pulls:
            what = f"an issue or pull request with the number of {number}"
            raise queries.not_found(what, ["repository", "issueOrPullRequest"])
        pull = self.pulls[number]
        files = len(self.history.files(f"{pull.base}...{pull.head}"))
        return queries.pull_request(pull, self.history, f"{self.bodies.web}/pull/{number}", files)

    def _is_app(self, token: str) -> bool:
        if self.app is None:
            return False
        number, public_key = self.app
        try:
            claims = jwt.decode(token, public_key, algorithms=["RS256"])
        except jwt.PyJWTError:
            return False
        return str(claims["iss"]) == str(number)


def _of(fault: faults.Fault) -> Response:
    return Response(status=fault.status, body=fault.body, headers=fault.headers)


def _page(request: Request, entries: list[T]) -> list[T]:
    size = min(int(request.query.get("per_page", "30")), 100)
    start = (int(request.query.get("page", "1")) - 1) * size
    return entries[start : start + size]
