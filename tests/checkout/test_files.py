import asyncio
import errno
import io
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.checkout.local_changes import LocalChanges
from bot.domain.change import DiffFile
from bot.domain.errors import BotError, ChangeTooLarge, DiffUnreadable, NothingToReview, NotUnderstood
from bot.domain.sentence import Sentence
from tests.builders import a_diff, a_ref, diff_text, numbered

DIFF = diff_text({"stats.py": (numbered(3), numbered(4))})


async def refusal(changes: LocalChanges, path: Path | None) -> BotError:
    with pytest.raises(BotError) as caught:
        await changes.fetch(DiffFile(path=path))
    assert isinstance(caught.value.sentence, Sentence)
    return caught.value


async def test_a_diff_file_is_a_change_named_after_the_file(changes: LocalChanges, tmp_path: Path) -> None:
    (tmp_path / "fix.diff").write_text(DIFF)

    change = await changes.fetch(DiffFile(path=tmp_path / "fix.diff"))

    assert change.pull_request.title == "fix.diff"
    assert change.diff == a_diff({"stats.py": (numbered(3), numbered(4))})
    assert (change.pull_request.commits, change.per_commit) == ((), ())


async def test_standard_input_is_read_to_its_end() -> None:
    changes = LocalChanges(max_diff_bytes=2**20, stdin=io.BytesIO(DIFF.encode()))

    change = await changes.fetch(DiffFile(path=None))

    assert change.pull_request.title == "standard input"
    assert change.diff.lines_changed == 1


async def test_a_home_folder_is_found(
    changes: LocalChanges, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    (tmp_path / "fix.diff").write_text(DIFF)
    monkeypatch.setenv("HOME", str(tmp_path))

    change = await changes.fetch(DiffFile(path=Path("~/fix.diff")))

    assert change.pull_request.title == "fix.diff"


async def test_as_much_as_allowed_is_read_and_not_a_byte_more(tmp_path: Path) -> None:
    path = tmp_path / "fix.diff"
    path.write_text(DIFF)

    assert (await LocalChanges(max_diff_bytes=len(DIFF)).fetch(DiffFile(path=path))).diff.files
    error = await refusal(LocalChanges(max_diff_bytes=len(DIFF) - 1), path)

    assert isinstance(error, ChangeTooLarge)


async def test_a_stream_without_end_is_refused_with_the_key_to_change() -> None:
    class Endless(io.RawIOBase):
        given = 0

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]  # typeshed wants any buffer
            self.given += len(buffer)
            buffer[:] = b"x" * len(buffer)
            return len(buffer)

    endless = Endless()
    changes = LocalChanges(max_diff_bytes=5 * 2**20, stdin=endless)  # type: ignore[arg-type]  # raw, as stdin below is

    error = await refusal(changes, None)

    assert str(error).startswith("The diff is larger than 5 MiB")
    assert "max_diff_mib of [review]" in str(error)
    assert endless.given == 5 * 2**20 + 1


@pytest.mark.parametrize(("content", "kind", "says"), [
    (b"", NothingToReview, "There is nothing to review: {path} is empty."),
    (b"\n  \n", NothingToReview, "There is nothing to review: {path} is empty."),
    (b"hello\n", DiffUnreadable, "This is no diff: expected is a unified diff as `git diff` prints it."),
    (b"\x7fELF\x00\x01", DiffUnreadable, "This is no diff: expected is a unified diff as `git diff` prints it."),
])  # fmt: skip
async def test_what_is_no_diff_is_refused(
    changes: LocalChanges, tmp_path: Path, content: bytes, kind: type[BotError], says: str
) -> None:
    path = tmp_path / "fix.diff"
    path.write_bytes(content)

    error = await refusal(changes, path)

    assert (type(error), str(error)) == (kind, says.format(path=path))


async def test_what_cannot_be_read_is_said_in_a_sentence(changes: LocalChanges, tmp_path: Path) -> None:
    refusals = [
        await refusal(changes, path)
        for path in (
            tmp_path / "none.diff",
            tmp_path,
            Path("a\0b"),
            Path("~nobody-of-that-name/x"),
            tmp_path / "x/" / ("y" * 300),
        )
    ]

    assert all(isinstance(error, NotUnderstood) and error.exit_code == 2 for error in refusals)
    assert [str(error) for error in refusals[:2]] == [
        f"There is no file {tmp_path / 'none.diff'}.",
        f"{tmp_path} is a folder: name a diff file, or a range such as main...HEAD of it.",
    ]


async def test_a_forbidden_file_is_said_to_be_forbidden() -> None:
    class Forbidden(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise PermissionError(errno.EACCES, "Permission denied")

    error = await refusal(LocalChanges(max_diff_bytes=9, stdin=Forbidden()), None)

    assert str(error) == "The file - may not be read: its permissions forbid it."


async def test_a_pull_request_is_somebody_elses_business(changes: LocalChanges) -> None:
    with pytest.raises(NotUnderstood, match="octo/stats#12 is neither a file nor a range"):
        await changes.fetch(a_ref())


@pytest.fixture
async def pipe() -> AsyncIterator[Path]:
    ends = os.pipe()
    yield Path(f"/dev/fd/{ends[0]}")
    for end in ends:
        os.close(end)


async def test_waiting_for_a_pipe_can_be_cancelled_and_leaves_the_loop_free(changes: LocalChanges, pipe: Path) -> None:
    waiting = asyncio.create_task(changes.fetch(DiffFile(path=pipe)))
    await asyncio.sleep(0)

    waiting.cancel()

    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(waiting, timeout=2)


def test_ctrl_c_ends_a_program_that_waits_for_standard_input() -> None:
    program = (
        "import asyncio\n"
        "from bot.checkout.local_changes import LocalChanges\n"
        "from bot.domain.change import DiffFile\n"
        "async def main():\n"
        "    waiting = asyncio.create_task(LocalChanges(max_diff_bytes=9).fetch(DiffFile(path=None)))\n"
        "    await asyncio.sleep(0)\n"
        "    print('waiting', flush=True)\n"
        "    await waiting\n"
        "try:\n"
        "    asyncio.run(main())\n"
        "except KeyboardInterrupt:\n"
        "    print('interrupted')\n"
    )
    command = [sys.executable, "-c", program]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdin
        assert process.stdout
        assert process.stdout.readline() == b"waiting\n"
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=2) == 0
        assert process.stdout.read() == b"interrupted\n"
