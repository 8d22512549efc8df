"""A journal's year as a table and as a document."""

import io
import zipfile
from datetime import date, datetime
from typing import Any

import pytest
from docx import Document
from openpyxl import load_workbook

from adapters.journal_files import journal_files
from adapters.postgres.shown import JournalBook, JournalLineView, Named
from domain.journals import LineState
from tests.adapters.world import templates

MAKE = journal_files(templates())
HOSTILE = ("=1+1", "+7", "-2+3", "@SUM(A1)", '=HYPERLINK("http://evil.example")', "\u202eтекст {_{")


def a_line(n: int, **fields: object) -> JournalLineView:
    known: dict[str, object] = {
        "line_id": f"{n:016}",
        "number": f"{n}-о",
        "n": n,
        "letter": "",
        "state": LineState.GIVEN,
        "state_title": "присвоен",
        "day": date(2026, 9, 1),
        "document_id": None,
        "title": "Приказ об утверждении наставнических пар",
        "sender": None,
        "foreign_number": None,
        "foreign_day": None,
        "reason": None,
        "author": None,
    }
    return JournalLineView.model_validate({**known, **fields})


def a_book(*lines: JournalLineView) -> JournalBook:
    return JournalBook(
        name="orders",
        title="Журнал приказов",
        mask="{n}-о",
        organisation="Колледж «Заря»",
        year=2026,
        lines=lines,
    )


def table(book: JournalBook) -> list[tuple[Any, ...]]:
    sheet = load_workbook(io.BytesIO(MAKE(book, "xlsx"))).worksheets[0]
    return list(sheet.iter_rows(values_only=True))


def words(book: JournalBook) -> list[list[str]]:
    (grid, *_) = Document(io.BytesIO(MAKE(book, "docx"))).tables
    return [[cell.text for cell in row.cells] for row in grid.rows]


def test_the_table_has_a_row_for_each_number() -> None:
    paper = a_line(
        2,
        sender="Управление",
        foreign_number="17-исх",
        foreign_day=date(2026, 8, 30),
        author=Named(id="u1", name="Ёлкина М. П."),
    )
    void = a_line(3, state="void", state_title="аннулирован", title=None, reason="Не издан")
    head, first, second, third = table(a_book(a_line(1), paper, void))
    assert head[:4] == ("Номер", "Дата", "Документ", "Отправитель")
    assert first[:2] == ("1-о", datetime(2026, 9, 1))  # noqa: DTZ001 - a table's day has no zone
    assert second[3:6] == ("Управление", "17-исх", datetime(2026, 8, 30))  # noqa: DTZ001
    assert second[8] == "Ёлкина М. П."
    assert third[6:8] == ("аннулирован", "Не издан")


@pytest.mark.parametrize("text", HOSTILE)
def test_no_words_become_a_formula(text: str) -> None:
    content = MAKE(a_book(a_line(1, title=text, reason=text, number=text)), "xlsx")
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    (row,) = sheet.iter_rows(min_row=2)
    for cell in (row[0], row[2], row[7]):
        assert cell.data_type == "s"
        assert cell.quotePrefix
        assert cell.value == text.replace("\u202e", " ")
    with zipfile.ZipFile(io.BytesIO(content)) as container:
        assert b"<f>" not in container.read("xl/worksheets/sheet1.xml")


def test_the_document_says_whose_journal_it_is_and_what_became_of_numbers() -> None:
    book = a_book(
        a_line(1, sender="Управление", foreign_number="7", foreign_day=date(2026, 8, 30)),
        a_line(2, state="reserved", state_title="зарезервирован", title=None, reason="Для завхоза"),
    )
    text = "\n".join(
        one.text for one in Document(io.BytesIO(MAKE(book, "docx"))).paragraphs
    ).replace("\u00a0", " ")
    assert "Колледж «Заря»" in text
    assert "ЖУРНАЛ ПРИКАЗОВ" in text
    assert "за 2026 год" in text
    _, first, second = words(book)
    assert first[1:3] == ["1-о", "01.09.2026"]
    assert first[3].endswith("пар. Управление, № 7 от 30.08.2026")
    assert second[3:] == ["—", "Зарезервирован. Для завхоза"]


@pytest.mark.parametrize("text", [*HOSTILE, " ", "{{ 7 }}", "две\nстроки"])
def test_whatever_was_written_can_be_printed(text: str) -> None:
    _, row = words(a_book(a_line(1, reason=text, title=text)))
    assert row[1] == "1-о"
    assert row[4].strip()


def test_an_empty_year_can_be_filled_by_hand() -> None:
    assert len(table(a_book())) == 1
    assert len(words(a_book())) == 21
