"""Large changes are covered to the last line: counted by the starter model's tokenizer, seen in recorded prompts."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

import pytest

from bench import cases
from bot.diffing.parse import parse
from bot.domain.change import Change, DiffFile, PullRequest
from bot.domain.completion import Completion, Prompt
from bot.domain.review import ModelInfo, Review, Verdict
from bot.llm.choice import ModelChoice
from bot.llm.llama import LlamaCppModel
from bot.prompting.templates import TemplatePrompts
from bot.service.review.reviewer import Reviewer
from tests.doubles.changes import FixedChanges
from tests.doubles.clock import FakeClock

N_CTX = 8192
ANSWER = json.dumps({"summary": "It adds functions.", "key_changes": [], "risks": [], "risk": "low", "findings": []})
TARGET = DiffFile(path=None)


class RecordingModel:
    """The starter model with its real tokenizer and template; answers are scripted, prompts are kept."""

    def __init__(self) -> None:
        self._model = LlamaCppModel(ModelChoice(path="starter", n_ctx=N_CTX))
        self.prompts: list[Prompt] = []

    async def open(self) -> ModelInfo:
        return await self._model.open()

    async def count(self, prompt: Prompt) -> int:
        return await self._model.count(prompt)

    async def count_texts(self, texts: Sequence[str]) -> list[int]:
        return await self._model.count_texts(texts)

    async def complete(
        self,
        prompt: Prompt,
        *,
        max_tokens: int,
        schema: Mapping[str, object] | None = None,
        on_text: Callable[[str], None] | None = None,
    ) -> Completion:
        tokens = await self.count(prompt)
        assert tokens + max_tokens <= N_CTX
        self.prompts.append(prompt)
        return Completion(text=ANSWER, cut=False, prompt_tokens=tokens, cached_tokens=0, completion_tokens=20)

    async def close(self) -> None:
        await self._model.close()


async def review(diff: str, model: RecordingModel) -> Review:
    change = Change(pull_request=PullRequest(title="Large"), diff=parse(diff))
    reviewer = Reviewer(
        changes=FixedChanges({TARGET: change}),
        model=model,
        prompts=TemplatePrompts(),
        clock=FakeClock(datetime(2026, 1, 7, tzinfo=UTC)),
    )
    return (await reviewer.review(TARGET)).review


def shown(prompts: Sequence[Prompt]) -> set[tuple[str, int, str]]:
    """Collect path, number and text of each added line that stands in a prompt."""
    found, path = set(), ""
    for prompt in prompts:
        for line in prompt[-1].text.split("\n"):
            if title := re.match(r"=== (\S+) \[", line):
                path = title[1]
            elif row := re.match(r"(\d+) \+(.*)", line):
                found.add((path, int(row[1]), row[2]))
    return found


@pytest.mark.real
@pytest.mark.parametrize(("diff", "lines"), [(cases.twelve_files(), 3600), (cases.one_long_file(), 4000)])
async def test_every_changed_line_was_in_a_prompt(diff: str, lines: int) -> None:
    model = RecordingModel()
    try:
        result = await review(diff, model)
    finally:
        await model.close()

    added = {(file.path, line.new, line.text) for file in parse(diff).files for line in file.lines}
    assert len(added) == lines
    assert added <= shown(model.prompts)
    assert result.coverage.lines_reviewed == result.coverage.lines_changed == lines
    assert result.verdict is Verdict.CLEAN
