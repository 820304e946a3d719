"""Days without digests: of countries, of calendar files, weekends."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.domain.errors import ConfigInvalid
from bot.jobs.free_days import free_days

EPIPHANY = date(2026, 1, 6)
SATURDAY, SUNDAY, FRIDAY = date(2026, 3, 7), date(2026, 3, 8), date(2026, 3, 6)


def test_without_a_word_every_day_is_as_any_other() -> None:
    free = free_days("", weekends=False)

    assert not any(map(free, (EPIPHANY, SATURDAY, date(2026, 12, 25))))


@pytest.mark.parametrize(
    ("name", "day", "expected"),
    [
        ("DE", date(2026, 10, 3), True),
        ("DE", EPIPHANY, False),
        ("DE-BY", EPIPHANY, True),
        ("de-by", EPIPHANY, True),
        ("US", date(2026, 7, 3), True),
        ("US", date(2026, 7, 6), False),
    ],
)
def test_a_country_has_its_holidays(name: str, day: date, expected: bool) -> None:
    assert free_days(name, weekends=False)(day) is expected


def test_weekends_are_those_of_the_country() -> None:
    here, israel = free_days("", weekends=True), free_days("IL", weekends=True)

    assert [here(day) for day in (FRIDAY, SATURDAY, SUNDAY)] == [False, True, True]
    assert [israel(day) for day in (FRIDAY, SATURDAY, SUNDAY)] == [True, True, False]


def calendar(file: Path, *events: str) -> str:
    lines = "".join(f"BEGIN:VEVENT\r\nUID:{number}\r\n{event}\r\nEND:VEVENT\r\n" for number, event in enumerate(events))
    file.write_text(f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{lines}END:VCALENDAR\r\n")
    return str(file)


def test_a_calendar_file_has_days_spans_and_repetitions(tmp_path: Path) -> None:
    free = free_days(
        calendar(
            tmp_path / "team.ics",
            "DTSTART;VALUE=DATE:20260601\r\nSUMMARY:Outing",
            "DTSTART;VALUE=DATE:20251224\r\nDTEND;VALUE=DATE:20251227\r\nRRULE:FREQ=YEARLY",
            "DTSTART:20260615T090000Z\r\nDTEND:20260616T170000Z",
        ),
        weekends=False,
    )

    days = [date(2026, 5, 31), date(2026, 6, 1), date(2026, 6, 2), date(2026, 6, 15), date(2026, 6, 16)]
    assert [free(day) for day in days] == [False, True, False, True, True]
    christmas = [date(2027, 12, day) for day in (23, 24, 26, 27)]
    assert [free(day) for day in christmas] == [False, True, True, False]
    assert not free(date(2024, 12, 24)), "it had not begun then"


@pytest.mark.parametrize(
    ("name", "hint"),
    [("XX", "no country that I know"), ("DE-QQ", "no country that I know"), ("holidays", "no country that I know")],
)
def test_a_country_that_is_none_is_said(name: str, hint: str) -> None:
    with pytest.raises(ConfigInvalid, match=hint):
        free_days(name, weekends=False)


def test_a_file_that_is_missing_or_no_calendar_is_said(tmp_path: Path) -> None:
    strange = tmp_path / "strange.ics"
    strange.write_text("hello")

    with pytest.raises(ConfigInvalid, match="cannot be read"):
        free_days(str(tmp_path / "missing.ics"), weekends=False)
    with pytest.raises(ConfigInvalid, match="is no calendar"):
        free_days(str(strange), weekends=False)
    with pytest.raises(ConfigInvalid, match="is no calendar"):
        free_days(calendar(tmp_path / "empty.ics", "SUMMARY:no beginning"), weekends=False)
