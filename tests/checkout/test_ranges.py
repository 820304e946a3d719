import asyncio
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.checkout.git import run_git
from bot.checkout.local_changes import LocalChanges
from bot.domain.change import Change, GitRange
from bot.domain.diff import FileStatus
from bot.domain.errors import ChangeTooLarge, NothingToReview, NotUnderstood, UserError
from tests.builders import numbered
from tests.checkout.repositories import Repository


@pytest.fixture
def forked(repository: Repository) -> Repository:
    """Add two commits on `topic`, and then one on `main`."""
    repository.git("checkout", "-q", "-b", "topic")
    repository.commit("Add one\n\nWith a reason.", {"one.txt": "1\n"})
    repository.commit("Add zwölf", {"zwölf.txt": "12\n", "sub folder/two.txt": "2\n"})
    repository.git("checkout", "-q", "main")
    repository.commit("Meanwhile", {"main.txt": "m\n"})
    repository.git("checkout", "-q", "topic")
    return repository


async def fetch(repository: Repository, typed: str, *, by_commit: bool = False, limit: int = 2**20) -> Change:
    target = GitRange(folder=repository.folder, range=typed)
    return await LocalChanges(max_diff_bytes=limit).fetch(target, by_commit=by_commit)


def paths(change: Change) -> dict[str, FileStatus]:
    return {file.path: file.status for file in change.diff.files}


NEW = {"one.txt": FileStatus.ADDED, "zwölf.txt": FileStatus.ADDED, "sub folder/two.txt": FileStatus.ADDED}


@pytest.mark.parametrize("typed", ["main...HEAD", "main...", "main...topic", "HEAD~2..HEAD", "HEAD~2", "topic~2.."])
async def test_a_range_shows_what_the_branch_did(forked: Repository, typed: str) -> None:
    change = await fetch(forked, typed)

    assert paths(change) == NEW
    assert change.pull_request.title == typed
    assert change.pull_request.author == "Mona Lisa"
    assert change.pull_request.head_sha == forked.git("rev-parse", "topic")
    assert change.pull_request.base_sha == forked.git("merge-base", "main", "topic")
    assert [commit.message for commit in change.pull_request.commits] == ["Add one\n\nWith a reason.", "Add zwölf"]
    assert change.per_commit == ()


async def test_two_dots_compare_the_ends_as_they_are(forked: Repository) -> None:
    change = await fetch(forked, "main..HEAD")

    assert paths(change) == NEW | {"main.txt": FileStatus.REMOVED}
    assert change.pull_request.base_sha == forked.git("rev-parse", "main")


async def test_each_commit_has_its_own_diff_and_a_merge_an_empty_one(forked: Repository) -> None:
    forked.git("merge", "-q", "--no-ff", "-m", "Merge main", "main")

    change = await fetch(forked, "HEAD~3..HEAD", by_commit=True)

    shown = {
        commit.title: [file.path for file in diff.files]
        for commit, diff in zip(change.pull_request.commits, change.per_commit, strict=True)
    }
    assert shown == {
        "Add one": ["one.txt"],
        "Add zwölf": ["sub folder/two.txt", "zwölf.txt"],
        "Meanwhile": ["main.txt"],
        "Merge main": [],
    }
    assert change.pull_request.commits[-1].title == "Merge main"


async def test_renames_binaries_and_modes_are_seen(repository: Repository) -> None:
    repository.commit("Set up", {"old.txt": numbered(20), "logo.png": b"\x89PNG\0", "run.sh": "echo\n"})
    repository.git("mv", "old.txt", "new.txt")
    (repository.folder / "run.sh").chmod(0o755)
    repository.commit("Change", {"logo.png": b"\x89PNG\0\0"})

    logo, new, run = (await fetch(repository, "HEAD~1")).diff.files

    assert (logo.path, logo.binary) == ("logo.png", True)
    assert (new.path, new.old_path, new.status) == ("new.txt", "old.txt", FileStatus.RENAMED)
    assert (run.path, run.new_mode) == ("run.sh", "100755")


async def test_what_gitattributes_call_generated_is_known(repository: Repository) -> None:
    attributes = "*.pb.go linguist-generated\n/gen/** linguist-generated=true\n/gen/mine.py -linguist-generated\n"
    files = {"a.pb.go": "x\n", "gen/b é.py": "x\n", "gen/mine.py": "x\n", "c.py": "x\n"}
    repository.commit("Generate", {".gitattributes": attributes, **files})
    (repository.folder / "below").mkdir()

    for folder in (repository.folder, repository.folder / "below", repository.folder / "gen"):
        change = await LocalChanges(max_diff_bytes=2**20).fetch(GitRange(folder=folder, range="HEAD~1"))
        assert change.generated == {"a.pb.go", "gen/b é.py"}
        assert len(change.diff.files) == 5


async def test_a_bare_repository_is_read_too(forked: Repository, tmp_path: Path) -> None:
    forked.git("clone", "-q", "--bare", ".", str(tmp_path / "bare.git"))

    change = await fetch(Repository(tmp_path / "bare.git"), "main...topic")

    assert paths(change) == NEW


SETTINGS = {
    "log.showSignature": "true", "color.ui": "always", "diff.noprefix": "true", "diff.relative": "true",
    "diff.submodule": "log", "diff.renames": "false", "diff.context": "0", "log.decorate": "full",
}  # fmt: skip
PROGRAMS = (
    "diff.external", "diff.evil.command", "diff.evil.textconv", "filter.evil.clean", "filter.evil.smudge",
    "core.pager", "pager.log", "pager.diff-tree", "core.fsmonitor", "core.sshCommand", "gpg.program",
)  # fmt: skip


@pytest.fixture
def sprung(forked: Repository, tmp_path: Path) -> Callable[[], bool]:
    """Let every setting that names a program name a trap, and return what tells whether one was sprung."""
    script, trace = tmp_path / "trap.sh", tmp_path / "trace"
    signs = "printf '\\n[GNUPG:] SIG_CREATED \\n' >&2; echo -----BEGIN PGP SIGNATURE-----"
    script.write_text(f"#!/bin/sh\necho $0 $* >> {trace}\n{signs}\ncat\n")
    script.chmod(0o755)
    for key, value in SETTINGS.items() | {(key, str(script)) for key in PROGRAMS}:
        forked.git("config", key, value)
    forked.git("commit", "-q", "-S", "--amend", "--no-edit")
    forked.write({".gitattributes": "* diff=evil filter=evil\n"})
    for command in ("log", "diff"):
        trace.unlink(missing_ok=True)
        forked.git(command, "-1" if command == "log" else "HEAD~1..HEAD", check=False)
        assert trace.exists(), f"git {command} does not fall into the trap"
    trace.unlink()
    return trace.exists


async def test_the_repository_cannot_make_the_bot_run_its_programs(
    forked: Repository, sprung: Callable[[], bool]
) -> None:
    change = await fetch(forked, "main...HEAD", by_commit=True)

    assert paths(change) == NEW
    assert [commit.title for commit in change.pull_request.commits] == ["Add one", "Add zwölf"]
    assert not sprung()


async def test_variables_of_git_cannot_point_elsewhere(
    forked: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "nowhere"))
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", "/bin/false")

    assert paths(await fetch(forked, "main...HEAD")) == NEW


@pytest.mark.parametrize(("typed", "says"), [
    ("nope...HEAD", "git knows no revision nope in"),
    ("main...nope", "git knows no revision nope in"),
    ("--output=x..HEAD", "git knows no revision --output=x in"),
    ("-p", "git knows no revision -p in"),
    ("HEAD~99", "git knows no revision HEAD~99 in"),
    ("main:stats.py..HEAD", "git knows no revision main:stats.py in"),
    ("a\0b..HEAD", "git knows no revision a\0b in"),
    ("\udcff..HEAD", "git knows no revision \udcff in"),
    ("a..b..c", "a..b..c is no range: expected is something like main...HEAD."),
    ("main....HEAD", "git knows no revision .HEAD in"),
    ("", "'' is no range: expected is something like main...HEAD."),
])  # fmt: skip
async def test_what_is_no_range_is_said_in_a_sentence(forked: Repository, typed: str, says: str) -> None:
    with pytest.raises(NotUnderstood) as caught:
        await fetch(forked, typed)

    assert str(caught.value).startswith(says)
    assert not (forked.folder / "x").exists()


async def test_a_range_without_a_difference_has_nothing_to_review(forked: Repository) -> None:
    forked.write({"one.txt": "not committed\n"})

    for typed in ("HEAD", "HEAD..HEAD", "topic...main~1"):
        with pytest.raises(NothingToReview, match="no committed file differs"):
            await fetch(forked, typed)


async def test_branches_without_a_common_past_can_only_be_compared_as_they_are(forked: Repository) -> None:
    forked.git("checkout", "-q", "--orphan", "island")
    forked.commit("Alone", {"island.txt": "i\n"})

    with pytest.raises(NotUnderstood, match=r"main and island have no common past here: .* main\.\.island"):
        await fetch(forked, "main...island")
    change = await fetch(forked, "main..island", by_commit=True)

    assert change.pull_request.commits[0].title == "Alone"
    assert change.per_commit[0].at("island.txt")


async def test_a_folder_that_is_no_repository_is_said_to_be_none(tmp_path: Path) -> None:
    with pytest.raises(NotUnderstood, match=r"belongs to no git repository .*\(not a git repository"):
        await fetch(Repository(tmp_path), "main...HEAD")
    with pytest.raises(NotUnderstood, match=r"cannot be used: No such file or directory"):
        await fetch(Repository(tmp_path / "missing"), "main...HEAD")


async def test_a_repository_without_commits_has_no_revision(tmp_path: Path) -> None:
    Repository(tmp_path).git("init", "-q")

    with pytest.raises(NotUnderstood, match="git knows no revision HEAD"):
        await fetch(Repository(tmp_path), "HEAD")


async def test_a_machine_without_git_is_told_what_to_do(
    forked: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(UserError, match="git is not installed") as caught:
        await fetch(forked, "main...HEAD")
    assert caught.value.exit_code == 2


async def test_a_difference_that_is_too_large_is_refused(repository: Repository) -> None:
    repository.commit("Grow", {"big.txt": numbered(200_000)})

    with pytest.raises(ChangeTooLarge, match=r"larger than 1 MiB.*max_diff_mib of \[review\]"):
        await fetch(repository, "HEAD~1", limit=2**20)


async def test_cancelling_ends_git(repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pid = tmp_path / "pid"
    (tmp_path / "git").write_text(f"#!/bin/sh\necho $$ > {pid}.new; mv {pid}.new {pid}\nexec cat /dev/zero\n")
    (tmp_path / "git").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    running = asyncio.create_task(run_git(repository.folder, "anything", limit=2**62))
    while not await asyncio.to_thread(pid.exists):
        assert not running.done()

    running.cancel()

    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(running, timeout=2)
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)
