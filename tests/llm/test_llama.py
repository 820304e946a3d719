"""The port over llama.cpp: what the contract suite does not say."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import time

import pytest

from bot.domain.completion import Message, Speaker
from bot.domain.errors import ModelUnusable
from bot.llm.choice import ModelChoice
from bot.llm.llama import LlamaCppModel

PROGRAM = """
import asyncio, sys
from bot.domain.completion import Message, Speaker
from bot.llm.llama import LlamaCppModel
from bot.llm.choice import ModelChoice

stage, closes = sys.argv[1], sys.argv[2] == "closes"
model = LlamaCppModel(ModelChoice(path="starter", n_ctx=4096, n_threads=1))
text = "def f(x): return x + 1\\n" * (150 if stage == "prompt" else 1)
say = lambda word: print(word, flush=True)

async def main():
    try:
        if stage == "load":
            say("ready")
        await model.open()
        if stage == "prompt":
            say("ready")
        prompt = (Message(speaker=Speaker.USER, text="Write a very long story.\\n" + text),)
        said = iter(["ready"] if stage == "generation" else [])
        await model.complete(prompt, max_tokens=2000, on_text=lambda _: [say(word) for word in said])
    finally:
        if closes:
            await model.close()

try:
    asyncio.run(main())
except KeyboardInterrupt:
    sys.exit(130)
"""


async def test_nothing_is_loaded_before_it_is_needed_and_close_is_always_possible() -> None:
    model = LlamaCppModel(ModelChoice(path="/nowhere/model.gguf"))

    await model.close()
    with pytest.raises(ModelUnusable, match="closed"):
        await model.open()


async def test_a_model_that_could_not_be_opened_may_be_tried_again() -> None:
    model = LlamaCppModel(ModelChoice(path="/nowhere/model.gguf"))

    for _ in range(2):
        with pytest.raises(ModelUnusable, match="There is no model file"):
            await model.open()
    await model.close()


async def test_closing_while_it_loads_ends_the_load() -> None:
    model = LlamaCppModel(ModelChoice(path="starter", n_ctx=512))
    opening = asyncio.create_task(model.open())
    await asyncio.sleep(0)

    await model.close()

    with pytest.raises(ModelUnusable, match="closed"):
        await opening


@pytest.mark.real
async def test_pieces_stop_when_the_caller_is_cancelled(starter: LlamaCppModel) -> None:
    pieces: list[str] = []
    begun = asyncio.Event()

    def hear(text: str) -> None:
        pieces.append(text)
        begun.set()

    prompt = (Message(speaker=Speaker.USER, text="Tell a long story about a fox and a crow."),)
    task = asyncio.create_task(starter.complete(prompt, max_tokens=400, on_text=hear))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    heard = len(pieces)
    await starter.count(prompt)

    assert len(pieces) == heard


@pytest.mark.real
async def test_the_starter_says_that_it_is_one(starter: LlamaCppModel) -> None:
    info = await starter.open()

    assert (info.backend, info.n_ctx, info.starter) == ("llama_cpp", 2048, True)
    assert "mollm2" in info.name


@pytest.mark.real
@pytest.mark.parametrize("stage", ["load", "prompt", "generation"])
@pytest.mark.parametrize("closes", ["closes", "forgets"])
def test_an_interrupted_program_ends_within_two_seconds_without_a_crash(stage: str, closes: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, stage, closes], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as program:
        assert program.stdout is not None
        assert "ready\n" in iter(program.stdout.readline, "")
        program.send_signal(signal.SIGINT)
        begin = time.monotonic()
        _, errors = program.communicate(timeout=20)

    assert program.returncode == 130, errors
    assert "Traceback" not in errors
    assert time.monotonic() - begin < 2
