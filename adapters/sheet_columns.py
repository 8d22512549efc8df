"""Rows of a table with headings, all or nothing; every mistake is named by sheet and cell.

Cells may hold personal data, so a complaint says where and what is expected, never what stands
there.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from adapters.spreadsheets import CellValue, Sheet, column_letters
from domain.base import Value
from domain.enrolment import Complaint, Place

SHOWN = 50
MAX_TEXT = 200
_NUMERIC_DATE = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")


class Unread(Exception):  # noqa: N818 - turned into a complaint at the cell, never leaves here
    """A cell holds something else than its column asks for; the text says what is expected."""


def read_text(cell: CellValue) -> str:
    """A line of text; numbers as they are written."""
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        raise Unread("ждём текст")
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)  # a spreadsheet keeps the code 12 as 12.0
    text = " ".join(unicodedata.normalize("NFC", str(cell)).split())
    if len(text) > MAX_TEXT:
        raise Unread(f"длиннее {MAX_TEXT} знаков; сократите")
    return text


def read_date(cell: CellValue) -> date:
    """A cell with a date, or a text ДД.ММ.ГГГГ."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, str) and (match := _NUMERIC_DATE.fullmatch(cell.strip())):
        day, month, year = map(int, match.groups())
        try:
            return date(year, month, day)
        except ValueError:
            raise Unread("такого дня нет в календаре; исправьте дату") from None
    raise Unread("дата не читается; ждём ДД.ММ.ГГГГ или ячейку с датой")


class Column(Value):
    """A column by its heading; `read` raises `Unread`."""

    heading: str
    read: Callable[[CellValue], object]
    required: bool = False  # the column must be there and no cell of it empty


def read_rows(
    sheet: Sheet | None,
    columns: Mapping[str, Column],
    complaints: list[Complaint],
    unread: list[str],
) -> Iterator[tuple[Place, dict[str, Any]]]:
    """Rows whose every cell was read. Adds to `complaints`; to `unread`, codes of other rows."""
    if sheet is None:
        return
    heading_complaints, indexes = _headings(sheet, columns)
    complaints += heading_complaints
    if any(column.required and field not in indexes for field, column in columns.items()):
        return  # complained about once; every row would repeat it
    letters = {field: column_letters(index) for field, index in indexes.items()}
    for number, row in enumerate(sheet.rows[1:], start=2):
        if all(_is_empty(row[index]) for index in indexes.values()):
            continue
        place = Place(sheet=sheet.name.strip(), row=number, columns=letters)
        cells = {field: row[index] for field, index in indexes.items()}
        fields, wrong = _row(place, cells, columns)
        complaints += wrong
        if not wrong:
            yield place, fields
        elif "code" in fields:
            unread.append(fields["code"])


def _headings(
    sheet: Sheet, columns: Mapping[str, Column]
) -> tuple[list[Complaint], dict[str, int]]:
    known = {_folded(column.heading): field for field, column in columns.items()}
    expected = ", ".join(f"«{column.heading}»" for column in columns.values())
    complaints: list[Complaint] = []
    indexes: dict[str, int] = {}

    def complain(index: int, reason: str) -> None:
        cell = f"{column_letters(index)}1"
        complaints.append(Complaint(sheet=sheet.name.strip(), cell=cell, reason=reason))

    width = max((len(row) for row in sheet.rows), default=0)
    for index in range(width):
        heading = sheet.rows[0][index]
        field = known.get(_folded(heading)) if isinstance(heading, str) else None
        if field is None:
            if any(not _is_empty(row[index]) for row in sheet.rows):
                complain(index, f"неизвестный столбец; удалите его или назовите: {expected}")
        elif field in indexes:
            complain(index, "такой столбец уже есть; оставьте один")
        else:
            indexes[field] = index
    for field, column in columns.items():
        if column.required and field not in indexes:
            complain(width, f"нет столбца «{column.heading}»; добавьте")
    return complaints, indexes


def _row(
    place: Place, cells: Mapping[str, CellValue], columns: Mapping[str, Column]
) -> tuple[dict[str, Any], list[Complaint]]:
    fields: dict[str, Any] = {}
    complaints: list[Complaint] = []
    for field, cell in cells.items():
        column = columns[field]
        try:
            if not _is_empty(cell):
                fields[field] = column.read(cell)
            elif column.required:
                complaints.append(
                    place.complaint(field, f"нет значения «{column.heading}»; впишите")
                )
        except Unread as unread:
            complaints.append(place.complaint(field, str(unread)))
    return fields, complaints


def _is_empty(cell: CellValue) -> bool:
    return isinstance(cell, str) and not cell.strip()


def _folded(heading: str) -> str:
    return " ".join(heading.split()).casefold().replace("ё", "е")


def told(complaints: list[Complaint]) -> str:
    """What a person reads of a table with mistakes: the first of them, by place."""
    lines = [str(complaint) for complaint in sorted(complaints, key=_by_place)]
    said = [f"Ошибок в таблице: {len(lines)}. Ничего не принято.", *lines[:SHOWN]]
    if len(lines) > SHOWN:
        said.append(f"и ещё {len(lines) - SHOWN}")
    said.append("Исправьте и загрузите файл снова.")
    return "\n".join(said)


def _by_place(complaint: Complaint) -> tuple[str, int, int, str]:
    letters = complaint.cell.rstrip("0123456789")
    return complaint.sheet, int(complaint.cell[len(letters) :]), len(letters), letters
