"""Every query is one that GitHub's public schema allows.

The schema is that of the npm package `@octokit/graphql-schema` 15.26.1, whose licence lies beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLSchema, build_schema, parse, validate

from bot.domain.change import RepositoryRef
from bot.github import open_query, query
from bot.github.history_query import Wanted, history_query
from bot.github.open_query import Piece, fates_query, query_for, stand_query
from tests.builders import a_ref

SCHEMA = Path(__file__).parent.parent / "samples" / "github" / "schema.graphql"
STATS = RepositoryRef(owner="octo", name="stats")


@cache
def schema() -> GraphQLSchema:
    return build_schema(SCHEMA.read_text(encoding="utf-8"), assume_valid=True)


def problems(text: str) -> list[str]:
    return [error.message for error in validate(schema(), parse(text))]


@pytest.mark.parametrize(
    "text",
    [
        query.QUERY,
        open_query.REPOSITORIES,
        query_for([Piece(repository=STATS, first=100)], paths=False)[0],
        query_for([Piece(repository=STATS, first=2, after="x")] * 50, paths=True)[0],
        fates_query([a_ref()])[0],
        fates_query([a_ref()] * 50)[0],
        stand_query([a_ref()] * 50)[0],
        history_query(STATS, opened=Wanted(first=50), closed=Wanted(first=50))[0],
        history_query(STATS, opened=Wanted(first=100, after="x"), closed=Wanted(first=0))[0],
        history_query(STATS, opened=Wanted(first=0), closed=Wanted(first=100, after="x"))[0],
    ],
    ids=[
        "pull request",
        "repositories",
        "open",
        "open of fifty",
        "fate",
        "fates of fifty",
        "stands of fifty",
        "history",
        "history of what is open",
        "history of what is closed",
    ],
)
def test_a_query_is_valid(text: str) -> None:
    assert problems(text) == []


@pytest.mark.parametrize(
    ("text", "variables"),
    [
        query_for([Piece(repository=STATS, first=1), Piece(repository=STATS, first=1)], paths=False),
        history_query(STATS, opened=Wanted(first=50), closed=Wanted(first=50)),
        history_query(STATS, opened=Wanted(first=0), closed=Wanted(first=100)),
    ],
)
def test_every_variable_of_a_query_is_given(text: str, variables: Mapping[str, Any]) -> None:
    declared = {word.strip("$:") for word in text.partition("{")[0].replace("(", " ").split() if word.startswith("$")}
    assert declared == set(variables)


def test_a_wrong_query_is_caught() -> None:
    assert problems("query { repository(owner: 1) { nmae } }") != []
