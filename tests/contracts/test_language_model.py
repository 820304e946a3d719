"""What every `LanguageModel` does: the one over llama.cpp with the starter model, and the double."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator

import pytest

from bot.domain.completion import Message, Prompt, Speaker
from bot.domain.errors import PromptTooLong
from bot.llm.choice import ModelChoice
from bot.llm.llama import LlamaCppModel
from bot.ports.language_model import LanguageModel
from tests.doubles.language_model import ScriptedModel

N_CTX = 1024
SCHEMA: dict[str, object] = {
    "type": "object",
    "properties": {"colours": {"type": "array", "items": {"type": "string", "maxLength": 12}, "minItems": 4}},
    "required": ["colours"],
}
STORY = "Once upon a time there lived a fox who knew every path of the wood, and a crow who knew none of them. " * 3


def script(prompt: Prompt) -> str:
    return json.dumps({"colours": ["red", "green", "blue", "white"]}) if "JSON" in prompt[-1].text else STORY


@pytest.fixture(scope="module")
def llama() -> Iterator[LlamaCppModel]:
    model = LlamaCppModel(ModelChoice(path="starter", n_ctx=N_CTX))
    yield model
    asyncio.run(model.close())


@pytest.fixture(params=[pytest.param("llama", marks=pytest.mark.real), "scripted"])
def model(request: pytest.FixtureRequest) -> LanguageModel:
    if request.param == "llama":
        shared: LlamaCppModel = request.getfixturevalue("llama")
        return shared
    return ScriptedModel(script=script, n_ctx=N_CTX)


@pytest.fixture(params=[pytest.param("llama", marks=pytest.mark.real), "scripted"])
def fresh(request: pytest.FixtureRequest) -> LanguageModel:
    if request.param == "llama":
        return LlamaCppModel(ModelChoice(path="starter", n_ctx=N_CTX))
    return ScriptedModel(script=script, n_ctx=N_CTX)


def prompt(text: str) -> Prompt:
    return (Message(speaker=Speaker.SYSTEM, text="You are terse."), Message(speaker=Speaker.USER, text=text))


def is_beginning_of_json(text: str) -> bool:
    """Tell whether some ending makes it valid, among those the schema allows."""
    endings = ("", "}", "]}", '"]}', '": []}', "[]}", ":[]}", '":[]}', '""]}', 'n"]}')
    for ending in endings:
        try:
            json.loads(text + ending)
        except ValueError:
            continue
        return True
    return False


async def test_open_tells_the_context_size_and_may_be_repeated(model: LanguageModel) -> None:
    info = await model.open()

    assert info.n_ctx == N_CTX
    assert await model.open() == info


async def test_a_longer_prompt_counts_more_and_the_template_counts_too(model: LanguageModel) -> None:
    short, long = await model.count(prompt("Why?")), await model.count(prompt("Why, " * 50))
    (text,) = await model.count_texts(["Why, " * 50])

    assert short < long
    assert text < long


async def test_texts_counted_one_by_one_are_at_least_their_whole(model: LanguageModel) -> None:
    texts = ["def f(x):\n", "    return x + 1\n", "", "# 审查\n", "}"]

    counts = await model.count_texts(texts)
    (whole,) = await model.count_texts(["".join(texts)])

    assert counts[2] == 0
    assert sum(counts) >= whole > 0
    assert await model.count_texts([]) == []


async def test_an_answer_at_the_limit_is_cut_and_counted(model: LanguageModel) -> None:
    asked = prompt("Tell a very long story about a fox.")

    completion = await model.complete(asked, max_tokens=5)

    assert completion.cut
    assert completion.text
    assert completion.completion_tokens == 5
    assert completion.prompt_tokens == await model.count(asked)
    assert 0 <= completion.cached_tokens < completion.prompt_tokens


async def test_an_answer_that_ends_by_itself_is_not_cut(model: LanguageModel) -> None:
    completion = await model.complete(prompt("Name four colours in JSON."), max_tokens=200, schema=SCHEMA)

    assert not completion.cut
    assert completion.completion_tokens <= 200
    assert len(json.loads(completion.text)["colours"]) >= 4


async def test_a_cut_constrained_answer_is_the_beginning_of_a_whole_one(model: LanguageModel) -> None:
    for limit in (3, 7, 10):
        completion = await model.complete(prompt("Name four colours in JSON."), max_tokens=limit, schema=SCHEMA)

        assert completion.cut
        assert is_beginning_of_json(completion.text), completion.text


async def test_the_pieces_are_the_text(model: LanguageModel) -> None:
    pieces: list[str] = []

    completion = await model.complete(prompt("Tell a story."), max_tokens=12, on_text=pieces.append)

    assert len(pieces) > 1
    assert "".join(pieces) == completion.text


async def test_the_same_question_gets_the_same_answer(model: LanguageModel) -> None:
    first = await model.complete(prompt("Tell a story."), max_tokens=12)
    await model.complete(prompt("Say something else."), max_tokens=3)

    assert (await model.complete(prompt("Tell a story."), max_tokens=12)).text == first.text


async def test_a_prompt_without_room_for_its_answer_is_refused(model: LanguageModel) -> None:
    asked = prompt("Why?")
    room = N_CTX - await model.count(asked)

    with pytest.raises(PromptTooLong, match=str(N_CTX)):
        await model.complete(asked, max_tokens=room + 1)
    with pytest.raises(PromptTooLong):
        await model.complete(prompt("word " * 5000), max_tokens=1)


async def test_calls_at_the_same_time_queue_up(model: LanguageModel) -> None:
    story: list[str] = []

    async def ask(name: str) -> None:
        await model.complete(prompt(f"Story {name}"), max_tokens=4, on_text=lambda _text: story.append(name))

    await asyncio.gather(ask("a"), ask("b"), ask("c"))

    assert "".join(story) == "".join(sorted(story))
    assert set(story) == {"a", "b", "c"}


async def test_a_cancelled_call_leaves_the_model_as_it_was(model: LanguageModel) -> None:
    expected = (await model.complete(prompt("Tell a story."), max_tokens=12)).text
    begun = asyncio.Event()
    task = asyncio.create_task(
        model.complete(prompt("Another long story."), max_tokens=300, on_text=lambda _text: begun.set())
    )
    await begun.wait()

    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await model.complete(prompt("Tell a story."), max_tokens=12)).text == expected


async def test_close_may_come_before_anything_and_twice(fresh: LanguageModel) -> None:
    await fresh.close()
    await fresh.close()


async def test_close_may_come_after_work(fresh: LanguageModel) -> None:
    await fresh.complete(prompt("Hello"), max_tokens=2)

    await fresh.close()
    await fresh.close()
