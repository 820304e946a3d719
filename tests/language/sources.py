"""The bot's sentences as they stand in the source, found with the command that translators use."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from tempfile import NamedTemporaryFile

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from bot.language.catalogue import file_of
from bot.language.extract import FUNCTIONS, calls

ROOT = Path(__file__).parents[2]


def template() -> Catalog:
    """Extract every sentence."""
    with NamedTemporaryFile(suffix=".pot") as file:
        command = f"-m babel.messages.frontend -q extract -F babel.cfg --no-location -o {file.name} ."
        subprocess.run([sys.executable, *command.split()], cwd=ROOT, check=True)
        return read_po(file)


def translations(language: str) -> Catalog:
    """Read a shipped catalogue as its translator sees it."""
    with file_of(language).open("rb") as source:
        return read_po(source, locale=language, abort_invalid=True)


def fields(text: str) -> set[str]:
    """Name the fields of a sentence, leaving aside how they are formatted."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def sayings() -> Iterator[tuple[str, ast.Call, list[ast.expr]]]:
    """Walk over the calls that make sentences: where, the call, and those of its arguments that are English."""
    for file in (*ROOT.glob("bot/**/*.py"), *ROOT.glob("adapters/**/*.py")):
        for call, name in calls(ast.parse(file.read_text(encoding="utf-8"))):
            yield f"{file.relative_to(ROOT)}:{call.lineno}", call, call.args[: FUNCTIONS[name][1]]
