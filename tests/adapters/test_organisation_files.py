"""Lists of organisations: a whole XLSX or nothing, every mistake by its cell."""

import io
from collections.abc import Sequence

import pytest
from openpyxl import Workbook

from adapters.organisation_files import SHEET, read_organisations
from domain.errors import BadSpreadsheet, BadUpload
from domain.organisations import MOST_AT_ONCE, Level, OrganisationKind

HEADINGS = (
    *("Код", "Полное название", "Краткое название", "ИНН", "Адрес"),
    *("Место составления документов", "Работает в системе", "Вид", "Метки", "Часовой пояс"),
)
SCHOOL = (
    *("s-1", "Школа № 1", "СОШ 1", "0012345674", "ул. Садовая, д. 1"),
    *("г. Заречинск", "да", "школа", "500+; сельская", "Asia/Omsk"),
)


def a_list(*rows: Sequence[object], title: str = SHEET) -> bytes:
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = title
    for row in (HEADINGS, *rows):
        sheet.append(list(row))
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


def test_a_list_is_read_whole() -> None:
    outside = ("d-2", "Детский сад № 2", *SCHOOL[2:6], "нет", "детский сад", None, None)

    school, kindergarten = read_organisations(a_list(SCHOOL, outside), Level.MUNICIPALITY)

    assert (school.code, school.outside, school.time_zone) == ("s-1", False, "Asia/Omsk")
    assert (school.kind, school.tags) == (OrganisationKind.SCHOOL, ("500+", "сельская"))
    assert (kindergarten.outside, kindergarten.tags) == (True, ())
    assert kindergarten.kind is OrganisationKind.KINDERGARTEN


@pytest.mark.parametrize(
    ("column", "value", "cell"),
    [
        ("Код", "s 1", "A2"),
        ("Полное название", None, "B2"),
        ("ИНН", "12345", "D2"),
        ("ИНН", 12345674, "D2"),  # the zeros at its beginning are lost in a number
        ("Работает в системе", "иногда", "G2"),
        ("Вид", "лицей", "H2"),
        ("Метки", "a" * 41, "I2"),
        ("Часовой пояс", "Asia/Zarechinsk", "J2"),
    ],
)
def test_a_mistake_is_told_by_its_cell(column: str, value: object, cell: str) -> None:
    row: list[object] = list(SCHOOL)
    row[HEADINGS.index(column)] = value

    with pytest.raises(BadSpreadsheet) as refused:
        read_organisations(a_list(row), Level.MUNICIPALITY)

    said = str(refused.value).splitlines()
    assert said[0] == "Ошибок в таблице: 1. Ничего не принято."
    assert said[1].startswith(f"лист «Организации», ячейка {cell}: ")


def test_contradictions_between_rows_are_told_too() -> None:
    with pytest.raises(BadSpreadsheet, match="ячейка A3: такой код уже есть в строке 2"):
        read_organisations(a_list(SCHOOL, ("s-1", "Другая", *SCHOOL[2:])), Level.MUNICIPALITY)


def test_an_empty_list_and_a_list_under_another_name_are_refused() -> None:
    with pytest.raises(BadSpreadsheet, match="в листе нет ни строки"):
        read_organisations(a_list(), Level.MUNICIPALITY)
    with pytest.raises(BadSpreadsheet, match="такого листа нет"):
        read_organisations(a_list(SCHOOL, title="Люди"), Level.MUNICIPALITY)


def test_a_list_that_is_too_long_names_the_row_from_which_it_is() -> None:
    rows = [(f"s-{n}", f"Школа № {n}", *SCHOOL[2:]) for n in range(MOST_AT_ONCE + 1)]

    with pytest.raises(BadSpreadsheet, match=f"ячейка A{MOST_AT_ONCE + 2}: в списке больше"):
        read_organisations(a_list(*rows), Level.MUNICIPALITY)


def test_what_is_no_table_is_refused() -> None:
    with pytest.raises(BadUpload):
        read_organisations(b"PK\x03\x04", Level.MUNICIPALITY)
