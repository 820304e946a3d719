"""The mails that `git format-patch` writes, and GitHub's `.patch` pages: one commit each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import HeaderParser
from email.utils import parseaddr

from bot.diffing.names import decode
from bot.diffing.parse import parse
from bot.domain.change import Commit, PullRequest
from bot.domain.diff import Diff

# git writes this very date, whatever the day: `file` recognises its mails by it.
_FROM = re.compile(rb"^From ([0-9a-f]{40}(?:[0-9a-f]{24})?) Mon Sep 17 00:00:00 2001\r?\n", re.MULTILINE)
_DIFF = re.compile(r"^(?:diff --|--- a/|---\r?$)", re.MULTILINE)
_MARK = re.compile(r"\[[^\]]*PATCH(?P<number>[^\]]*)\]\s*")
_LONGEST_HEADER = 4096  # more is no title, and would cost a time that grows with its square
_COVER = re.compile(r"\b0+/\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One mail.

    Attributes:
        cover: It introduces the others (`[PATCH 0/3]`) and is no commit.
        content: The whole mail as it stands in the file.
    """

    commit: Commit
    cover: bool
    content: bytes

    def diff(self) -> Diff:
        """Read the mail's own diff, which a commit that changes no file does not have."""
        return parse(self.content) if b"\ndiff --" in self.content else Diff(files=())


def read_mails(content: bytes) -> Sequence[Mail]:
    """Find the mails of a file, in its order, which is oldest first; none where it was not made of mails."""
    starts = list(_FROM.finditer(content))
    _, *ends = (*(start.start() for start in starts), len(content))
    return [_mail(start[1].decode(), content[start.end() : end]) for start, end in zip(starts, ends, strict=True)]


def pull_request_of(mails: Sequence[Mail], title: str) -> PullRequest:
    """Tell what is known of the change; a series without a cover letter keeps *title*."""
    commits = tuple(mail.commit for mail in mails if not mail.cover)
    lead = next((mail.commit for mail in mails if mail.cover), commits[0] if len(commits) == 1 else None)
    return PullRequest(
        title=(lead.title if lead else "") or title,
        body=lead.message.partition("\n")[2].strip() if lead else "",
        author=(lead or commits[-1]).author,
        head_sha=commits[-1].sha if commits else "",
        commits=commits,
    )


def _mail(sha: str, content: bytes) -> Mail:
    message = HeaderParser().parsestr(_text(content))
    subject = _header(message, "Subject")
    mark = _MARK.match(subject)
    body = str(message.get_payload())
    words = body[: found.start()] if (found := _DIFF.search(body)) else body
    text = f"{subject[mark.end() :] if mark else subject}\n\n{words.strip()}".strip()
    name, address = parseaddr(_header(message, "From"))
    return Mail(
        commit=Commit(sha=sha, message=text, author=name or address),
        cover=bool(mark and _COVER.search(mark["number"])),
        content=content,
    )


def _text(content: bytes) -> str:
    """Decode line by line, as `parse` does."""
    return "\n".join(decode(line) for line in content.split(b"\n"))


def _header(message: Message, name: str) -> str:
    """Read a header that may be folded and encoded; one that is encoded wrongly is taken as it stands."""
    raw = " ".join(str(message.get(name, ""))[:_LONGEST_HEADER].split())
    try:
        return str(make_header(decode_header(raw)))
    except (LookupError, UnicodeError, MessageError):
        return raw
