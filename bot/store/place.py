"""Where the database file lies."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path

from bot.domain.errors import ConfigInvalid
from bot.domain.sentence import say

SCHEME = re.compile(r"([a-z][a-z0-9+.-]+):")


def database_file(path: Path) -> Path:
    """Return the absolute path of the file, whose name may hold anything.

    Raises:
        ConfigInvalid: It is an address of a database server. The sentence leaves out what may hold a password.
    """
    if path.parts and (scheme := SCHEME.fullmatch(path.parts[0])):
        raise ConfigInvalid(
            say(
                "`database` of [memory] is a {scheme} address and not a file; PostgreSQL is not supported by this "
                "version: set it to the path of an SQLite file, or leave it empty.",
                scheme=scheme[1],
            )
        )
    return path.absolute()


def make_place(file: Path) -> None:
    """Create the folder and an empty file where they are missing, for nobody else to read.

    SQLite gives its side files the mode of the main file.
    """
    with suppress(FileExistsError):  # also when it is no folder, which the next line says better
        file.parent.parent.mkdir(parents=True)
    with suppress(FileExistsError):
        file.parent.mkdir(mode=0o700)
    with suppress(FileExistsError):
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
