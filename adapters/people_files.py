"""XLSX -> Enrolment, all or nothing; every mistake is named by sheet and cell.

Cells hold personal data, so a complaint says where and what is expected, never what stands there.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from adapters.spreadsheets import CellValue, Sheet, column_letters, read_xlsx
from domain.base import Value
from domain.enrolment import (
    Complaint,
    EnrolledBody,
    EnrolledPerson,
    Enrolment,
    Part,
    Place,
    PlacedBody,
    PlacedPerson,
    problems,
)
from domain.errors import BadSpreadsheet

PEOPLE_SHEET = "Люди"
BODIES_SHEET = "Органы"
SHOWN = 50

_PARTS = {
    "наставник": Part.MENTOR,
    "наставляемый": Part.MENTEE,
    "сотрудник": Part.STAFF,
    "представитель": Part.REPRESENTATIVE,
}
_GENDERS = {"м": "m", "муж": "m", "мужской": "m", "ж": "f", "жен": "f", "женский": "f"}
_CODE = re.compile(r"[\w.-]{1,40}")
_NAME = re.compile(r"[^\W\d_]+([ '’.-]+[^\W\d_]+)*\.?")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_NUMERIC_DATE = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
MAX_TEXT = 200
MAX_EXPERIENCE = 70


class _Unread(Exception):  # noqa: N818 - turned into a complaint at the cell, never leaves here
    """A cell holds something else than its column asks for; the text says what is expected."""


def _text(cell: CellValue) -> str:
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        raise _Unread("ждём текст")
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)  # a spreadsheet keeps the code 12 as 12.0
    text = " ".join(unicodedata.normalize("NFC", str(cell)).split())
    if len(text) > MAX_TEXT:
        raise _Unread(f"длиннее {MAX_TEXT} знаков; сократите")
    return text


def _code(cell: CellValue) -> str:
    if not _CODE.fullmatch(code := _text(cell)):
        raise _Unread("ждём код: до 40 букв, цифр, точек и дефисов без пробелов")
    return code


def _codes(cell: CellValue) -> tuple[str, ...]:
    return tuple(_code(code) for code in re.split(r"[;,]", _text(cell)) if code.strip())


def _name(cell: CellValue) -> str:
    if not _NAME.fullmatch(name := _text(cell)):
        raise _Unread("не похоже на имя; ждём буквы, дефис, апостроф или пробел")
    return name


def _gender(cell: CellValue) -> str:
    if (gender := _GENDERS.get(_text(cell).casefold().rstrip("."))) is None:
        raise _Unread("пол не распознан; ждём «м» или «ж»")
    return gender


def _date(cell: CellValue) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, str) and (match := _NUMERIC_DATE.fullmatch(cell.strip())):
        day, month, year = map(int, match.groups())
        try:
            return date(year, month, day)
        except ValueError:
            raise _Unread("такого дня нет в календаре; исправьте дату") from None
    raise _Unread("дата не читается; ждём ДД.ММ.ГГГГ или ячейку с датой")


def _roles(cell: CellValue) -> tuple[Part, ...]:
    words = [word.strip() for word in re.split(r"[;,]", _text(cell).casefold())]
    if any(word not in _PARTS for word in words):
        raise _Unread(f"роль не распознана; ждём через «;» из списка: {', '.join(_PARTS)}")
    return tuple(dict.fromkeys(_PARTS[word] for word in words))


def _years(cell: CellValue) -> int:
    text = _text(cell)
    if not text.isdecimal() or int(text) > MAX_EXPERIENCE:
        raise _Unread(f"ждём целое число лет от 0 до {MAX_EXPERIENCE}")
    return int(text)


def _email(cell: CellValue) -> str:
    if not _EMAIL.fullmatch(email := _text(cell)):
        raise _Unread("не похоже на адрес почты; ждём имя@домен")
    return email


class _Column(Value):
    heading: str
    read: Callable[[CellValue], object]
    required: bool = False  # the column must be there and no cell of it empty


_PEOPLE: Mapping[str, _Column] = {
    "code": _Column(heading="Код", read=_code, required=True),
    "last": _Column(heading="Фамилия", read=_name, required=True),
    "first": _Column(heading="Имя", read=_name, required=True),
    "patronymic": _Column(heading="Отчество", read=_name),
    "gender": _Column(heading="Пол", read=_gender, required=True),
    "birth_date": _Column(heading="Дата рождения", read=_date, required=True),
    "post": _Column(heading="Должность или группа", read=_text),
    "roles": _Column(heading="Роли", read=_roles, required=True),
    "representative_code": _Column(heading="Код представителя", read=_code),
    "kinship": _Column(heading="Кем приходится", read=_text),
    "experience_years": _Column(heading="Стаж, лет", read=_years),
    "email": _Column(heading="Почта", read=_email),
}
_BODIES: Mapping[str, _Column] = {
    "code": _Column(heading="Код", read=_code, required=True),
    "name": _Column(heading="Название", read=_text, required=True),
    "members": _Column(heading="Коды участников", read=_codes, required=True),
}


def read_people(source: Path | bytes, today: date) -> Enrolment:
    """The people and bodies of an XLSX, whole and without contradictions on `today`.

    Sheet «Люди», and «Органы» where there are bodies; headings in row 1, columns in any order.
    Raises `BadUpload` if the file is no harmless XLSX, `BadSpreadsheet` listing every mistake by
    sheet, cell and reason otherwise; then nothing was taken.
    """
    content = source if isinstance(source, bytes) else source.read_bytes()
    sheets = {sheet.name.strip(): sheet for sheet in read_xlsx(content)}
    complaints = list(_wrong_sheets(sheets))
    people: list[PlacedPerson] = []
    bodies: list[PlacedBody] = []
    unread: list[str] = []
    for place, fields in _read(sheets.get(PEOPLE_SHEET), _PEOPLE, complaints, unread):
        people.append((place, EnrolledPerson.model_validate(fields)))
    for place, fields in _read(sheets.get(BODIES_SHEET), _BODIES, complaints, []):
        bodies.append((place, EnrolledBody.model_validate(fields)))
    complaints += problems(people, bodies, today, unread)
    if not people and not complaints:
        complaints.append(Complaint(sheet=PEOPLE_SHEET, cell="A2", reason="в листе нет ни строки"))
    if complaints:
        raise BadSpreadsheet(_told(complaints))
    return Enrolment(
        people=tuple(person for _, person in people), bodies=tuple(body for _, body in bodies)
    )


def _wrong_sheets(sheets: Mapping[str, Sheet]) -> Iterator[Complaint]:
    if PEOPLE_SHEET not in sheets:
        yield Complaint(
            sheet=PEOPLE_SHEET, cell="A1", reason="такого листа нет; назовите так лист с людьми"
        )
    for number, name in enumerate(sheets, start=1):
        if name not in (PEOPLE_SHEET, BODIES_SHEET):
            yield Complaint(
                sheet=f"№ {number}",
                cell="A1",
                reason=f"лишний лист; ждём только «{PEOPLE_SHEET}» и «{BODIES_SHEET}», удалите",
            )


def _read(
    sheet: Sheet | None,
    columns: Mapping[str, _Column],
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
    sheet: Sheet, columns: Mapping[str, _Column]
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
    place: Place, cells: Mapping[str, CellValue], columns: Mapping[str, _Column]
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
        except _Unread as unread:
            complaints.append(place.complaint(field, str(unread)))
    return fields, complaints


def _is_empty(cell: CellValue) -> bool:
    return isinstance(cell, str) and not cell.strip()


def _folded(heading: str) -> str:
    return " ".join(heading.split()).casefold().replace("ё", "е")


def _told(complaints: list[Complaint]) -> str:
    lines = [str(complaint) for complaint in sorted(complaints, key=_by_place)]
    told = [f"Ошибок в таблице: {len(lines)}. Ничего не принято.", *lines[:SHOWN]]
    if len(lines) > SHOWN:
        told.append(f"и ещё {len(lines) - SHOWN}")
    told.append("Исправьте и загрузите файл снова.")
    return "\n".join(told)


def _by_place(complaint: Complaint) -> tuple[str, int, int, str]:
    letters = complaint.cell.rstrip("0123456789")
    return complaint.sheet, int(complaint.cell[len(letters) :]), len(letters), letters
