"""What is fetched of a pull request, and how many requests it takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.change import CiState, DiffFile, Issue, PullRequestRef
from bot.domain.diff import Diff
from bot.domain.errors import ChangeTooLarge, NothingToReview, NotUnderstood
from bot.github.changes import GitHubChanges
from bot.service.review.select import select
from tests.github.conftest import REF, MakeChanges
from tests.standins.github import Check, GitRepository, StandInGitHub, changed, every_kind
from tests.standins.github.faults import Fault, diff_takes_too_long, too_large


async def test_one_file_takes_two_requests_with_a_token(github: StandInGitHub, changes: GitHubChanges) -> None:
    await changes.fetch(REF)

    assert github.kinds == ["graphql", "diff"]


async def test_one_file_takes_four_requests_without_a_token(github: StandInGitHub, nobody: GitHubChanges) -> None:
    await nobody.fetch(REF)

    assert github.kinds == ["pull", "commits", "check-runs", "diff"]
    assert not any("authorization" in request.headers for request in github.requests)


@pytest.mark.parametrize("token", ["good", ""])
async def test_what_is_known_of_the_pull_request(token: str, github: StandInGitHub, make_changes: MakeChanges) -> None:
    pull = github.open_pull_request(draft=True, labels=("bug", "math"), checks=[Check(conclusion="failure"), Check()])

    known = (await make_changes(github, token=token).fetch(REF)).pull_request

    history = github.served.history
    assert known.ref == REF
    assert (known.title, known.body, known.author) == (pull.title, pull.body, "ada")
    assert (known.base_branch, known.base_sha) == ("main", history.sha("main"))
    assert (known.head_branch, known.head_sha) == ("topic", history.sha("topic"))
    assert known.url == f"{github.web_url}/octo/hello.world/pull/12"
    assert (known.state, known.draft, known.private) == ("open", True, False)
    assert known.labels == ("bug", "math")
    assert known.ci is CiState.FAILING
    assert [(commit.sha, commit.title, commit.author) for commit in known.commits] == [
        (history.sha("topic"), "Change", "Ada")
    ]


@pytest.mark.parametrize("token", ["good", ""])
@pytest.mark.parametrize(
    ("fields", "state"),
    [({}, "open"), ({"state": "closed"}, "closed"), ({"state": "closed", "merged": True}, "merged")],
)
async def test_the_state_tells_merged_from_closed(
    token: str, fields: dict[str, object], state: str, github: StandInGitHub, make_changes: MakeChanges
) -> None:
    github.open_pull_request(**fields)

    change = await make_changes(github, token=token).fetch(REF)

    assert change.pull_request.state == state


@pytest.mark.parametrize(
    ("conclusions", "with_token", "without"),
    [
        (["success", "skipped", "neutral"], CiState.PASSING, CiState.PASSING),
        (["success", None], CiState.PENDING, CiState.PENDING),
        (["timed_out", None], CiState.FAILING, CiState.FAILING),
        ([], CiState.NONE, CiState.UNKNOWN),
    ],
)
async def test_all_checks_together_make_one_state(
    conclusions: list[str | None],
    with_token: CiState,
    without: CiState,
    github: StandInGitHub,
    changes: GitHubChanges,
    nobody: GitHubChanges,
) -> None:
    github.open_pull_request(checks=[Check(conclusion=conclusion) for conclusion in conclusions])

    states = [(await source.fetch(REF)).pull_request.ci for source in (changes, nobody)]

    assert states == [with_token, without]


@pytest.mark.parametrize("token", ["good", ""])
async def test_an_author_who_is_gone_and_an_empty_body_are_empty(
    token: str, github: StandInGitHub, make_changes: MakeChanges
) -> None:
    github.open_pull_request(author=None, body=None)

    known = (await make_changes(github, token=token).fetch(REF)).pull_request

    assert (known.author, known.body) == ("", "")


async def test_issues_that_it_closes_come_with_a_token(github: StandInGitHub, changes: GitHubChanges) -> None:
    github.open_pull_request(closes=[github.open_issue(7)])

    known = (await changes.fetch(REF)).pull_request

    assert known.issues == (Issue(number=7, title="Numbers are wrong", body="The mean is wrong."),)


async def test_generated_files_are_those_of_the_base_branch(tmp_path: Path, make_changes: MakeChanges) -> None:
    before = {".gitattributes": "*.gen.py linguist-generated\n", "a.gen.py": "1\n", "evil.py": "1\n"}
    after = {".gitattributes": "*.py linguist-generated\n", "a.gen.py": "2\n", "evil.py": "2\n"}
    with StandInGitHub(changed(tmp_path, before, after)) as github:
        github.open_pull_request()

        change = await make_changes(github).fetch(REF)

        assert change.generated == {"a.gen.py"}
        assert github.kinds == ["graphql", "diff"]


@pytest.mark.parametrize("token", ["good", ""])
async def test_every_kind_of_file_arrives(token: str, tmp_path: Path, make_changes: MakeChanges) -> None:
    with StandInGitHub(every_kind(tmp_path)) as github:
        github.open_pull_request()

        diff = (await make_changes(github, token=token).fetch(REF)).diff

    known = {file.path: file for file in diff.files}
    assert len(known) == 20
    assert known["new name.txt"].old_path == "old name.txt"
    assert known["image.bin"].binary
    assert known["library"].submodule
    assert (known["tool.sh"].old_mode, known["tool.sh"].new_mode) == ("100644", "100755")
    assert [line.text for line in known["latin1.txt"].lines] == ["Grüße", "Grüße, ä"]
    assert [line.text for line in known["crlf.txt"].lines] == ["one\r", "two\r", "two, changed\r"]
    assert [line.ends_file for line in known["no_end.txt"].lines] == [False, True, False, True]
    assert {'quote".txt', "tab\there.txt", "with space.txt", "ümläut/größe.txt"} <= known.keys()


def without_headers(diff: Diff) -> Diff:
    """Leave out what the file list does not tell: modes, the bytes of other encodings, and how a rename differs."""
    return Diff(
        files=tuple(
            replace(file, old_mode="", new_mode="", lines_declared=0, binary=file.binary or file.path == "tool.sh")
            for file in diff.files
            if file.path != "latin1.txt"
        )
    )


@pytest.mark.parametrize("token", ["good", ""])
async def test_the_file_list_gives_the_same_as_the_diff(token: str, tmp_path: Path, make_changes: MakeChanges) -> None:
    with StandInGitHub(every_kind(tmp_path)) as github:
        github.open_pull_request()
        changes = make_changes(github, token=token)
        by_diff = await changes.fetch(REF, by_commit=True)
        github.faults.append(too_large())

        by_list = await changes.fetch(REF, by_commit=True)

    assert without_headers(by_list.diff) == without_headers(by_diff.diff)
    assert [without_headers(diff) for diff in by_list.per_commit] == [
        without_headers(diff) for diff in by_diff.per_commit
    ]
    (latin1,) = by_list.diff.at("latin1.txt")
    assert latin1.lines_changed == 2


async def test_more_than_300_files_are_all_read(tmp_path: Path, make_changes: MakeChanges) -> None:
    files = {f"file{number}.txt": f"{number}\n" for number in range(301)}
    with StandInGitHub(changed(tmp_path, {}, files)) as github:
        github.open_pull_request()

        change = await make_changes(github).fetch(REF)

        assert {file.path for file in change.diff.files} == files.keys()
        assert change.diff.lines_changed == 301
        assert github.kinds == ["graphql", "diff", "files", "files", "files", "files"]


async def test_a_file_that_the_list_does_not_show_is_there_unread(tmp_path: Path, make_changes: MakeChanges) -> None:
    files = {"long.txt": "line\n" * 20_001, "short.txt": "line\n"}
    with StandInGitHub(changed(tmp_path, {}, files)) as github:
        github.open_pull_request()

        diff = (await make_changes(github).fetch(REF)).diff

    (long,) = diff.at("long.txt")
    assert str(long.unread) == "GitHub does not show its lines: there are too many"
    assert long.lines_changed == 20_001
    (short,) = diff.at("short.txt")
    assert (short.unread, short.lines_changed) == (None, 1)


@pytest.fixture
def three_files(tmp_path: Path) -> Iterator[StandInGitHub]:
    before = {".gitattributes": "* linguist-generated\n*.txt -linguist-generated\n"}
    after = {f"{name}.txt": "line\n" for name in "abc"}
    with StandInGitHub(changed(tmp_path / "three", before, after)) as github:
        github.open_pull_request()
        yield github


ONLY_A = "diff --git a/a.txt b/a.txt\nnew file mode 100644\n--- /dev/null\n+++ b/a.txt\n@@ -0,0 +1 @@\n+line\n"


def short_diff(text: str) -> list[Fault]:
    return [Fault(body=text, headers={"Content-Type": "application/vnd.github.diff"}, on="diff")]


def short_list() -> list[Fault]:
    listed = {"filename": "a.txt", "status": "added", "changes": 1, "patch": "@@ -0,0 +1 @@\n+line", "sha": "1" * 40}
    return [too_large(), Fault(body=[listed], on="files")]


@pytest.mark.parametrize("token", ["good", ""])
@pytest.mark.parametrize(
    ("answers", "listed"),
    [
        (short_diff(ONLY_A), 1),
        (short_diff(""), 0),
        (short_list(), 1),
        ([too_large(), Fault(body=[], on="files")], 0),
    ],
)
async def test_files_that_github_keeps_back_are_unread_whatever_is_ignored(
    token: str, answers: list[Fault], listed: int, three_files: StandInGitHub, make_changes: MakeChanges
) -> None:
    three_files.faults += answers

    change = await make_changes(three_files, token=token).fetch(REF)

    assert [file.path for file in change.diff.files][:-1] == ["a.txt"] * listed
    for ignore in ((), ("*", "!a.txt"), ("**", "/**", "/*", "/")):
        unread = select(change, ignore=ignore).unread
        assert [str(note.reason) for note in unread] == [
            f"GitHub listed {listed} of the 3 files; what the others change is not known"
        ]


async def test_a_file_that_became_a_link_does_not_hide_that_another_is_missing(
    three_files: StandInGitHub, make_changes: MakeChanges
) -> None:
    removed = "diff --git a/a.txt b/a.txt\ndeleted file mode 100644\n--- a/a.txt\n+++ /dev/null\n@@ -1 +0,0 @@\n-line\n"
    three_files.faults += short_diff(removed + ONLY_A.replace("100644", "120000") + ONLY_A.replace("a.txt", "b.txt"))

    diff = (await make_changes(three_files).fetch(REF)).diff

    assert "listed 2 of the 3 files" in str(diff.files[-1].unread)


async def test_the_list_serves_where_the_diff_takes_github_too_long(
    github: StandInGitHub, changes: GitHubChanges
) -> None:
    github.faults.append(diff_takes_too_long())

    change = await changes.fetch(REF)

    assert [file.path for file in change.diff.files] == ["stats.py"]


@pytest.fixture
def with_merge(tmp_path: Path) -> GitRepository:
    repository = GitRepository(tmp_path / "merged")
    repository.commit({"a.txt": "1\n", "b.txt": "1\n"}, "Begin")
    repository.branch("topic")
    repository.commit({"a.txt": "2\n"}, "Change a")
    repository.git("checkout", "-q", "main")
    repository.commit({"b.txt": "2\n"}, "Change b on main")
    repository.git("checkout", "-q", "topic")
    repository.merge("main")
    repository.commit({"a.txt": "3\n"}, "Change a again")
    repository.commit({}, "Change nothing")
    return repository


@pytest.mark.parametrize("token", ["good", ""])
async def test_each_commit_has_its_lines_and_a_merge_has_none(
    token: str, with_merge: GitRepository, make_changes: MakeChanges
) -> None:
    with StandInGitHub(with_merge) as github:
        github.open_pull_request()

        change = await make_changes(github, token=token).fetch(REF, by_commit=True)

    titles = [commit.title for commit in change.pull_request.commits]
    lines = [[line.text for file in diff.files for line in file.lines if line.new] for diff in change.per_commit]
    assert dict(zip(titles, lines, strict=True)) == {
        "Change a": ["2"],
        "Merge main": [],
        "Change a again": ["3"],
        "Change nothing": [],
    }
    assert [file.path for file in change.diff.files] == ["a.txt"]


@pytest.mark.parametrize("token", ["good", ""])
async def test_more_than_a_page_of_commits_is_listed_in_order(
    token: str, tmp_path: Path, make_changes: MakeChanges
) -> None:
    repository = changed(tmp_path, {"a.txt": "1\n"}, {"a.txt": "2\n"})
    repository.commit_many(f"Number {number}" for number in range(101))
    with StandInGitHub(repository) as github:
        github.open_pull_request()

        change = await make_changes(github, token=token).fetch(REF)

    titles = [commit.title for commit in change.pull_request.commits]
    assert titles == ["Change", *(f"Number {number}" for number in range(101))]


@pytest.mark.parametrize("token", ["good", ""])
async def test_a_moved_repository_is_found_under_its_old_name(
    token: str, github: StandInGitHub, make_changes: MakeChanges
) -> None:
    github.served.moved_from = "old/name"
    old = PullRequestRef(owner="old", repository="name", number=12)

    change = await make_changes(github, token=token).fetch(old)

    assert change.pull_request.ref == REF
    assert [file.path for file in change.diff.files] == ["stats.py"]
    assert sum("/old/name/" in request.path for request in github.requests) == (0 if token else 1)


@pytest.mark.parametrize("token", ["good", ""])
async def test_the_name_is_the_one_github_writes(token: str, github: StandInGitHub, make_changes: MakeChanges) -> None:
    shouted = PullRequestRef(owner="OCTO", repository="Hello.World", number=12)

    change = await make_changes(github, token=token).fetch(shouted)

    assert change.pull_request.ref == REF


async def test_a_change_without_files_is_nothing_to_review(tmp_path: Path, make_changes: MakeChanges) -> None:
    with StandInGitHub(changed(tmp_path, {"a.txt": "1\n"}, {})) as github:
        github.open_pull_request()

        with pytest.raises(NothingToReview, match=r"octo/hello\.world#12 changes no file"):
            await make_changes(github).fetch(REF)


def forced_to_list(github: StandInGitHub) -> None:
    github.faults.append(too_large())


@pytest.mark.parametrize("prepare", [lambda _: None, forced_to_list])
async def test_a_diff_over_the_limit_is_refused_with_the_limit(
    prepare: Callable[[StandInGitHub], None], tmp_path: Path, make_changes: MakeChanges
) -> None:
    with StandInGitHub(changed(tmp_path, {}, {"a.txt": "a long line of text\n" * 2000})) as github:
        github.open_pull_request()
        prepare(github)

        with pytest.raises(ChangeTooLarge, match=r"larger than 0\.03125 MiB.*max_diff_mib of \[review\]"):
            await make_changes(github, max_diff_bytes=2**15).fetch(REF)


async def test_a_file_is_not_fetched_from_github(changes: GitHubChanges) -> None:
    with pytest.raises(NotUnderstood, match="standard input is not on GitHub"):
        await changes.fetch(DiffFile(path=None))
