"""What a language is called, for telling a model which one to write in."""

from __future__ import annotations

from bot.domain.errors import ConfigInvalid
from bot.domain.sentence import say

ENGLISH = "English"


def language_name(tag: str) -> str:
    """Return the English name of a language tag such as `de`, `pt-BR` or `zh_Hans`.

    Raises:
        ConfigInvalid: No language has this tag.
    """
    if tag.strip().lower() == "en":
        return ENGLISH
    # English need not wait until Babel is imported.
    from babel import Locale, UnknownLocaleError

    try:
        name = Locale.parse(tag.strip().replace("-", "_")).english_name
    except (UnknownLocaleError, ValueError) as error:
        raise _unknown(tag) from error
    if not name:
        raise _unknown(tag)
    return name


def _unknown(tag: str) -> ConfigInvalid:
    return ConfigInvalid(
        say("There is no language `{tag}`: set language of [review] to a tag such as en, de, zh or pt-BR.", tag=tag)
    )
