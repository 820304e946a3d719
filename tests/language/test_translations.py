import ast
from functools import cache

import pytest
from babel.messages.catalog import Catalog, Message

from bot.language.catalogue import LOCALES
from tests.language.sources import fields, sayings, template, translations

LANGUAGES = sorted(folder.name for folder in LOCALES.iterdir())

sources = cache(template)
shipped = cache(translations)


def messages(catalog: Catalog) -> list[Message]:
    return [message for message in catalog if message.id]


def key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def forms(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def test_chinese_is_shipped() -> None:
    assert "zh" in LANGUAGES


def test_the_source_has_sentences_in_every_folder_that_is_searched() -> None:
    ids = {key(message) for message in messages(sources())}

    assert {"Left out", "{count} file"} <= ids
    assert len(ids) > 100


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_translated(language: str) -> None:
    done = {key(message) for message in messages(shipped(language)) if all(forms(message))}

    assert sorted({key(message) for message in messages(sources())} - done) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_of_a_sentence_that_is_gone(language: str) -> None:
    known = {message.id for message in messages(sources())}

    assert [message.id for message in messages(shipped(language)) if message.id not in known] == []
    assert list(shipped(language).obsolete) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_a_guess(language: str) -> None:
    assert [message.id for message in messages(shipped(language)) if message.fuzzy] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_fields_of_its_sentence(language: str) -> None:
    for message in messages(shipped(language)):
        wanted = fields(message.id if isinstance(message.id, str) else message.id[1])
        for form in filter(None, forms(message)):
            assert fields(form) == wanted, form


def test_every_sentence_is_written_out_where_it_is_said() -> None:
    built = [
        f"{place}: {ast.unparse(call)}"
        for place, call, texts in sayings()
        if not texts or not all(isinstance(text, ast.Constant) for text in texts)
    ]

    assert built == []


def test_every_sentence_gets_the_values_it_names() -> None:
    wrong = []
    for place, call, texts in sayings():
        given = {keyword.arg for keyword in call.keywords} | ({"count"} if len(texts) > 1 else set())
        named = {name for text in texts for name in fields(ast.literal_eval(text))}
        if None not in given and not named <= given:
            wrong.append(f"{place}: {sorted(named - given)}")

    assert wrong == []
