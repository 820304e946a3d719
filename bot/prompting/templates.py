"""Jinja2 templates behind the `Prompts` port.

Templates are text, not code: no includes from elsewhere, no Python, and a variable that is not given is an error.
"""

from __future__ import annotations

import difflib
from pathlib import Path

from jinja2 import FileSystemLoader, StrictUndefined, Template, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

import prompts
from bot.domain.errors import ConfigInvalid
from bot.domain.sentence import Sentence, say, say_many

SHIPPED = Path(prompts.__file__).parent
ENDING = ".md.j2"


class TemplatePrompts:
    """Templates from the `prompts` package; one of the same name in *folder* goes before it.

    Raises:
        ConfigInvalid: The folder is not there, or has a template that replaces none or cannot be read.
    """

    def __init__(self, folder: Path | None = None) -> None:
        if folder is not None and not folder.is_dir():
            raise ConfigInvalid(
                say(
                    "The folder {folder} of [prompts] does not exist: create it or leave the key empty.",
                    folder=str(folder),
                )
            )
        self._environment = ImmutableSandboxedEnvironment(
            loader=FileSystemLoader([*([folder] if folder else []), SHIPPED]),
            undefined=StrictUndefined,
            autoescape=False,  # the text goes to a model, not into HTML
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        self._folder = folder
        self._replaced = _replaced(folder) if folder else []
        for name in self._replaced:
            self._template(name)

    def describe(self) -> Sentence:
        """Say whose templates are used."""
        if self._folder is None:
            return say("The shipped templates are used.")
        return say_many(
            "{folder} replaces one of the shipped templates.",
            "{folder} replaces {count} of the shipped templates.",
            len(self._replaced),
            folder=str(self._folder),
        )

    def render(self, name: str, /, **variables: object) -> str:
        """Fill the template *name*, the path below the folder without `.md.j2`."""
        try:
            return self._template(name).render(**variables)
        except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError) as error:
            # What a template computes fails as Python does: `lines + 1` is a TypeError.
            raise _unusable(name, error) from error

    def _template(self, name: str) -> Template:
        try:
            return self._environment.get_template(f"{name}{ENDING}")
        except (TemplateError, OSError, UnicodeDecodeError) as error:
            raise _unusable(name, error) from error


def _unusable(name: str, error: Exception) -> ConfigInvalid:
    return ConfigInvalid(say("The prompt template {name} cannot be used: {cause}.", name=name, cause=str(error)))


def _replaced(folder: Path) -> list[str]:
    """Name the templates in *folder*, and refuse one that no prompt would ever be made of."""
    shipped, ours = _names(SHIPPED), _names(folder)
    if stranger := next((name for name in ours if name not in shipped), None):
        raise _replaces_nothing(folder, f"{stranger}{ENDING}", [f"{name}{ENDING}" for name in shipped])
    return ours


def _names(folder: Path) -> list[str]:
    return sorted(file.relative_to(folder).as_posix().removesuffix(ENDING) for file in folder.rglob(f"*{ENDING}"))


def _replaces_nothing(folder: Path, file: str, shipped: list[str]) -> ConfigInvalid:
    if nearest := difflib.get_close_matches(file, shipped, n=1):
        return ConfigInvalid(
            say(
                "The prompt template {file} in {folder} replaces nothing, did you mean {nearest}?",
                file=file,
                folder=str(folder),
                nearest=nearest[0],
            )
        )
    return ConfigInvalid(
        say(
            "The prompt template {file} in {folder} replaces nothing: prompts/README.md lists the names there are.",
            file=file,
            folder=str(folder),
        )
    )
