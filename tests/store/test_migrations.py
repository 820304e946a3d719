"""A database of any age becomes one of today, or stays as it was."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, create_engine, event, insert, inspect, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.pool import NullPool
from sqlalchemy.schema import CreateIndex, CreateTable

from bot.domain.errors import StoreUnusable
from bot.store.columns import Moment
from bot.store.migrations import MIGRATIONS, migrate, schema_version
from bot.store.tables import metadata, reviews, turns
from tests.builders import NOON


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "memory.sqlite3"


@pytest.fixture
def engine(file: Path) -> Iterator[Engine]:
    engine = create_engine(f"sqlite:///{file}", poolclass=NullPool, connect_args={"isolation_level": None})
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    yield engine
    engine.dispose()


def schema(engine: Engine) -> set[str]:
    with engine.begin() as connection:
        made = connection.execute(text("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")).scalars()
        return {" ".join(statement.split()) for statement in made}


def versions(engine: Engine) -> list[int]:
    with engine.begin() as connection:
        return list(connection.execute(select(schema_version.c.version).order_by(schema_version.c.version)).scalars())


def test_all_steps_together_make_the_tables_that_statements_use(engine: Engine, file: Path) -> None:
    with engine.begin() as connection:
        migrate(connection, file)

    wanted = {" ".join(str(CreateTable(table).compile(engine)).split()) for table in metadata.sorted_tables}
    wanted |= {
        " ".join(str(CreateIndex(index).compile(engine)).split())
        for table in metadata.sorted_tables
        for index in table.indexes
    }
    own = " ".join(str(CreateTable(schema_version).compile(engine)).split())
    assert schema(engine) == {*wanted, own}
    assert versions(engine) == list(range(1, len(MIGRATIONS) + 1))


def test_a_database_of_today_is_left_alone(engine: Engine, file: Path) -> None:
    with engine.begin() as connection:
        migrate(connection, file)
    before = schema(engine)

    with engine.begin() as connection:
        migrate(connection, file)

    assert schema(engine) == before
    assert versions(engine) == list(range(1, len(MIGRATIONS) + 1))


def add_notes(connection: Connection) -> None:
    connection.execute(text("CREATE TABLE notes (id INTEGER)"))


def stumble(connection: Connection) -> None:
    connection.execute(text("CREATE TABLE half (id INTEGER)"))
    raise KeyError("stumbled")


def test_only_the_steps_that_are_missing_are_taken(engine: Engine, file: Path) -> None:
    with engine.begin() as connection:
        migrate(connection, file)

    with engine.begin() as connection:
        migrate(connection, file, [*MIGRATIONS, add_notes])

    assert "CREATE TABLE notes (id INTEGER)" in schema(engine)
    assert versions(engine) == list(range(1, len(MIGRATIONS) + 2))


def test_a_step_that_fails_takes_the_whole_way_back(engine: Engine, file: Path) -> None:
    with engine.begin() as connection:
        migrate(connection, file)
    before = schema(engine)

    with pytest.raises(KeyError), engine.begin() as connection:
        migrate(connection, file, [*MIGRATIONS, add_notes, stumble])

    assert schema(engine) == before
    assert versions(engine) == list(range(1, len(MIGRATIONS) + 1))


def an_old_review(connection: Connection, number: int) -> None:
    connection.execute(
        text(
            "INSERT INTO reviews (id, channel, thread, target, at, review, change)"
            " VALUES (:id, 'console', '1', :target, '2026-03-04 12:00:00.000000', '{}', x'00ff')"
        ),
        {"id": number, "target": f"o/r#{number}"},
    )


def test_old_reviews_get_an_id_each_and_lose_nothing(engine: Engine, file: Path) -> None:
    with engine.begin() as connection:
        migrate(connection, file, MIGRATIONS[:1])
        for number in (1, 5):
            an_old_review(connection, number)
        connection.execute(text("INSERT INTO turns VALUES (3, 'console', '1', '2026-03-04', 'bot', '', 'said')"))

    with engine.begin() as connection:
        migrate(connection, file)

    with engine.begin() as connection:
        found = [tuple(row) for row in connection.execute(select(reviews).order_by(reviews.c.id))]
        said = connection.execute(select(turns.c.id, turns.c.text)).all()
    assert found == [
        (number, f"r{number}", "console", "1", f"o/r#{number}", NOON, "{}", b"\x00\xff") for number in (1, 5)
    ]
    assert [tuple(row) for row in said] == [(3, "said")]


def test_no_two_reviews_have_the_same_id(engine: Engine, file: Path) -> None:
    with engine.begin() as connection:
        migrate(connection, file, MIGRATIONS[:1])
        an_old_review(connection, 1)
        migrate(connection, file)

        twin = connection.execute(select(reviews)).one()._asdict() | {"id": 2}

    with engine.connect() as connection, pytest.raises(IntegrityError, match="UNIQUE"):
        connection.execute(insert(reviews).values(twin))


def test_a_database_of_a_newer_program_is_refused_and_kept(engine: Engine, file: Path) -> None:
    with engine.begin() as connection:
        migrate(connection, file)
        connection.execute(insert(schema_version).values(version=99, applied=NOON))
    before = file.read_bytes()

    with pytest.raises(StoreUnusable, match="newer version") as caught, engine.begin() as connection:
        migrate(connection, file)

    assert "99" in str(caught.value)
    assert str(file) in str(caught.value)
    assert "`database` of [memory]" in str(caught.value)
    assert file.read_bytes() == before


def test_the_database_of_another_program_is_refused_and_kept(engine: Engine, file: Path) -> None:
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE bookmarks (id INTEGER)"))

    with pytest.raises(StoreUnusable, match="another program"), engine.begin() as connection:
        migrate(connection, file)

    with engine.begin() as connection:
        assert inspect(connection).get_table_names() == ["bookmarks"]


def test_the_version_table_remembers_when(engine: Engine, file: Path) -> None:
    with engine.begin() as connection:
        migrate(connection, file)
        applied = connection.execute(select(schema_version.c.applied)).scalars().first()

    assert isinstance(schema_version.c.applied.type, Moment)
    assert applied is not None
    assert applied.tzinfo is not None
