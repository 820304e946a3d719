"""Writes `config.example.toml` from the settings: `python -m tests.config_example > config.example.toml`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator

from pydantic import SecretStr

from bot.config import Settings

HEAD = """\
# Every setting with its default. Copy to config.toml and keep what you change.
# The environment goes before the file: PARLEY_GITHUB__TOKEN is token of [github].
"""


def example() -> str:
    """Return the text of the file."""
    return "\n".join([HEAD, *_tables()])


def _tables() -> Iterator[str]:
    for section, table in Settings():
        if isinstance(table, dict):
            yield f"[{section}]\n# {Settings.model_fields[section].description}\n"
            continue
        keys = [
            f"# {field.description}\n{key} = {_literal(getattr(table, key))}"
            for key, field in type(table).model_fields.items()
        ]
        yield f"[{section}]\n" + "\n".join(keys) + "\n"


def _literal(value: object) -> str:
    plain = value.get_secret_value() if isinstance(value, SecretStr) else value
    return json.dumps(plain)  # strings, numbers and lists look the same in TOML


if __name__ == "__main__":
    sys.stdout.write(example())
