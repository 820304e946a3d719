"""Finds and reads the configuration, and says in one sentence what is wrong with it.

No message repeats a value: it may be a secret that stands in the wrong place.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Iterable, Mapping
from functools import reduce
from pathlib import Path

from platformdirs import user_config_path
from pydantic import ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import EnvSettingsSource, SettingsError

from bot.config import NOT_A_PATTERN, PREFIX, Settings
from bot.domain.errors import ConfigInvalid
from bot.domain.sentence import Sentence, say

LOCATION = f"{PREFIX}CONFIG"
SHOWN = 3

Values = dict[str, object]


def read(path: Path | None = None, environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings from the file that `find` finds, and from the environment, which goes before it.

    Raises:
        ConfigInvalid: A file that was named is missing, cannot be read or is no TOML; a key, a value or a
            `PARLEY_` variable is not known or not valid.
    """
    file = find(path, environ)
    written = _parse(file) if file else {}
    variables = _variables(environ)
    try:
        return Settings.model_validate(_overlay(written, variables))
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
        problems = [_problem(detail, variables, file) for detail in details[:SHOWN]]
        if len(details) > SHOWN:
            problems.append(say("{number} more", number=len(details) - SHOWN))
        sentence = reduce(lambda one, more: say("{one}; {more}", one=one, more=more), problems)
        raise ConfigInvalid(say("{problems}.", problems=sentence)) from error


def wanted_language(environ: Mapping[str, str] = os.environ) -> str:
    """Return the language that the environment asks for, right or wrong, to complain in where `read` fails."""
    return environ.get(_variable("review", "language"), "")


def find(path: Path | None = None, environ: Mapping[str, str] = os.environ) -> Path | None:
    """Return the file to read: *path*, `$PARLEY_CONFIG`, `./config.toml`, the user's own, or None.

    Only the last two may be missing.
    """
    if path is not None:
        return path
    if named := environ.get(LOCATION):
        return Path(named).expanduser()
    usual = (Path("config.toml"), user_config_path("parley") / "config.toml")
    return next((file for file in usual if file.exists()), None)


def _parse(file: Path) -> Values:
    try:
        return tomllib.loads(file.read_bytes().decode("utf-8-sig"))  # Windows editors begin a file with a mark
    except FileNotFoundError as error:
        raise ConfigInvalid(
            say("The configuration file {file} does not exist: check --config and $PARLEY_CONFIG.", file=str(file))
        ) from error
    except OSError as error:
        raise ConfigInvalid(
            say(
                "The configuration file {file} cannot be read: {cause}.",
                file=str(file),
                cause=error.strerror or "",
            )
        ) from error
    except UnicodeDecodeError as error:
        raise ConfigInvalid(say("The configuration file {file} is not UTF-8 text.", file=str(file))) from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigInvalid(
            say("The configuration file {file} is not valid TOML: {cause}.", file=str(file), cause=str(error))
        ) from error


def _variables(environ: Mapping[str, str]) -> dict[str, Values]:
    """Return the `PARLEY_` variables by section and key, each as the value it stands for."""
    known = {_variable(section, key) for section, keys in _keys().items() for key in keys}
    source = EnvSettingsSource(Settings)
    values: dict[str, Values] = {}
    for name, text in environ.items():
        if not name.upper().startswith(PREFIX) or name.upper() == LOCATION:
            continue
        if name.upper() not in known:
            problem = _unknown(say("The environment variable {name} is not known", name=name), name, known)
            raise ConfigInvalid(say("{problem}.", problem=problem))
        source.env_vars = {name.lower(): text}
        try:
            found = source()
        except SettingsError as error:
            raise ConfigInvalid(
                say('{name} takes a list written as JSON, such as ["docs/**", "*.svg"].', name=name)
            ) from error
        for section, keys in found.items():
            values.setdefault(section, {}).update(keys)
    return values


def _overlay(written: Values, variables: dict[str, Values]) -> Values:
    merged = dict(written)
    for section, keys in variables.items():
        table = written.get(section, {})
        merged[section] = {**table, **keys} if isinstance(table, dict) else table
    return merged


def _problem(detail: ErrorDetails, variables: dict[str, Values], file: Path | None) -> Sentence:
    """Say what is wrong at one place, and in which file or variable that place is."""
    section, key = [*(str(part) for part in detail["loc"]), "", ""][:2]
    if key in variables.get(section, {}):
        return say("{name} {complaint}", name=_variable(section, key), complaint=_complaint(detail))
    if detail["type"] == "extra_forbidden":
        problem = _misspelt(section, key)
    elif key:
        problem = say("{key} of [{section}] {complaint}", key=key, section=section, complaint=_complaint(detail))
    else:
        problem = say("[{section}] {complaint}", section=section, complaint=_complaint(detail))
    return say("{file}: {problem}", file=str(file), problem=problem) if file else problem


def _misspelt(section: str, key: str) -> Sentence:
    keys = _keys()
    if key:
        return _unknown(say("[{section}] has no key {key}", section=section, key=key), key, keys[section])
    home = next((name for name, its_keys in keys.items() if section in its_keys), None)
    if home is not None:
        return say("{key} stands outside of its section, write it below [{section}]", key=section, section=home)
    return _unknown(say("there is no section [{section}]", section=section), section, keys)


def _unknown(problem: Sentence, word: str, known: Iterable[str]) -> Sentence:
    names = {name.casefold(): name for name in known}
    nearest = difflib.get_close_matches(word.casefold(), names, n=1)
    if not nearest:
        return say("{problem}, config.example.toml lists what there is", problem=problem)
    return say("{problem}, did you mean {nearest}", problem=problem, nearest=names[nearest[0]])


_COMPLAINTS = {
    "model_type": say("must be a table of keys"),
    "tuple_type": say("must be a list"),
    "string_type": say("must be text in quotes"),
    NOT_A_PATTERN: say("has a pattern that means nothing in a .gitignore, such as `!` alone"),
}


def _complaint(detail: ErrorDetails) -> Sentence:
    text = detail["msg"].removeprefix("Value error, ").removeprefix("Input ")
    return _COMPLAINTS.get(detail["type"]) or say("{complaint}", complaint=text)


def _keys() -> dict[str, list[str]]:
    sections = {name: field.annotation for name, field in Settings.model_fields.items()}
    return {name: list(getattr(section, "model_fields", {})) for name, section in sections.items()}


def _variable(section: str, key: str) -> str:
    return f"{PREFIX}{section}__{key}".upper()
