"""The calendars that came with us are those that were published, and a table of own days is read
whole or not at all.
"""

import io
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook

from adapters.working_days import read_days, read_work_rules, starting_work_rules
from domain.errors import BadRules, BadSpreadsheet, BadUpload
from domain.working_days import Calendar

HEADS = ("Дата", "Что")


def calendar(year: int) -> Calendar:
    return Calendar.of(starting_work_rules().days(year), 0)


def a_table(*rows: Sequence[object], sheets: int = 1) -> bytes:
    workbook = Workbook()
    for row in rows:
        workbook.worksheets[0].append(list(row))
    for _ in range(sheets - 1):
        workbook.create_sheet()
    saved = io.BytesIO()
    workbook.save(saved)
    return saved.getvalue()


def complaints(content: bytes) -> str:
    with pytest.raises(BadSpreadsheet) as refused:
        read_days(content)
    return str(refused.value)


@pytest.mark.parametrize(
    ("year", "working"),
    [(2020, 248), (2021, 247), (2022, 247), (2023, 247), (2024, 248), (2025, 247), (2026, 247)],
)
def test_a_year_has_as_many_working_days_as_its_published_calendar(year: int, working: int) -> None:
    known, day = calendar(year), date(year, 1, 1)
    days = [day + timedelta(days=n) for n in range((date(year + 1, 1, 1) - day).days)]

    assert sum(map(known.is_working, days)) == working
    assert starting_work_rules().decree(year)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        *((date(2025, 5, 2), False), (date(2025, 5, 8), False), (date(2025, 6, 13), False)),
        *((date(2025, 2, 24), True), (date(2025, 3, 10), True), (date(2025, 12, 31), False)),
        *((date(2025, 11, 1), True), (date(2025, 11, 3), False), (date(2025, 11, 5), True)),
        *((date(2024, 4, 27), True), (date(2024, 4, 30), False), (date(2024, 12, 28), True)),
        *((date(2026, 1, 9), False), (date(2026, 3, 9), False), (date(2026, 5, 11), False)),
    ],
)
def test_known_days_are_as_the_decrees_moved_them(day: date, works: bool) -> None:
    assert calendar(day.year).is_working(day) is works


def test_without_a_decree_a_holiday_on_a_weekend_frees_the_next_working_day_save_in_january() -> (
    None
):
    known = calendar(2027)

    assert starting_work_rules().decree(2027) is None
    assert [day for day in known.off if day.month in (1, 5, 6)] == [
        *(date(2027, 1, day) for day in (1, 4, 5, 6, 7, 8)),
        *(date(2027, 5, 3), date(2027, 5, 10), date(2027, 6, 14)),
    ]
    assert known.on == ()


@pytest.mark.parametrize(
    ("moves", "told"),
    [
        ("2027-01-04: 2027-05-04", "2027-01-04"),  # a Monday is no day off
        ("2027-01-02: 2027-05-02", "2027-05-02"),  # nothing is won by a Sunday
        ("2027-01-02: 2028-05-04", "2028-05-04"),
        ("2027-02-30: 2027-05-04", "не читается"),
    ],
)
def test_a_move_that_cannot_be_is_named(tmp_path: Path, moves: str, told: str) -> None:
    file = tmp_path / "days.yaml"
    file.write_text(
        f"holidays: {{2013: ['01-02']}}\nyears: {{2027: {{decree: д, moves: {{{moves}}}}}}}"
    )

    with pytest.raises(BadRules, match=told):
        read_work_rules(file)


def test_days_are_read_from_cells_with_dates_and_from_texts() -> None:
    table = a_table(
        HEADS,
        (datetime(2027, 2, 24), "Выходной"),  # noqa: DTZ001 - as spreadsheets have it
        ("20.02.2027", " рабочий "),
        ("20.02.2027", "рабочий"),
    )

    assert read_days(table) == {date(2027, 2, 24): False, date(2027, 2, 20): True}


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([HEADS, ("30.02.2027", "рабочий")], "A2: такого дня нет"),
        ([HEADS, ("завтра", "рабочий")], "A2: дата не читается"),
        ([HEADS, ("20.02.2027", "полдня")], "B2: ждём одно из слов"),
        ([HEADS, ("20.02.2027", None)], "B2: нет значения «Что»"),
        ([HEADS, ("20.02.2027", "рабочий"), ("20.02.2027", "выходной")], "B3: этот день выше"),
        ([HEADS, ("20.02.2027", "рабочий"), ("20.02.2028", "рабочий")], "A3: день другого года"),
        ([("Дата",), ("20.02.2027",)], "B1: нет столбца «Что»"),
        ([HEADS], "A2: в листе нет ни строки"),
    ],
)
def test_a_mistake_in_the_table_is_named_by_its_cell(
    rows: Sequence[Sequence[object]], told: str
) -> None:
    assert told in complaints(a_table(*rows))


def test_a_second_sheet_is_complained_about() -> None:
    assert "лишний лист" in complaints(a_table(HEADS, ("20.02.2027", "рабочий"), sheets=2))


def test_what_is_no_table_is_refused() -> None:
    with pytest.raises(BadUpload):
        read_days(b"PK\x03\x04 no table")
