"""The answerers over doubles, and a review worth asking about."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bot.domain.completion import Completion, Prompt
from bot.domain.conversation import ReviewRecord
from bot.domain.diff import FileDiff, FileStatus
from bot.domain.finding import Severity
from bot.domain.review import FileNote
from bot.domain.sentence import say
from bot.prompting.templates import TemplatePrompts
from bot.service.access import Access
from bot.service.dialogue.answer import FollowUps
from bot.service.dialogue.channel import ChannelMemory
from bot.service.dialogue.writer import AnswerWriter
from tests.builders import a_change, a_coverage, a_diff, a_finding, a_record, a_review, numbered
from tests.doubles.chat import TranscriptChat
from tests.doubles.clock import FakeClock
from tests.doubles.code_host import FixedCodeHost
from tests.doubles.grants import DictGrants
from tests.doubles.language_model import ScriptedModel
from tests.doubles.memory import DictMemory

WEB = "https://github.com"
RETRY = """import time

def fetch_page(url):
    while True:
        try:
            return get(url)
        except IOError:
            time.sleep(1)
"""
POOL = """class ConnectionPool:
    def __init__(self, size):
        self.free = [connect() for _ in range(size)]

    def take(self):
        return self.free.pop()
"""
FINDINGS = (
    a_finding(
        "Retries for ever",
        path="src/net/retry.py",
        line=4,
        severity=Severity.HIGH,
        detail="The loop has no limit.",
        evidence="    while True:",
        suggestion="Give up after three tries.",
    ),
    a_finding(
        "连接用完时出错",
        path="src/db/pool.py",
        line=6,
        detail="连接池为空时 pop 会抛出 IndexError。",
        evidence="        return self.free.pop()",
        suggestion="",
    ),
)


def a_talked_about_record(**fields: object) -> ReviewRecord:
    """Make a review of three files with two findings, one file skipped and one binary."""
    diff = a_diff(
        {
            "src/net/retry.py": (None, RETRY),
            "src/db/pool.py": (None, POOL),
            "poetry.lock": (None, numbered(3, "package")),
        }
    )
    logo = FileDiff(path="logo.png", old_path="logo.png", status=FileStatus.ADDED, binary=True)
    coverage = a_coverage(
        files_total=4,
        files_reviewed=2,
        skipped=(
            FileNote(path="poetry.lock", reason=say("It is a lock file.")),
            FileNote(path="logo.png", reason=say("It is binary.")),
        ),
    )
    change = a_change(diff=type(diff)(files=(*diff.files, logo)))
    return a_record(change=change, review=a_review(FINDINGS, coverage=coverage), **fields)


@dataclass(kw_only=True)
class SilentModel(ScriptedModel):
    """Says one word and then nothing, until it is cancelled."""

    began: asyncio.Event = field(default_factory=asyncio.Event)

    async def complete(
        self,
        prompt: Prompt,
        *,
        max_tokens: int,
        schema: Mapping[str, object] | None = None,
        on_text: Callable[[str], None] | None = None,
    ) -> Completion:
        if on_text is not None:
            on_text("Because")
        self.began.set()
        await asyncio.Event().wait()
        raise AssertionError("not reached")


@dataclass(kw_only=True)
class Setting:
    """Everything an answer touches."""

    model: ScriptedModel = field(default_factory=lambda: ScriptedModel(script=("It loops at src/net/retry.py:4.",)))
    memory: DictMemory = field(default_factory=DictMemory)
    clock: FakeClock = field(default_factory=FakeClock)
    chat: TranscriptChat = field(default_factory=lambda: TranscriptChat().at("1"))
    code_host: FixedCodeHost = field(default_factory=FixedCodeHost)
    grants: DictGrants = field(default_factory=DictGrants)
    max_output_tokens: int = 700

    @property
    def writer(self) -> AnswerWriter:
        return AnswerWriter(model=self.model, max_output_tokens=self.max_output_tokens)

    @property
    def follow_ups(self) -> FollowUps:
        return FollowUps(
            memory=self.memory, model=self.model, writer=self.writer, prompts=TemplatePrompts(), clock=self.clock
        )

    @property
    def channel_memory(self) -> ChannelMemory:
        return ChannelMemory(
            memory=self.memory,
            model=self.model,
            writer=self.writer,
            prompts=TemplatePrompts(),
            clock=self.clock,
            web_url=WEB,
            hidden=self.access.hidden,
        )

    @property
    def access(self) -> Access:
        return Access(code_host=self.code_host, grants=self.grants, clock=self.clock, admins=("test:root",))
