"""A real git repository for the stand-in GitHub to serve, made in a folder of the test's."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

Content = bytes | str | None
"""What a file holds; None removes it."""

_ALWAYS_THE_SAME = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@example.org",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@example.org",
    "GIT_AUTHOR_DATE": "2026-01-02T03:04:05Z",
    "GIT_COMMITTER_DATE": "2026-01-02T03:04:05Z",
    "LC_ALL": "C",
}

OTHER_COMMIT = "1234567890123456789012345678901234567890"
"""A commit of another repository, for submodules: git does not ask whether it exists."""


class GitRepository:
    """A working tree with `main` checked out at first; every step is a call."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.git("init", "-q", "-b", "main")

    def git(self, *arguments: str, said: bytes = b"") -> bytes:
        """Run git without anybody's configuration, with *said* to read, and return what it prints."""
        command = ["git", "-C", str(self.folder), "-c", "core.autocrlf=false", *arguments]
        environment = {**os.environ, **_ALWAYS_THE_SAME}
        return subprocess.run(command, check=True, capture_output=True, env=environment, input=said).stdout

    def text(self, *arguments: str) -> str:
        """Run git and return what it prints, without the line feed at its end."""
        return self.git(*arguments).decode("utf-8", "replace").rstrip("\n")

    def commit(self, files: Mapping[str, Content], message: str = "Change") -> str:
        """Write or remove files, commit everything and return the commit's name."""
        for name, content in files.items():
            path = self.folder / name
            if content is None:
                path.unlink()
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", message)
        return self.text("rev-parse", "HEAD")

    def commit_many(self, messages: Iterable[str]) -> None:
        """Add empty commits to the branch that is checked out, all at once."""
        branch = self.text("symbolic-ref", "HEAD")
        who = "committer Ada <ada@example.org> 1767323045 +0000"
        entries = [f"commit {branch}\n{who}\ndata {len(message)}\n{message}\n" for message in messages]
        start = f"reset {branch}\nfrom {branch}^0\n"
        self.git("fast-import", "--quiet", said=(start + "\n".join(entries)).encode())

    def move(self, old: str, new: str) -> None:
        """Rename a file; it joins the next commit."""
        (self.folder / new).parent.mkdir(parents=True, exist_ok=True)
        self.git("mv", old, new)

    def make_executable(self, name: str) -> None:
        """Change a file's mode; it joins the next commit."""
        (self.folder / name).chmod(0o755)

    def add_submodule(self, name: str, commit: str = OTHER_COMMIT) -> None:
        """Point to a commit of another repository; it joins the next commit."""
        self.git("update-index", "--add", "--cacheinfo", f"160000,{commit},{name}")
        (self.folder / name).mkdir(exist_ok=True)

    def branch(self, name: str) -> None:
        """Begin a branch here and check it out."""
        self.git("checkout", "-q", "-b", name)

    def merge(self, branch: str) -> str:
        """Merge *branch* with a merge commit and return its name."""
        self.git("merge", "-q", "--no-ff", "-m", f"Merge {branch}", branch)
        return self.text("rev-parse", "HEAD")


def changed(folder: Path, before: Mapping[str, Content], after: Mapping[str, Content]) -> GitRepository:
    """Make a repository with *before* on `main` and one commit with *after* on top of it on `topic`."""
    repository = GitRepository(folder)
    repository.commit(before, "Begin")
    repository.branch("topic")
    repository.commit(after, "Change")
    return repository


def one_file(folder: Path) -> GitRepository:
    """Make the smallest repository worth reviewing."""
    before = "def mean(values):\n    return sum(values) / len(values)\n"
    after = "def mean(values):\n    total = sum(values)\n    return total / len(values)\n"
    return changed(folder, {"stats.py": before}, {"stats.py": after})


def every_kind(folder: Path) -> GitRepository:
    """Make a repository whose change has a file of each kind that diffs know."""
    text = "".join(f"line {number}\n" for number in range(1, 21))
    repository = GitRepository(folder)
    repository.commit(
        {
            "modified.txt": text,
            "removed.txt": "gone\n",
            "old name.txt": text,
            "moved.txt": text + "moved\n",
            "image.bin": bytes(range(256)),
            "gone.bin": bytes(range(255, -1, -1)),
            "tool.sh": "#!/bin/sh\n",
            "no_end.txt": "one\ntwo",
            "crlf.txt": "one\r\ntwo\r\n",
            "latin1.txt": "Gr\xfc\xdfe\n".encode("latin-1"),
            "with space.txt": "a\n",
            'quote".txt': "a\n",
            "tab\there.txt": "a\n",
            "ümläut/größe.txt": "a\n",
            "emptied.txt": "a\n",
            "dashes.sql": "-- a comment\nselect 1;\n",
        },
        "Begin",
    )
    repository.branch("topic")
    repository.move("old name.txt", "new name.txt")
    repository.move("moved.txt", "elsewhere/moved.txt")
    repository.make_executable("tool.sh")
    repository.commit(
        {
            "modified.txt": text.replace("line 3\n", "line three\n").replace("line 18\n", ""),
            "removed.txt": None,
            "added.txt": "new\n",
            "empty.txt": "",
            "elsewhere/moved.txt": text + "moved and changed\n",
            "image.bin": bytes(range(256)) * 2,
            "added.bin": b"\0\1\2",
            "gone.bin": None,
            "no_end.txt": "one\ntwo\nthree",
            "crlf.txt": "one\r\ntwo, changed\r\n",
            "latin1.txt": "Gr\xfc\xdfe, \xe4\n".encode("latin-1"),
            "with space.txt": "b\n",
            'quote".txt': "b\n",
            "tab\there.txt": "b\n",
            "ümläut/größe.txt": "b\n",
            "emptied.txt": "",
            "dashes.sql": "++ no comment\nselect 1;\n",
        },
        "Change every kind of file",
    )
    repository.add_submodule("library")
    repository.git("commit", "-q", "-m", "Add a library")
    return repository
