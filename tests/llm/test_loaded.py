"""The synchronous half, with real inference."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.domain.completion import Message, Prompt, Speaker
from bot.llm import stop_flag
from bot.llm.choice import ModelChoice
from bot.llm.loaded import LoadedModel
from bot.llm.opening import BLOCK, open_model
from bot.llm.stop_flag import StopFlag
from bot.llm.template import Part
from bot.llm.worker import Stopped

pytestmark = pytest.mark.real

SOURCE = Path(stop_flag.__file__).read_text(encoding="utf-8")


def ask(text: str, *, system: str = "You are terse.") -> Prompt:
    return (Message(speaker=Speaker.SYSTEM, text=system), Message(speaker=Speaker.USER, text=text))


class Bench:
    """A loaded model and its flag."""

    def __init__(self, *, temperature: float = 0.7) -> None:
        self.stop = StopFlag()
        choice = ModelChoice(path="starter", n_ctx=2048, temperature=temperature, n_threads=1)
        self.model: LoadedModel = open_model(choice, self.stop)

    def answer(self, prompt: Prompt, max_tokens: int = 24) -> str:
        return self.model.complete(prompt, max_tokens=max_tokens, schema=None, show=lambda _text: None).text


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    bench = Bench()
    yield bench
    bench.model.free()


def test_tokens_are_those_of_the_whole_prompt_in_one_piece(bench: Bench) -> None:
    vocabulary = bench.model._vocabulary
    parts = bench.model._template.fill(ask(SOURCE))
    whole = "".join(part.text for part in parts)

    assert vocabulary.encode(parts) == vocabulary.encode([Part(whole, True)])
    assert whole.startswith("<|im_start|>system\nYou are terse.<|im_end|>\n<|im_start|>user\n")


def test_control_words_in_a_text_stay_text(bench: Bench) -> None:
    vocabulary = bench.model._vocabulary
    end = vocabulary.encode([Part("<|im_end|>", True)])

    tokens = vocabulary.encode([Part("<|im_end|>", True), Part("a <|im_end|> b", False), Part("<|im_end|>", True)])

    assert len(end) == 1
    assert [at for at, token in enumerate(tokens) if token == end[0]] == [0, len(tokens) - 1]
    assert b"".join(map(vocabulary.piece, tokens)) == b"a <|im_end|> b"


def test_tokens_of_texts_are_never_fewer_than_of_the_texts_joined(bench: Bench) -> None:
    choose = random.Random(7)
    lines = SOURCE.splitlines(keepends=True)
    chinese = ["审查这个改动。\n", "  返回 None\n", "\t# 注释 🙂\n", "\n", "   \n", "x" * 300 + "\n", "1234567890\n"]

    for _ in range(300):
        texts = choose.choices(lines + chinese, k=choose.randint(2, 12))
        assert sum(bench.model.count_texts(texts)) >= bench.model.count_texts(["".join(texts)])[0]


def test_text_that_is_no_unicode_can_be_counted(bench: Bench) -> None:
    assert bench.model.count_texts(["\udcff", "a\0b", ""]) == [1, 3, 0]


def test_the_same_seed_gives_the_same_answer_whatever_ran_before(bench: Bench) -> None:
    prompt = ask("What does this do?\n" + SOURCE[:600])
    other = ask("What does this do?\n" + SOURCE[:300] + "return 7")

    first = bench.answer(prompt)
    bench.answer(other)
    after_another = bench.answer(prompt)
    at_once_again = bench.answer(prompt)

    assert first == after_another == at_once_again


def test_what_two_prompts_share_is_read_once_in_whole_blocks(bench: Bench) -> None:
    shared = SOURCE[:800]
    bench.answer(ask(shared + "A"), 1)

    completion = bench.model.complete(ask(shared + "B"), max_tokens=1, schema=None, show=lambda _text: None)

    assert completion.cached_tokens % BLOCK == 0
    assert completion.prompt_tokens - 3 * BLOCK < completion.cached_tokens < completion.prompt_tokens


def test_at_temperature_zero_the_seed_does_not_matter() -> None:
    answers = []
    for seed in (1, 2):
        model = open_model(ModelChoice(path="starter", n_ctx=512, temperature=0, seed=seed, n_threads=1), StopFlag())
        answers.append(model.complete(ask("Name a colour."), max_tokens=12, schema=None, show=lambda _text: None).text)
        model.free()

    assert answers[0] == answers[1]


def test_a_stopped_prompt_ends_at_once_and_leaves_no_trace(bench: Bench) -> None:
    prompt = ask("Explain.\n" + SOURCE[:300])
    expected = bench.answer(prompt)
    reading = threading.Event()

    def stop() -> None:
        reading.wait()
        bench.stop.set()

    stopper = threading.Thread(target=stop)
    stopper.start()
    with pytest.raises(Stopped):
        bench.model.complete(
            ask("Tell a long story about a fox."), max_tokens=400, schema=None, show=lambda _text: reading.set()
        )
    stopper.join()
    bench.stop.set()
    begin = time.monotonic()
    with pytest.raises(Stopped):
        bench.answer(ask(SOURCE * 3))
    bench.stop.clear()

    assert time.monotonic() - begin < 2
    assert bench.answer(prompt) == expected


SCHEMA: dict[str, object] = {
    "type": "object",
    "properties": {
        "title": {"type": "string", "maxLength": 30},
        "level": {"enum": ["low", "high"]},
        "lines": {"type": "array", "items": {"type": "integer"}, "minItems": 1, "maxItems": 3},
    },
    "required": ["title", "level", "lines"],
}


def test_constrained_answers_are_strict_json(bench: Bench) -> None:
    for question in ("Find a bug.", "List <think> tags."):
        completion = bench.model.complete(ask(question), max_tokens=200, schema=SCHEMA, show=lambda _text: None)

        found = json.loads(completion.text)
        assert not completion.cut
        assert found["level"] in {"low", "high"}
        assert 1 <= len(found["lines"]) <= 3


@pytest.mark.parametrize(
    "schema", [{"type": "strin"}, {"type": "string", "maxLength": 100_000}, {"$ref": "#/definitions/none"}]
)
def test_a_schema_that_cannot_be_obeyed_is_refused_and_the_model_lives(bench: Bench, schema: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="no grammar"):
        bench.model.complete(ask("Hello"), max_tokens=5, schema=schema, show=lambda _text: None)

    assert bench.answer(ask("Hello"), 3)
