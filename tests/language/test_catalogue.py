import gettext
from pathlib import Path

import pytest

from bot.domain.sentence import Sentence, say, say_many
from bot.language import catalogue
from bot.language.catalogue import Catalogue

PO = """
msgid "Hello {name}"
msgstr "你好 {name}"

msgid "Twice {name}"
msgstr "两次 {nom}"

msgid "Broken {name}"
msgstr "坏 {name"

msgid "Rounded {name}"
msgstr "约 {name:,}"

msgid "{count} file"
msgid_plural "{count} files"
msgstr[0] "{count} 个文件"

#, fuzzy
msgid "Guessed"
msgstr "猜"

msgid "Empty"
msgstr ""
"""


@pytest.fixture
def chinese(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Catalogue:
    file = tmp_path / "zh" / "LC_MESSAGES" / "parley.po"
    file.parent.mkdir(parents=True)
    file.write_text(PO, encoding="utf-8")
    monkeypatch.setattr(catalogue, "LOCALES", tmp_path)
    return Catalogue.load("zh")


def test_a_sentence_is_said_in_the_language(chinese: Catalogue) -> None:
    assert chinese.speak(say("Hello {name}", name="Ada")) == "你好 Ada"


def test_a_sentence_inside_a_sentence_is_said_in_the_language_too(chinese: Catalogue) -> None:
    assert chinese.speak(say("Hello {name}", name=say_many("{count} file", "{count} files", 2))) == "你好 2 个文件"


@pytest.mark.parametrize("count", [0, 1, 2])
def test_one_form_serves_every_number_where_the_language_has_one(chinese: Catalogue, count: int) -> None:
    assert chinese.speak(say_many("{count} file", "{count} files", count)) == f"{count} 个文件"


@pytest.mark.parametrize(
    ("sentence", "english"),
    [
        (say("Not in the catalogue {name}", name="x"), "Not in the catalogue x"),
        (say("Guessed"), "Guessed"),
        (say("Empty"), "Empty"),
        (Sentence(text=""), ""),
        (say_many("one", "{count} many", 1), "one"),
        (say_many("one", "{count} many", 3), "3 many"),
    ],
)
def test_what_is_not_translated_is_said_in_english(chinese: Catalogue, sentence: Sentence, english: str) -> None:
    assert chinese.speak(sentence) == english


@pytest.mark.parametrize("text", ["Twice {name}", "Broken {name}", "Rounded {name}"])
def test_a_translation_with_wrong_fields_gives_way_to_english(chinese: Catalogue, text: str) -> None:
    assert chinese.speak(Sentence(text=text, values={"name": "Ada"})) == text.format(name="Ada")


def test_english_around_a_translated_part_keeps_the_part(chinese: Catalogue) -> None:
    inner = say_many("{count} file", "{count} files", 2)

    assert chinese.speak(say("Twice {name}", name=inner)) == "Twice 2 个文件"


@pytest.mark.parametrize("tag", ["zh", "zh-CN", "zh_CN", "zh-Hans", "zh_Hans_CN", "ZH", " zh "])
def test_shipped_chinese_is_found_by_its_tags(tag: str) -> None:
    assert Catalogue.load(tag).speak(say("Left out")) == "未审查"


@pytest.mark.parametrize("tag", ["en", "de", "", "../zh", "zh/../zh", "zh.UTF-8", "-"])
def test_other_tags_speak_english(tag: str) -> None:
    found = Catalogue.load(tag)

    assert found.speak(say("Left out")) == "Left out"
    assert type(found.translations) is gettext.NullTranslations
