import subprocess
import sys

import pytest

from bot.domain.errors import ConfigInvalid
from bot.language.names import language_name


@pytest.mark.parametrize(
    ("tag", "name"),
    [
        ("en", "English"),
        ("EN", "English"),
        ("de", "German"),
        ("zh", "Chinese"),
        ("pt-BR", "Portuguese (Brazil)"),
        ("zh_Hans", "Chinese (Simplified)"),
        (" fr ", "French"),
    ],
)
def test_a_language_has_an_english_name(tag: str, name: str) -> None:
    assert language_name(tag) == name


@pytest.mark.parametrize("tag", ["klingonish", "German", "", "xx", "de_XX", "../de", "de/../en", "a" * 500])
def test_nonsense_is_refused_with_examples(tag: str) -> None:
    with pytest.raises(ConfigInvalid, match=r"set language of \[review\] to a tag such as en, de, zh or pt-BR"):
        language_name(tag)


def test_english_needs_no_babel() -> None:
    program = (
        "import sys\n"
        "from bot.language.catalogue import Catalogue\n"
        "from bot.language.names import language_name\n"
        "Catalogue.load('en'), language_name('en')\n"
        "sys.exit('babel' in sys.modules)\n"
    )

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
