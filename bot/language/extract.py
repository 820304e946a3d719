"""Finds the bot's sentences in the source, for Babel's `extract` command.

Babel's own Python extractor reads tokens: it overlooks sentences in f-strings and in the arguments of other methods
called `say`.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping
from typing import IO

Found = tuple[int, str, tuple[str, ...], list[str]]

FUNCTIONS = {"say": ("gettext", 1), "say_many": ("ngettext", 2)}
"""What makes a sentence: what gettext calls such a function, and how many of its arguments are English."""


def sentences(
    source: IO[bytes], _keywords: Collection[str], _comment_tags: Collection[str], options: Mapping[str, object]
) -> Iterator[Found]:
    """Yield line, function, texts and comments, the form Babel asks of an extraction method.

    A text that is no literal is left out; nobody could translate it.
    """
    for call, name in calls(ast.parse(source.read())):
        function, count = FUNCTIONS[name]
        texts = tuple(
            node.value for node in call.args[:count] if isinstance(node, ast.Constant) and isinstance(node.value, str)
        )
        if len(texts) == count:
            yield call.lineno, function, texts, []


def calls(tree: ast.AST) -> Iterator[tuple[ast.Call, str]]:
    """Yield every call that makes a sentence, with the function's name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in FUNCTIONS:
            yield node, node.func.id
