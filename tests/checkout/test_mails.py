import io
from pathlib import Path

import pytest

from bot.checkout.local_changes import LocalChanges
from bot.checkout.mails import read_mails
from bot.domain.change import Change, DiffFile
from bot.domain.errors import DiffUnreadable
from tests.checkout.repositories import Repository
from tests.diffing.samples import FOLDER, sample


async def change_of(name: str, *, by_commit: bool = False) -> Change:
    return await LocalChanges(max_diff_bytes=2**20).fetch(DiffFile(path=FOLDER / f"{name}.diff"), by_commit=by_commit)


async def test_a_mail_gives_title_author_message_and_commit() -> None:
    pull_request = (await change_of("mail")).pull_request

    (commit,) = pull_request.commits
    assert pull_request.title == commit.title == "Write two as a digit"
    assert commit.message.startswith("Write two as a digit\n\nIt is shorter.\n\n--- not a header\n+++ neither\n* item")
    assert pull_request.body == commit.message.partition("\n\n")[2]
    assert pull_request.author == commit.author == "Mona Lisa"
    assert pull_request.head_sha == commit.sha
    assert len(commit.sha) == 40


async def test_a_series_keeps_every_mail_as_a_commit_oldest_first() -> None:
    change = await change_of("mails")

    assert change.pull_request.title == "mails.diff"
    assert [commit.title for commit in change.pull_request.commits] == [
        "Write two as a digit",
        "Rename, größer und länger als eine Zeile sein darf, damit git den Betreff umbrechen muss",
        "Write three as a digit",
    ]
    assert change.pull_request.head_sha == change.pull_request.commits[-1].sha
    assert change.per_commit == ()


async def test_a_series_by_commit_gives_each_mail_its_own_diff() -> None:
    change = await change_of("mails", by_commit=True)

    paths = [[file.path for file in diff.files] for diff in change.per_commit]
    assert paths == [["plain.txt"], ["code.py", "new_name.txt"], ["plain.txt"]]
    assert [file for diff in change.per_commit for file in diff.files] == list(change.diff.files)


async def test_a_cover_letter_speaks_for_the_series_and_is_no_commit(repository: Repository) -> None:
    repository.git("checkout", "-q", "-b", "topic")
    repository.commit("One", {"one.txt": "1\n"})
    repository.commit("Two", {"two.txt": "2\n"})
    repository.git("config", "branch.topic.description", "Count further\n\nBecause one is not enough.")
    arguments = ("--cover-letter", "--cover-from-description=subject", "main..topic")
    mails = repository.git("format-patch", "--stdout", *arguments) + "\n"

    changes = LocalChanges(max_diff_bytes=2**20, stdin=io.BytesIO(mails.encode()))
    change = await changes.fetch(DiffFile(path=None), by_commit=True)

    assert change.pull_request.title == "Count further"
    assert change.pull_request.body.startswith("Because one is not enough.")
    assert [commit.title for commit in change.pull_request.commits] == ["One", "Two"]
    assert [len(diff.files) for diff in change.per_commit] == [1, 1]


async def test_a_mail_without_a_change_is_a_commit_with_an_empty_diff(
    repository: Repository, changes: LocalChanges, tmp_path: Path
) -> None:
    repository.commit("Start the build", {})
    repository.commit("One", {"one.txt": "1\n"})
    path = tmp_path / "two.patch"
    path.write_text(repository.git("format-patch", "--stdout", "--always", "HEAD~2") + "\n")

    change = await changes.fetch(DiffFile(path=path), by_commit=True)

    assert [commit.title for commit in change.pull_request.commits] == ["Start the build", "One"]
    assert [len(diff.files) for diff in change.per_commit] == [0, 1]


async def test_a_log_is_one_diff_and_no_mail() -> None:
    change = await change_of("log", by_commit=True)

    assert (change.pull_request.title, change.pull_request.commits, change.per_commit) == ("log.diff", (), ())


@pytest.mark.parametrize(("subject", "title"), [
    (b"[PATCH v2 3/4] Fix it", "Fix it"),
    (b"[RFC PATCH] Fix it", "Fix it"),
    (b"[net] Fix it", "[net] Fix it"),
    (b"=?no-such-charset?q?Fix_it?=", "=?no-such-charset?q?Fix_it?="),
    (b"caf\xe9", "café"),
    (b"caf\xc3\xa9", "café"),
    (b"", "It is shorter."),
])  # fmt: skip
def test_subjects_are_read_as_far_as_they_can_be(subject: bytes, title: str) -> None:
    mail = sample("mail").replace(b"[PATCH] Write two as a digit", subject)

    (read,) = read_mails(mail)

    assert read.commit.title == title


async def test_a_damaged_mail_is_refused() -> None:
    changes = LocalChanges(max_diff_bytes=2**20, stdin=io.BytesIO(sample("mail").partition(b"+2\n")[0]))

    with pytest.raises(DiffUnreadable, match=r"plain\.txt is damaged"):
        await changes.fetch(DiffFile(path=None), by_commit=True)
