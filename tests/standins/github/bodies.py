"""JSON as GitHub's REST interface writes it; `tests/github/test_standin.py` compares it with GitHub's description."""

from __future__ import annotations

from typing import Any

from tests.standins.github.pulls import Check, GitCommit, GitFile, StandInComment, StandInIssue, StandInPull

Json = dict[str, Any]

WHEN = "2026-01-02T03:04:05Z"

_USER_LINKS = (
    "followers following gists starred subscriptions organizations repos events received_events html avatar"
).split()
_REPOSITORY_LINKS = (
    "archive assignees blobs branches collaborators comments commits compare contents contributors deployments "
    "downloads events forks git_commits git_refs git_tags git issue_comment issue_events issues keys labels languages "
    "merges milestones notifications pulls releases ssh stargazers statuses subscribers subscription tags teams trees "
    "clone hooks svn"
).split()
_STATUS = {"A": "added", "D": "removed", "M": "modified", "R": "renamed", "C": "copied", "T": "changed"}


class Bodies:
    """Writes the bodies of one repository."""

    def __init__(self, *, api_url: str, web_url: str, owner: str, name: str, private: bool) -> None:
        self.api_url = api_url
        self.full_name = f"{owner}/{name}"
        self.web = f"{web_url}/{self.full_name}"
        self.api = f"{api_url}/repos/{self.full_name}"
        self._owner = owner
        self._name = name
        self._private = private

    def user(self, login: str, kind: str = "User") -> Json:
        links = {f"{link}_url": f"{self.api_url}/users/{login}/{link}" for link in _USER_LINKS}
        head = {"login": login, "id": 1, "node_id": "U_1", "gravatar_id": "", "url": f"{self.api_url}/users/{login}"}
        return {**head, **links, "type": kind, "site_admin": False}

    def viewer(self, login: str) -> Json:
        counts = (
            "public_repos public_gists followers following private_gists total_private_repos owned_private_repos "
            "disk_usage collaborators"
        ).split()
        texts = dict.fromkeys(("name", "company", "blog", "location", "email", "hireable", "bio"))
        times = {"created_at": WHEN, "updated_at": WHEN, "two_factor_authentication": True}
        return {**self.user(login), **texts, **dict.fromkeys(counts, 0), **times}

    def repository(self, *, archived: bool = False) -> Json:
        counts = "forks forks_count stargazers_count watchers_count size open_issues_count open_issues watchers".split()
        return {
            "id": 2,
            "node_id": "R_2",
            "name": self._name,
            "full_name": self.full_name,
            "owner": self.user(self._owner),
            "private": self._private,
            "html_url": self.web,
            "url": self.api,
            "fork": False,
            "default_branch": "main",
            "has_pages": False,
            "disabled": False,
            "archived": archived,
            **{f"{link}_url": f"{self.api}/{link}" for link in _REPOSITORY_LINKS},
            **dict.fromkeys(("license", "description", "mirror_url", "homepage", "language")),
            **dict.fromkeys(counts, 0),
            **dict.fromkeys(("pushed_at", "created_at", "updated_at"), WHEN),
        }

    def listed(self, pull: StandInPull) -> Json:
        return {
            "number": pull.number,
            "title": pull.title,
            "html_url": f"{self.web}/pull/{pull.number}",
            "state": pull.state,
            "draft": pull.draft,
            "user": self.user(pull.author, "Bot" if pull.bot else "User") if pull.author else None,
            "created_at": pull.created,
            "updated_at": pull.updated,
            "requested_reviewers": [self.user(login) for login in pull.requested],
            "requested_teams": [{"slug": slug} for slug in pull.teams],
            "labels": [self._label(name) for name in pull.labels],
            "base": self._end(pull.base, "0" * 40),
        }

    def comment(self, comment: StandInComment) -> Json:
        kind = "pull" if comment.on_pull else "issues"
        url = f"{self.api}/issues/comments/{comment.id}"
        return {
            "id": comment.id,
            "node_id": f"IC_{comment.id}",
            "url": url,
            "html_url": f"{self.web}/{kind}/{comment.number}#issuecomment-{comment.id}",
            "issue_url": f"{self.api}/issues/{comment.number}",
            "user": self.user(comment.author, "Bot" if comment.bot else "User"),
            "body": comment.body,
            "author_association": comment.association,
            "created_at": comment.at,
            "updated_at": comment.at,
        }

    def pull(self, pull: StandInPull, *, base_sha: str, head_sha: str, commits: int, files: list[GitFile]) -> Json:
        url = f"{self.api}/pulls/{pull.number}"
        page = f"{self.web}/pull/{pull.number}"
        issue = f"{self.api}/issues/{pull.number}"
        links = {
            "commits": f"{url}/commits",
            "review_comments": f"{url}/comments",
            "review_comment": f"{self.api}/pulls/comments{{/number}}",
            "comments": f"{issue}/comments",
            "statuses": f"{self.api}/statuses/{head_sha}",
            "issue": issue,
            "html": page,
        }
        closed_at = None if pull.state == "open" else WHEN
        return {
            "url": url,
            "id": 3,
            "node_id": "PR_3",
            "html_url": page,
            "diff_url": f"{page}.diff",
            "patch_url": f"{page}.patch",
            "issue_url": issue,
            **{f"{name}_url": link for name, link in links.items() if name not in {"issue", "html"}},
            "number": pull.number,
            "state": pull.state,
            "locked": False,
            "title": pull.title,
            "user": self.user(pull.author) if pull.author else None,
            "body": pull.body,
            "labels": [self._label(name) for name in pull.labels],
            "milestone": None,
            "created_at": WHEN,
            "updated_at": WHEN,
            "closed_at": closed_at,
            "merged_at": WHEN if pull.merged else None,
            "head": self._end(pull.head, head_sha),
            "base": self._end(pull.base, base_sha),
            "_links": {"self": {"href": url}, **{name: {"href": link} for name, link in links.items()}},
            "author_association": "OWNER",
            "auto_merge": None,
            "draft": pull.draft,
            "merged": pull.merged,
            "mergeable": None,
            "mergeable_state": "unknown",
            "merged_by": None,
            "comments": 0,
            "review_comments": 0,
            "maintainer_can_modify": False,
            "commits": commits,
            "additions": sum(file.additions for file in files),
            "deletions": sum(file.deletions for file in files),
            "changed_files": len(files),
        }

    def issue(self, issue: StandInIssue | StandInPull) -> Json:
        url = f"{self.api}/issues/{issue.number}"
        is_pull = isinstance(issue, StandInPull)
        page = f"{self.web}/{'pull' if is_pull else 'issues'}/{issue.number}"
        body: Json = {
            "id": 4,
            "node_id": "I_4",
            "url": url,
            "repository_url": self.api,
            **{f"{link}_url": f"{url}/{link}" for link in ("labels", "comments", "events")},
            "html_url": page,
            "number": issue.number,
            "state": "open",
            "title": issue.title,
            "body": issue.body,
            "user": self.user("ada"),
            "labels": [],
            "milestone": None,
            "locked": False,
            "comments": 0,
            "closed_at": None,
            "created_at": WHEN,
            "updated_at": WHEN,
        }
        links = {"url": url, "html_url": page, "diff_url": f"{page}.diff", "patch_url": f"{page}.patch"}
        return {**body, "pull_request": links} if is_pull else body

    def commit(self, commit: GitCommit, files: list[GitFile] | None = None) -> Json:
        url = f"{self.api}/commits/{commit.sha}"
        person = {"name": commit.author, "email": commit.email, "date": commit.date}
        body: Json = {
            "url": url,
            "sha": commit.sha,
            "node_id": "C_5",
            "html_url": f"{self.web}/commit/{commit.sha}",
            "comments_url": f"{url}/comments",
            "commit": {
                "url": f"{self.api}/git/commits/{commit.sha}",
                "author": person,
                "committer": person,
                "message": commit.message,
                "comment_count": 0,
                "tree": {"sha": commit.tree, "url": f"{self.api}/git/trees/{commit.tree}"},
            },
            "author": None,
            "committer": None,
            "parents": [{"sha": sha, "url": f"{self.api}/commits/{sha}"} for sha in commit.parents],
        }
        if files is not None:
            body["files"] = [self.file(file, commit.sha, most_lines=3000) for file in files]
        return body

    def file(self, file: GitFile, sha: str, *, most_lines: int) -> Json:
        changes = file.additions + file.deletions
        body: Json = {
            "sha": file.sha,
            "filename": file.path,
            "status": _STATUS[file.status],
            "additions": file.additions,
            "deletions": file.deletions,
            "changes": changes,
            "blob_url": f"{self.web}/blob/{sha}/name",
            "raw_url": f"{self.web}/raw/{sha}/name",
            "contents_url": f"{self.api}/contents/name?ref={sha}",
        }
        if file.old_path != file.path:
            body["previous_filename"] = file.old_path
        if file.patch is not None and changes <= most_lines:
            body["patch"] = file.patch
        return body

    def check_runs(self, checks: list[Check], sha: str) -> Json:
        return {"total_count": len(checks), "check_runs": [self._check(check, sha) for check in checks]}

    def installation(self, number: int, app: int) -> Json:
        url = f"{self.api_url}/app/installations/{number}"
        return {
            "id": number,
            "account": self.user(self._owner),
            "repository_selection": "all",
            "access_tokens_url": f"{url}/access_tokens",
            "repositories_url": f"{self.api_url}/installation/repositories",
            "html_url": f"{self.web}/settings/installations/{number}",
            "app_id": app,
            "target_id": 1,
            "target_type": "User",
            "permissions": {"contents": "read", "pull_requests": "read"},
            "events": [],
            "created_at": WHEN,
            "updated_at": WHEN,
            "single_file_name": None,
            "app_slug": "parley",
            "suspended_by": None,
            "suspended_at": None,
        }

    def app(self, number: int) -> Json:
        return {
            "id": number,
            "slug": "parley",
            "node_id": "A_6",
            "owner": self.user(self._owner),
            "name": "Parley",
            "description": "",
            "external_url": self.web,
            "html_url": self.web,
            "created_at": WHEN,
            "updated_at": WHEN,
            "permissions": {"contents": "read"},
            "events": [],
        }

    def _end(self, branch: str, sha: str) -> Json:
        return {
            "label": f"{self._owner}:{branch}",
            "ref": branch,
            "sha": sha,
            "user": self.user(self._owner),
            "repo": self.repository(),
        }

    def _label(self, name: str) -> Json:
        return {
            "id": 7,
            "node_id": "L_7",
            "url": f"{self.api}/labels/{name}",
            "name": name,
            "description": None,
            "color": "d73a4a",
            "default": True,
            "archived_by": None,
        }

    def _check(self, check: Check, sha: str) -> Json:
        url = f"{self.api}/check-runs/8"
        return {
            "id": 8,
            "head_sha": sha,
            "node_id": "CR_8",
            "external_id": "",
            "url": url,
            "html_url": None,
            "details_url": None,
            "status": "completed" if check.conclusion else "in_progress",
            "conclusion": check.conclusion,
            "started_at": WHEN,
            "completed_at": WHEN if check.conclusion else None,
            "output": {
                "title": None,
                "summary": None,
                "text": None,
                "annotations_count": 0,
                "annotations_url": f"{url}/annotations",
            },
            "name": check.name,
            "check_suite": {"id": 9},
            "app": None,
            "pull_requests": [],
        }
