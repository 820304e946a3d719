"""Any text and any moment survive a database column."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import sqlite

from bot.store.columns import AnyText, Moment

DIALECT = sqlite.dialect()
anything = st.text(st.characters(exclude_categories=()))  # surrogates too


def stored(text: str) -> str:
    value = AnyText().process_bind_param(text, DIALECT)
    assert value is not None
    return value


@given(anything)
def test_text_comes_back_as_it_was(text: str) -> None:
    assert AnyText().process_result_value(stored(text), DIALECT) == text


@given(anything)
def test_stored_text_is_what_every_database_takes(text: str) -> None:
    assert "\0" not in stored(text)
    assert stored(text).encode("utf-8").decode("utf-8") == stored(text)


@pytest.mark.parametrize("text", ["owner/repo#12", "Grüße 你好 🎉", "", "main...HEAD"])
def test_ordinary_text_is_stored_as_it_reads(text: str) -> None:
    assert stored(text) == text


def test_text_that_looks_escaped_is_told_from_escaped_text() -> None:
    assert stored("\\u0000") != stored("\0")


def test_a_moment_is_stored_in_utc_and_gets_its_zone_back() -> None:
    tokyo = timezone(timedelta(hours=9))
    bound = Moment().process_bind_param(datetime(2026, 3, 4, 21, tzinfo=tokyo), DIALECT)

    assert bound == datetime(2026, 3, 4, 12, tzinfo=UTC)
    assert bound.utcoffset() == timedelta()
    assert Moment().process_result_value(bound.replace(tzinfo=None), DIALECT) == bound


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Moment().process_bind_param(datetime(2026, 3, 4), DIALECT)  # noqa: DTZ001 - the mistake that is refused


def test_nothing_stays_nothing() -> None:
    assert AnyText().process_bind_param(None, DIALECT) is None
    assert AnyText().process_result_value(None, DIALECT) is None
    assert Moment().process_bind_param(None, DIALECT) is None
    assert Moment().process_result_value(None, DIALECT) is None
