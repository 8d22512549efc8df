"""XLSX -> organisations below one of a level, all or nothing; mistakes are named by cell."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, TypeVar
from zoneinfo import ZoneInfoNotFoundError

from adapters.sheet_columns import Column, Unread, read_rows, read_text, told
from adapters.spreadsheets import CellValue, Sheet, read_xlsx
from domain.enrolment import Complaint
from domain.errors import BadSpreadsheet
from domain.organisations import (
    MOST_AT_ONCE,
    Level,
    NewOrganisation,
    OrganisationKind,
    PlacedOrganisation,
    problems,
    time_zone_of,
)

SHEET: Final = "Организации"
T = TypeVar("T")

_KINDS: Final[Mapping[str, OrganisationKind]] = {
    "школа": OrganisationKind.SCHOOL,
    "детский сад": OrganisationKind.KINDERGARTEN,
    "колледж": OrganisationKind.COLLEGE,
    "дополнительное образование": OrganisationKind.EXTRA_EDUCATION,
    "другая": OrganisationKind.OTHER,
}
_LEVELS: Final[Mapping[str, Level]] = {
    "организация": Level.ORGANISATION,
    "муниципалитет": Level.MUNICIPALITY,
}
_IN_SYSTEM: Final[Mapping[str, bool]] = {"да": False, "нет": True}
"""«Работает в системе» → whether it is outside."""
_CODE: Final = re.compile(r"[\w.-]{1,40}")
_INN: Final = re.compile(r"[0-9]{10}")
_TAG: Final = re.compile(r"[\w+.-]([\w +.-]{0,38}[\w+.-])?")
_LOGIN: Final = re.compile(r"[\w.@-]{3,60}")


def _matched(pattern: re.Pattern[str], cell: CellValue, expected: str) -> str:
    if not pattern.fullmatch(text := read_text(cell)):
        raise Unread(expected)
    return text


def _code(cell: CellValue) -> str:
    return _matched(_CODE, cell, "ждём код: до 40 букв, цифр, точек и дефисов без пробелов")


def _inn(cell: CellValue) -> str:
    return _matched(_INN, cell, "ждём ИНН организации: десять цифр, ячейка — текст")


def _login(cell: CellValue) -> str:
    expected = "ждём логин: от 3 до 60 букв, цифр и знаков . _ - @ без пробелов"
    return _matched(_LOGIN, cell, expected).casefold()


def _tags(cell: CellValue) -> tuple[str, ...]:
    said = (one.strip() for one in re.split(r"[;,]", read_text(cell)))
    expected = "ждём метки через «;», до 40 букв, цифр и знаков + . - каждая"
    return tuple(_matched(_TAG, one, expected) for one in said if one)


def _zone(cell: CellValue) -> str:
    try:
        return time_zone_of(read_text(cell))
    except ZoneInfoNotFoundError:
        raise Unread("такого часового пояса нет; ждём вид Asia/Omsk") from None


def _one_of(known: Mapping[str, T], cell: CellValue) -> T:
    if (word := read_text(cell).casefold()) not in known:
        raise Unread(f"ждём одно из: {', '.join(known)}")
    return known[word]


_COLUMNS: Final[Mapping[str, Column]] = {
    "code": Column(heading="Код", read=_code, required=True),
    "name": Column(heading="Полное название", read=read_text, required=True),
    "short_name": Column(heading="Краткое название", read=read_text, required=True),
    "inn": Column(heading="ИНН", read=_inn, required=True),
    "address": Column(heading="Адрес", read=read_text, required=True),
    "city": Column(heading="Место составления документов", read=read_text, required=True),
    "time_zone": Column(heading="Часовой пояс", read=_zone),
    "level": Column(heading="Уровень", read=lambda cell: _one_of(_LEVELS, cell)),
    "kind": Column(heading="Вид", read=lambda cell: _one_of(_KINDS, cell)),
    "outside": Column(
        heading="Работает в системе", read=lambda cell: _one_of(_IN_SYSTEM, cell), required=True
    ),
    "tags": Column(heading="Метки", read=_tags),
    "login": Column(heading="Логин администратора", read=_login),
}


def read_organisations(source: Path | bytes, upper: Level) -> tuple[NewOrganisation, ...]:
    """The organisations of an XLSX that may stand below one of the level `upper`.

    Sheet «Организации»; headings in row 1, columns in any order. Raises `BadUpload` if the file is
    no harmless XLSX, `BadSpreadsheet` listing every mistake by sheet, cell and reason otherwise;
    then nothing was taken.
    """
    content = source if isinstance(source, bytes) else source.read_bytes()
    sheets = {sheet.name.strip(): sheet for sheet in read_xlsx(content)}
    complaints = list(_wrong_sheets(sheets))
    rows: list[PlacedOrganisation] = []
    for place, fields in read_rows(sheets.get(SHEET), _COLUMNS, complaints, []):
        rows.append((place, NewOrganisation.model_validate(fields)))
    complaints += problems(rows, upper)
    if not rows and not complaints:
        complaints.append(Complaint(sheet=SHEET, cell="A2", reason="в листе нет ни строки"))
    if len(rows) > MOST_AT_ONCE:
        place, _ = rows[MOST_AT_ONCE]
        complaints.append(
            place.complaint("code", f"в списке больше {MOST_AT_ONCE} организаций; разделите его")
        )
    if complaints:
        raise BadSpreadsheet(told(complaints))
    return tuple(one for _, one in rows)


def _wrong_sheets(sheets: Mapping[str, Sheet]) -> Iterator[Complaint]:
    if SHEET not in sheets:
        reason = "такого листа нет; назовите так лист с организациями"
        yield Complaint(sheet=SHEET, cell="A1", reason=reason)
    for number, name in enumerate(sheets, start=1):
        if name != SHEET:
            reason = f"лишний лист; ждём только «{SHEET}», удалите"
            yield Complaint(sheet=f"№ {number}", cell="A1", reason=reason)
