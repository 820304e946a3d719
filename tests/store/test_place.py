"""The database file is a file, and nobody else's to read."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.errors import ConfigInvalid
from bot.store.place import database_file, make_place


@pytest.mark.parametrize(
    "address", ["postgresql://bot:secret@db/parley", "postgresql+asyncpg://db/parley", "mysql://db"]
)
def test_the_address_of_a_server_is_refused_without_repeating_it(address: str) -> None:
    with pytest.raises(ConfigInvalid) as caught:
        database_file(Path(address))

    assert f"a {address.partition(':')[0]} address and not a file" in str(caught.value)
    assert "PostgreSQL is not supported by this version" in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("name", ["parley.sqlite3", "a/b.db", ":memory:", "file:x?mode=memory", "ö ?%20#.db"])
def test_every_other_name_is_a_file_here(name: str) -> None:
    assert database_file(Path(name)) == Path.cwd() / name


def test_folder_and_file_are_made_for_their_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "share" / "parley" / "parley.sqlite3"

    make_place(file)

    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700


def test_what_is_there_stays_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "parley.sqlite3"
    file.write_bytes(b"content")
    file.chmod(0o640)

    make_place(file)

    assert file.read_bytes() == b"content"
    assert file.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("below", ["x.sqlite3", "folder/x.sqlite3", "a/b/x.sqlite3"])
def test_below_a_file_there_is_no_place(below: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(NotADirectoryError):
        make_place(tmp_path / "file" / below)
