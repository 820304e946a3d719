"""JSON schemas to the grammar that llama.cpp obeys."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Mapping

LONGEST = 1000
"""Most repetitions; llama.cpp crashes on some larger numbers and refuses others."""

_LIMITS = re.compile(r'"(?:min|max)(?:Length|Items)": (\d+)')
_ANY_CHARACTER = r'[^"\\]'
_NO_CONTROL_CHARACTER = r'[^"\\\x7F\x00-\x1F]'


def grammar_of(schema: Mapping[str, object]) -> str:
    """Return the grammar, in GBNF, of the JSON texts that follow *schema*.

    Raises:
        ValueError: The schema is not one, or uses what cannot be expressed.
    """
    return _grammar(json.dumps(schema))


@functools.lru_cache(maxsize=64)
def _grammar(schema: str) -> str:
    from llama_cpp.llama_grammar import json_schema_to_gbnf

    if any(int(limit) > LONGEST for limit in _LIMITS.findall(schema)):
        message = f"no grammar for the schema {schema}: a limit is over {LONGEST}"
        raise ValueError(message)
    try:
        grammar: str = json_schema_to_gbnf(schema)
    except (AssertionError, LookupError, TypeError, AttributeError) as error:
        message = f"no grammar for the schema {schema}"
        raise ValueError(message) from error
    return "\n".join(_strict(rule) for rule in grammar.splitlines())


def _strict(rule: str) -> str:
    """Keep line breaks out of strings: JSON wants them escaped, and the converter does not."""
    return rule.replace(_ANY_CHARACTER, _NO_CONTROL_CHARACTER, 1) if rule.startswith("char ::=") else rule
