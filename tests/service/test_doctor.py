"""`parley doctor` uses every neighbour once and tells of each, also when one of them is ill."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.domain.errors import BotError, CodeHostUnavailable, ModelUnusable
from bot.domain.health import Check, Health
from bot.domain.review import ModelInfo
from bot.domain.sentence import Sentence, say
from bot.service.doctor import Doctor
from tests.doubles.language_model import ScriptedModel
from tests.store.file_memory import FileMemory

KNOWN = say("GitHub knows us as {who}.", who="octocat")


@dataclass(kw_only=True)
class ModelToOpen(ScriptedModel):
    """A scripted model that is what the test says, or cannot be opened."""

    info: ModelInfo | BotError

    async def open(self) -> ModelInfo:
        if isinstance(self.info, BotError):
            raise self.info
        return self.info


def model(n_ctx: int = 8192, *, starter: bool = False) -> ModelToOpen:
    return ModelToOpen(info=ModelInfo(backend="llama_cpp", name="Coder", n_ctx=n_ctx, starter=starter))


async def answer() -> Sentence:
    return KNOWN


async def silence() -> Sentence:
    raise CodeHostUnavailable(say("GitHub cannot be reached."))


@pytest.fixture
async def memory(tmp_path: Path) -> AsyncIterator[FileMemory]:
    memory = FileMemory(tmp_path / "parley.sqlite3")
    yield memory
    await memory.close()


async def examined(
    memory: FileMemory,
    *,
    model: ModelToOpen,
    ask: Callable[[], Awaitable[Sentence]] = answer,
    anonymous: bool = False,
) -> dict[str, Check]:
    doctor = Doctor(
        model=model,
        memory=memory,
        database="/data/m.sqlite3",
        ask_code_host=ask,
        anonymous=anonymous,
        prompts=say("The shipped templates are used."),
    )
    return {check.part: check async for check in doctor.examine()}


def told(check: Check) -> tuple[Health, str]:
    return check.health, str(check.sentence)


async def test_what_is_well_is_told_in_order(memory: FileMemory) -> None:
    checks = await examined(memory, model=model())

    assert list(checks) == ["prompts", "model", "database", "github"]
    assert told(checks["prompts"]) == (Health.OK, "The shipped templates are used.")
    assert told(checks["model"]) == (Health.OK, "Coder is loaded, with 8192 tokens of context.")
    assert told(checks["database"]) == (Health.OK, "/data/m.sqlite3 can be read and written.")
    assert told(checks["github"]) == (Health.OK, "GitHub knows us as octocat.")


@pytest.mark.parametrize(
    ("opened", "advice"),
    [(model(starter=True), "`parley model pull` fetches them"), (model(2048), "raise n_ctx of [model]")],
)
async def test_a_model_that_will_disappoint_is_a_warning(memory: FileMemory, opened: ModelToOpen, advice: str) -> None:
    health, sentence = told((await examined(memory, model=opened))["model"])

    assert health is Health.WARN
    assert advice in sentence


async def test_having_no_token_is_a_warning(memory: FileMemory) -> None:
    health, sentence = told((await examined(memory, model=model(), anonymous=True))["github"])

    assert health is Health.WARN
    assert sentence == "GitHub knows us as octocat. For private ones, and more calls, set token of [github]."


async def test_one_that_fails_does_not_hide_the_others(tmp_path: Path) -> None:
    folder = FileMemory(tmp_path)  # not a file
    missing = ModelToOpen(info=ModelUnusable(say("There is no model.")))

    checks = await examined(folder, model=missing, ask=silence)

    assert [part for part, check in checks.items() if check.health is Health.FAIL] == ["model", "database", "github"]
    assert str(checks["model"].sentence) == "There is no model."
    await folder.close()
