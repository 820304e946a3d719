"""Addresses, and what may be logged."""

from __future__ import annotations

import logging

import pytest

from bot.github.changes import GitHubChanges
from bot.github.connection import Connection
from tests.github.conftest import REF


@pytest.mark.parametrize(
    ("api_url", "graphql"),
    [
        ("https://api.github.com", "https://api.github.com/graphql"),
        ("https://git.example.org/api/v3", "https://git.example.org/api/graphql"),
        ("http://127.0.0.1:8080/api/v3", "http://127.0.0.1:8080/api/graphql"),
        ("https://api.octo.ghe.com", "https://api.octo.ghe.com/graphql"),
    ],
)
def test_graphql_is_where_each_kind_of_github_has_it(api_url: str, graphql: str) -> None:
    assert Connection(None, api_url)._requester.graphql_url == graphql


async def test_neither_token_nor_code_is_logged(changes: GitHubChanges, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        await changes.fetch(REF)

    assert "good" not in caplog.text
    assert "return sum(values)" not in caplog.text
