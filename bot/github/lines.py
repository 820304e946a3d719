"""The lines of a pull request and of its commits: the diff, or the file list where GitHub refuses to show one."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from pydantic import TypeAdapter

from bot.diffing.parse import parse
from bot.diffing.size import too_large
from bot.domain.change import PullRequestRef
from bot.domain.diff import UNLISTED, Diff, FileDiff, FileStatus
from bot.domain.errors import ChangeTooLarge
from bot.domain.sentence import say
from bot.github.files import as_diff
from bot.github.rest import FILES, FILES_OF_COMMIT, FileBody, pull_path, repository_path
from bot.github.talk import Talk

PER_PAGE = 100

MOST_FILES = 3000
"""As many as GitHub lists."""


async def pull_request_diff(talk: Talk, ref: PullRequestRef, *, files: int, most: int) -> Diff:
    """Fetch the lines of the whole change.

    Args:
        files: How many files it has; where fewer come, one that is unread stands for the rest.
        most: Bytes.

    Raises:
        ChangeTooLarge: More bytes than *most*, or more files than GitHub lists.
    """
    text = await talk.diff(pull_path(ref), most=most)
    if text is not None:
        return _whole(await asyncio.to_thread(parse, text), files)
    if files > MOST_FILES:
        raise ChangeTooLarge(
            say(
                "The change has {files} files and GitHub lists no more than {most}: review a smaller one.",
                files=files,
                most=MOST_FILES,
            )
        )
    listed = await _listed(talk, f"{pull_path(ref)}/files", FILES, most=most)
    return _whole(await asyncio.to_thread(as_diff, listed), files)


def _whole(diff: Diff, files: int) -> Diff:
    listed = len({file.path for file in diff.files})  # a file that became a link is there twice
    if listed >= files:
        return diff
    reason = say(
        "GitHub listed {listed} of the {total} files; what the others change is not known", listed=listed, total=files
    )
    rest = FileDiff(path=UNLISTED, old_path=UNLISTED, status=FileStatus.MODIFIED, unread=reason)
    return Diff(files=(*diff.files, rest))


async def commit_diff(talk: Talk, ref: PullRequestRef, sha: str, *, most: int) -> Diff:
    """Fetch the lines of one commit, of which there may be none."""
    path = f"{repository_path(ref)}/commits/{sha}"
    text = await talk.diff(path, most=most)
    if text is not None:
        return await asyncio.to_thread(parse, text)
    return await asyncio.to_thread(as_diff, await _listed(talk, path, FILES_OF_COMMIT, most=most))


async def _listed(talk: Talk, path: str, body: TypeAdapter[tuple[FileBody, ...]], *, most: int) -> Sequence[FileBody]:
    files: list[FileBody] = []
    for page in range(1, MOST_FILES // PER_PAGE + 1):
        more = await talk.get(path, body, {"per_page": PER_PAGE, "page": page})
        files += more
        if sum(len((file.patch or "").encode("utf-8", "surrogatepass")) for file in files) > most:
            raise too_large(most)
        if len(more) < PER_PAGE:
            break
    return files
