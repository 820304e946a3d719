import io

import pytest

from bot.language.extract import sentences


def found(source: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(name, texts) for _, name, texts, _ in sentences(io.BytesIO(source.encode()), (), (), options={})]


@pytest.mark.parametrize(
    "source",
    [
        'x = say("Hello {name}", name=name)',
        'x = say("Hello "\n        "{name}", name=name)',
        "x = f\"**{say('Hello {name}', name=name)}**\"",
        'async def f():\n    await chat.say(lines((other(1), *(() if x else (say("Hello {name}", name=name),)))))',
    ],
)
def test_a_sentence_is_found_wherever_it_stands(source: str) -> None:
    assert found(source) == [("gettext", ("Hello {name}",))]


def test_both_forms_of_a_sentence_are_found() -> None:
    assert found('say_many("one", "{count} many", 3)') == [("ngettext", ("one", "{count} many"))]


@pytest.mark.parametrize(
    "source", ["chat.say(sentence)", "say(text)", 'say_many("one", many, 3)', "say()", 'print("x")']
)
def test_what_is_no_literal_sentence_is_left_out(source: str) -> None:
    assert found(source) == []


def test_the_line_is_told() -> None:
    assert [line for line, *_ in sentences(io.BytesIO(b'\n\nsay("x")'), (), (), options={})] == [3]
