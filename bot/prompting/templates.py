"""Jinja2 templates behind the `Prompts` port.

Templates are text, not code: no includes from elsewhere, no Python, and a variable that is not given is an error.
"""

from __future__ import annotations

from pathlib import Path

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

import prompts
from bot.domain.errors import ConfigInvalid
from bot.domain.sentence import say

SHIPPED = Path(prompts.__file__).parent


class TemplatePrompts:
    """Templates from the `prompts` package; one of the same name in *folder* goes before it."""

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

    def render(self, name: str, /, **variables: object) -> str:
        """Fill the template *name*, the path below the folder without `.md.j2`."""
        try:
            return self._environment.get_template(f"{name}.md.j2").render(**variables)
        except TemplateError as error:
            raise ConfigInvalid(
                say("The prompt template {name} cannot be used: {cause}.", name=name, cause=str(error))
            ) from error
