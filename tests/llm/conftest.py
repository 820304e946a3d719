from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from bot.llm.choice import ModelChoice
from bot.llm.llama import LlamaCppModel


@pytest.fixture(scope="session")
def starter() -> Iterator[LlamaCppModel]:
    """One loaded model for all tests; a call belongs to no event loop."""
    model = LlamaCppModel(ModelChoice(path="starter", n_ctx=2048))
    yield model
    asyncio.run(model.close())
