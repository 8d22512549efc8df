"""A table of people is taken whole or not at all, and every mistake is named by its cell."""

import io
import random
import re
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from adapters.people_files import read_people
from adapters.sheet_columns import SHOWN
from adapters.spreadsheets import MAX_COLUMNS, MAX_ROWS
from adapters.zip_parts import MAX_FILE, MIB
from domain.enrolment import EnrolledBody, Part
from domain.errors import BadSpreadsheet, BadUpload, Refused
from domain.people import age_on, is_minor
from roadmaps.people import build

TODAY = date(2025, 9, 1)
SAMPLE = build.FILE.read_bytes()

Cell = str | int | float | bool | date | datetime | None
Rows = list[list[Cell]]


def people_rows() -> Rows:
    """The sample's rows under their headings: `rows[1]` stands in row 2."""
    return [[*build.PEOPLE_HEADINGS], *(list[Cell](row) for row in build.people_rows())]


def a_table(people: Sequence[Sequence[Cell]] | None = None, **others: Rows) -> bytes:
    """A workbook with «Люди» and sheets of the given names."""
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = "Люди"
    for row in people_rows() if people is None else people:
        sheet.append(list(row))
    for name, rows in others.items():
        other = workbook.create_sheet(name)
        for row in rows:
            other.append(row)
    saved = io.BytesIO()
    workbook.save(saved)
    return saved.getvalue()


def with_cell(cell: str, value: Cell) -> bytes:
    """The sample with one cell of «Люди» changed."""
    rows = people_rows()
    rows[int(cell[1:]) - 1][ord(cell[0]) - ord("A")] = value
    return a_table(rows)


def refusal(content: bytes) -> str:
    with pytest.raises(BadSpreadsheet) as refused:
        read_people(content, TODAY)
    return str(refused.value)


def test_the_sample_reads_clean() -> None:
    enrolment = read_people(build.FILE, TODAY)

    assert len(enrolment.people) >= 40
    pairs = [person for person in enrolment.people if person.sides()]
    assert {is_minor(person.birth_date, TODAY) for person in pairs} == {True, False}
    mentors = [p for p in pairs if Part.MENTOR in p.roles and Part.STAFF in p.roles]
    young = [p for p in pairs if Part.MENTEE in p.roles and Part.STAFF in p.roles]
    assert len(mentors) >= 12
    assert len(young) >= 6
    assert all((p.experience_years or 0) <= 3 for p in young)
    [council] = enrolment.bodies
    assert council.name == "Педагогический совет"


@pytest.mark.parametrize("listed", build.LISTS, ids=lambda one: one.path.stem)
def test_a_list_is_what_its_script_builds_and_reads_clean(listed: build.Listed) -> None:
    assert read_people(build.built(listed), TODAY) == read_people(listed.path, TODAY)
    assert build.built(listed) == build.built(listed)


def test_a_school_has_learners_of_all_ages_and_teachers_under_and_over_35() -> None:
    people = read_people(build.SCHOOL_WITH_PRESCHOOL.path, TODAY).people
    learners = [age_on(p.birth_date, TODAY) for p in people if p.sides() and not p.experience_years]
    assert min(learners) == 5
    assert any(14 <= age < 18 for age in learners)
    assert any(5 < age < 14 for age in learners)
    assert any(age >= 18 for age in learners)
    staff = [age_on(p.birth_date, TODAY) for p in people if Part.STAFF in p.roles]
    assert min(staff) < 35 <= max(staff)


def test_texts_are_read_as_people_write_them() -> None:
    rows = people_rows()
    rows[1][1:7] = [
        "  Бонч-Бруевич ",
        "Нур\u0438\u0306",
        "",
        "Жен.",
        "29.02.1968",
        "  завуч   школы",
    ]
    rows[1][7] = "Сотрудник, наставник"
    rows[0][4] = "  ПОЛ "

    person = read_people(a_table(rows), TODAY).people[0]

    assert (person.last, person.first, person.patronymic) == ("Бонч-Бруевич", "Нурй", None)
    assert (person.gender, person.birth_date) == ("f", date(1968, 2, 29))
    assert person.post == "завуч школы"
    assert person.roles == (Part.STAFF, Part.MENTOR)


def test_a_code_that_the_spreadsheet_made_a_number_stays_the_code() -> None:
    rows = people_rows()
    rows[1][0] = 12
    bodies: Rows = [["Коды участников", "Название", "Код"], [12, "Совет", 7]]

    enrolment = read_people(a_table(rows, Органы=bodies), TODAY)

    assert enrolment.people[0].code == "12"
    assert enrolment.bodies == (EnrolledBody(code="7", name="Совет", members=("12",)),)


@settings(max_examples=20, deadline=None)
@given(order=st.permutations(range(len(build.PEOPLE_HEADINGS))))
def test_columns_stand_in_any_order(order: list[int]) -> None:
    shuffled = [[row[index] for index in order] for row in people_rows()]

    assert read_people(a_table(shuffled), TODAY).people == read_people(SAMPLE, TODAY).people


@pytest.mark.parametrize(
    ("cell", "value", "reason"),
    [
        ("A4", None, "нет значения «Код»"),
        ("A4", "два слова", "ждём код"),
        ("B2", None, "нет значения «Фамилия»; впишите"),
        ("C3", "  ", "нет значения «Имя»"),
        ("C3", "Иван2", "не похоже на имя"),
        ("C3", True, "ждём текст"),
        ("E5", "x", "ждём «м» или «ж»"),
        ("F6", "31.02.1990", "такого дня нет"),
        ("F6", "весной", "ждём ДД.ММ.ГГГГ"),
        ("F6", 32874, "ждём ДД.ММ.ГГГГ"),
        ("F6", "01.01.2026", "в будущем"),
        ("H7", "сотрудник; пловец", "роль не распознана"),
        ("I35", "nobody", "с таким кодом в списке нет"),
        ("K8", "много", "целое число"),
        ("K8", 71, "целое число"),
        ("K8", 1.5, "целое число"),
        ("L9", "почта", "имя@домен"),
        ("G9", "щ" * 201, "сократите"),
    ],
)
def test_a_wrong_cell_is_named_with_its_reason(cell: str, value: Cell, reason: str) -> None:
    said = refusal(with_cell(cell, value))

    assert "Ошибок в таблице: 1." in said
    assert f"лист «Люди», ячейка {cell}: " in said
    assert reason in said


def test_two_same_people_are_named_by_their_rows() -> None:
    rows = people_rows()
    rows.append([*["again"], *rows[10][1:]])

    said = refusal(a_table(rows))

    assert f"ячейка B{len(rows)}: то же имя и та же дата рождения, что в строке 11" in said


def test_a_refusal_tells_of_every_mistake_in_order_and_names_nobody() -> None:
    rows = people_rows()
    rows[1][5] = "вчера"
    rows[9][2] = None
    rows[3][4] = "Пётр"
    bodies: Rows = [["Код", "Название", "Коды участников"], ["c", "Совет", "director; nobody"]]

    said = refusal(a_table(rows, Органы=bodies))

    assert re.findall(r"ячейка (\w+)", said) == ["F2", "E4", "C10", "C2"]
    words = set(re.findall(r"\w+", said))
    people = {str(cell) for row in rows[1:] for cell in row[1:4] if cell}
    assert words.isdisjoint(people | {"Пётр", "вчера", "nobody"})


def test_a_long_list_of_mistakes_is_cut_and_counted() -> None:
    rows = people_rows()
    for row in rows[1:]:
        row[2] = row[4] = None

    said = refusal(a_table(rows))

    wrong = 2 * (len(rows) - 1)
    assert f"Ошибок в таблице: {wrong}." in said
    assert said.count("ячейка") == SHOWN
    assert f"и ещё {wrong - SHOWN}" in said


def test_an_unknown_a_doubled_and_a_missing_column_are_named() -> None:
    rows = people_rows()
    rows[0][3] = "Девичья фамилия"
    rows[0][11] = "Код"
    rows[0][5] = None

    said = refusal(a_table(rows))

    assert "ячейка D1: неизвестный столбец" in said
    assert "ячейка F1: неизвестный столбец" in said
    assert "ячейка L1: такой столбец уже есть" in said
    assert "ячейка M1: нет столбца «Дата рождения»" in said
    assert said.count("ячейка") == 4


def test_optional_columns_may_be_absent() -> None:
    adults = [row[:3] + row[4:8] + row[10:11] for row in people_rows()[:28]]

    assert [p.patronymic for p in read_people(a_table(adults), TODAY).people] == [None] * 27


def test_empty_rows_between_people_are_passed_over() -> None:
    rows = people_rows()
    rows.insert(5, [None] * len(rows[0]))

    assert read_people(a_table(rows), TODAY).people == read_people(SAMPLE, TODAY).people


def test_sheets_are_the_expected_ones() -> None:
    said = refusal(a_table([], Личное=[["x"]]))

    assert "нет столбца «Код»" in said
    assert "лист «№ 2», ячейка A1: лишний лист" in said


def test_a_table_without_people_is_refused() -> None:
    assert "нет ни строки" in refusal(a_table([list(build.PEOPLE_HEADINGS)]))


# Files that are no harmless XLSX


def rezipped(change: Callable[[str, bytes], bytes], **added: bytes) -> bytes:
    """The sample with parts changed and added."""
    saved = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(SAMPLE)) as before,
        zipfile.ZipFile(saved, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            after.writestr(name, change(name, before.read(name)))
        for name, part in added.items():
            after.writestr(name, part)
    return saved.getvalue()


def in_sheets(old: bytes, new: bytes) -> bytes:
    def change(name: str, part: bytes) -> bytes:
        return part.replace(old, new) if name.startswith("xl/worksheets/") else part

    return rezipped(change)


def same(name: str, part: bytes) -> bytes:
    return part


def with_lying_size() -> bytes:
    """A part declares ten bytes and inflates to more; the check sum fits the ten."""
    content = bytearray(SAMPLE)
    with zipfile.ZipFile(io.BytesIO(SAMPLE)) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    for place in re.finditer(re.escape(size.to_bytes(4, "little")), SAMPLE):
        content[place.start() : place.end()] = (10).to_bytes(4, "little")
    return bytes(content)


HARMFUL: dict[str, tuple[str, bytes]] = {
    "empty": ("пуст", b""),
    "too large": ("больше 20 МБ", b"PK" + bytes(MAX_FILE)),
    "no zip": ("как документ Office", "Фамилия;Имя".encode()),
    "torn": ("как документ Office", SAMPLE[: len(SAMPLE) // 2]),
    "bomb in a part": ("сверх предела", rezipped(same, **{"xl/media/image1.png": bytes(60 * MIB)})),
    "ratio": ("сверх предела", rezipped(same, **{"xl/media/image1.png": bytes(5 * MIB)})),
    "two parts of one name": ("с одним именем", rezipped(same, **{"XL/workbook.xml": b"<x/>"})),
    "a way out": ("за его пределы", rezipped(same, **{"../up.xml": b"<x/>"})),
    "macros": ("макросы", rezipped(same, **{"xl/vbaProject.bin": b"\xd0\xcf"})),
    "nested": ("вложен архив", rezipped(same, **{"xl/embeddings/a.bin": SAMPLE})),
    "doctype": ("DOCTYPE", in_sheets(b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet')),
    "far cell": ("дальше строки", in_sheets(b'r="A2"', b'r="XFD1048576"')),
    "far row": ("дальше строки", in_sheets(b'r="A2"', f'r="A{MAX_ROWS + 1}"'.encode())),
    "silent rows": (
        "дальше строки",
        in_sheets(b"<sheetData>", b"<sheetData>" + b"<row/>" * (MAX_ROWS + 1)),
    ),
    "silent cells": (
        "дальше строки",
        in_sheets(b"<sheetData>", b"<sheetData><row>" + b"<c/>" * (MAX_COLUMNS + 1) + b"</row>"),
    ),
    "another office file": (
        "не таблица XLSX",
        rezipped(lambda _, part: part.replace(b"sheet.main", b"slides")),
    ),
    "a lying size": ("не тот, что объявлен", with_lying_size()),
}


@pytest.mark.parametrize(("reason", "content"), HARMFUL.values(), ids=HARMFUL.keys())
def test_a_harmful_file_is_refused_before_it_is_opened(reason: str, content: bytes) -> None:
    with pytest.raises(BadUpload, match=reason):  # only the checks before opening say it so
        read_people(content, TODAY)


def test_parts_that_are_lawful_one_by_one_are_refused_together() -> None:
    noise = random.Random(1).randbytes(30_000)
    part = noise * (40 * MIB // len(noise))  # deflates about 200 times at best

    parts = {f"xl/media/{n}.png": part for n in range(6)}

    with pytest.raises(BadUpload, match="больше 200 МБ"):
        read_people(rezipped(same, **parts), TODAY)


@settings(max_examples=200, deadline=None)
@given(at=st.integers(0, len(SAMPLE) - 1), byte=st.integers(0, 255), cut=st.integers(0, 40))
def test_a_damaged_file_is_refused_or_read_but_never_crashes(at: int, byte: int, cut: int) -> None:
    damaged = SAMPLE[:at] + bytes([byte]) + SAMPLE[at + cut :]

    try:
        enrolment = read_people(damaged, TODAY)
    except Refused:
        return
    assert enrolment.people


def test_a_missing_file_is_no_refusal_of_a_table(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_people(tmp_path / "none.xlsx", TODAY)
