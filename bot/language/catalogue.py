"""Says the bot's sentences in a language, through gettext."""

from __future__ import annotations

import gettext
import io
import re
from dataclasses import dataclass
from pathlib import Path

from bot.domain.sentence import Sentence, fill

LOCALES = Path(__file__).parent / "locale"

DOMAIN = "parley"


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """The sentences of one language; what it lacks is said in English."""

    translations: gettext.NullTranslations

    @classmethod
    def load(cls, language: str) -> Catalogue:
        """Find the catalogue for a tag such as `zh`, `zh-CN` or `zh_Hans`; a language without one speaks English.

        A regional catalogue goes before that of the whole language.
        """
        file = _find(language)
        return cls(translations=_read(file) if file else gettext.NullTranslations())

    def speak(self, sentence: Sentence) -> str:
        """Say *sentence*; a translation whose fields are not those of the sentence gives way to the English."""
        try:
            return fill(sentence, self._translated(sentence), self.speak)
        except (LookupError, ValueError, AttributeError, TypeError):
            return fill(sentence, _english(sentence), self.speak)

    def _translated(self, sentence: Sentence) -> str:
        if sentence.plural:
            return self.translations.ngettext(sentence.text, sentence.plural, sentence.count)
        return self.translations.gettext(sentence.text) if sentence.text else ""


def file_of(language: str) -> Path:
    """Return where the catalogue of a language is kept."""
    return LOCALES / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def _english(sentence: Sentence) -> str:
    return sentence.plural if sentence.plural and sentence.count != 1 else sentence.text


def _find(tag: str) -> Path | None:
    """Go from the whole tag to its first part; only letters and digits ever name a folder."""
    parts = re.split("[-_]", tag.strip())
    if not all(part.isascii() and part.isalnum() for part in parts):
        return None
    language, *regions = parts
    for count in range(len(regions), -1, -1):
        file = file_of("_".join([language.lower(), *regions[:count]]))
        if file.is_file():
            return file
    return None


def _read(file: Path) -> gettext.GNUTranslations:
    # English need not wait until Babel is imported.
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = io.BytesIO()
    with file.open("rb") as source:
        write_mo(compiled, read_po(source, locale=file.parts[-3]))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
