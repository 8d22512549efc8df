"""XLSX -> Enrolment, all or nothing; every mistake is named by sheet and cell.

Cells hold personal data, so a complaint says where and what is expected, never what stands there.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from adapters.sheet_columns import Column, Unread, read_date, read_rows, read_text, told
from adapters.spreadsheets import CellValue, Sheet, read_xlsx
from domain.enrolment import (
    Complaint,
    EnrolledBody,
    EnrolledPerson,
    Enrolment,
    Part,
    PlacedBody,
    PlacedPerson,
    problems,
)
from domain.errors import BadSpreadsheet

PEOPLE_SHEET = "Люди"
BODIES_SHEET = "Органы"

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
MAX_EXPERIENCE = 70


def _code(cell: CellValue) -> str:
    if not _CODE.fullmatch(code := read_text(cell)):
        raise Unread("ждём код: до 40 букв, цифр, точек и дефисов без пробелов")
    return code


def _codes(cell: CellValue) -> tuple[str, ...]:
    return tuple(_code(code) for code in re.split(r"[;,]", read_text(cell)) if code.strip())


def _name(cell: CellValue) -> str:
    if not _NAME.fullmatch(name := read_text(cell)):
        raise Unread("не похоже на имя; ждём буквы, дефис, апостроф или пробел")
    return name


def _gender(cell: CellValue) -> str:
    if (gender := _GENDERS.get(read_text(cell).casefold().rstrip("."))) is None:
        raise Unread("пол не распознан; ждём «м» или «ж»")
    return gender


def _roles(cell: CellValue) -> tuple[Part, ...]:
    words = [word.strip() for word in re.split(r"[;,]", read_text(cell).casefold())]
    if any(word not in _PARTS for word in words):
        raise Unread(f"роль не распознана; ждём через «;» из списка: {', '.join(_PARTS)}")
    return tuple(dict.fromkeys(_PARTS[word] for word in words))


def _years(cell: CellValue) -> int:
    text = read_text(cell)
    if not text.isdecimal() or int(text) > MAX_EXPERIENCE:
        raise Unread(f"ждём целое число лет от 0 до {MAX_EXPERIENCE}")
    return int(text)


def _email(cell: CellValue) -> str:
    if not _EMAIL.fullmatch(email := read_text(cell)):
        raise Unread("не похоже на адрес почты; ждём имя@домен")
    return email


_PEOPLE: Mapping[str, Column] = {
    "code": Column(heading="Код", read=_code, required=True),
    "last": Column(heading="Фамилия", read=_name, required=True),
    "first": Column(heading="Имя", read=_name, required=True),
    "patronymic": Column(heading="Отчество", read=_name),
    "gender": Column(heading="Пол", read=_gender, required=True),
    "birth_date": Column(heading="Дата рождения", read=read_date, required=True),
    "post": Column(heading="Должность или группа", read=read_text),
    "roles": Column(heading="Роли", read=_roles, required=True),
    "representative_code": Column(heading="Код представителя", read=_code),
    "kinship": Column(heading="Кем приходится", read=read_text),
    "experience_years": Column(heading="Стаж, лет", read=_years),
    "email": Column(heading="Почта", read=_email),
}
_BODIES: Mapping[str, Column] = {
    "code": Column(heading="Код", read=_code, required=True),
    "name": Column(heading="Название", read=read_text, required=True),
    "members": Column(heading="Коды участников", read=_codes, required=True),
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
    for place, fields in read_rows(sheets.get(PEOPLE_SHEET), _PEOPLE, complaints, unread):
        people.append((place, EnrolledPerson.model_validate(fields)))
    for place, fields in read_rows(sheets.get(BODIES_SHEET), _BODIES, complaints, []):
        bodies.append((place, EnrolledBody.model_validate(fields)))
    complaints += problems(people, bodies, today, unread)
    if not people and not complaints:
        complaints.append(Complaint(sheet=PEOPLE_SHEET, cell="A2", reason="в листе нет ни строки"))
    if complaints:
        raise BadSpreadsheet(told(complaints))
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
