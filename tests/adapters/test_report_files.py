"""Forms of reports: what is written is read back, mistakes are told by cell, nothing else taken."""

import io

import pytest
from docx import Document
from docx.oxml import OxmlElement
from openpyxl import load_workbook

from adapters.report_files import KEY, Ending, read_report, report_file
from domain.errors import BadSpreadsheet, BadUpload
from domain.report_forms import Asked, ReportForm

ENDINGS: tuple[Ending, ...] = ("xlsx", "docx")
ASKED = (
    Asked(name="pairs", title="Пары", unit="ед."),
    Asked(name="staff_under_35", title="Сотрудники до 35 лет", unit="чел."),
    Asked(name="staff_under_35_supported", title="из них с поддержкой", unit="чел."),
    Asked(name="indicator:1.1", title="1.1. Договоры", unit="ед.", entered=True),
)
FIGURES = {
    "pairs": 4,
    "staff_under_35": 3,
    "staff_under_35_supported": 2,
    "indicator:1.1": "2.5",
}
FORM = ReportForm(
    key="c0ffee/1/yearly@1",
    organisation="=Школа № 1",  # no formula
    programme="Программа",
    title="Отчёт за год",
    year="",
    asked=ASKED,
)


def filled(ending: Ending, **figures: object) -> bytes:
    """The form with these figures; None leaves a cell empty."""
    known = {**FIGURES, **figures}
    given = {name: one for name, one in known.items() if one is not None}
    return report_file(FORM.model_copy(update={"figures": given}), ending)


def refusal(ending: Ending, content: bytes) -> list[str]:
    with pytest.raises(BadSpreadsheet) as refused:
        read_report(content, ending, FORM)
    return str(refused.value).splitlines()


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_filled_form_is_read_back(ending: Ending) -> None:
    assert read_report(filled(ending), ending, FORM) == FIGURES


def test_what_was_typed_while_word_marks_changes_is_read() -> None:
    document = Document(io.BytesIO(filled("docx")))
    for row in document.tables[0].rows:
        for run in row.cells[2].paragraphs[0].runs:
            paragraph, inserted = run._r.getparent(), OxmlElement("w:ins")
            paragraph.replace(run._r, inserted)
            inserted.append(run._r)

    assert read_report(saved(document), "docx", FORM) == FIGURES


def test_a_table_that_another_program_wrote_is_read() -> None:
    document = Document(io.BytesIO(filled("docx")))
    table = document.tables[0]._tbl
    table.remove(table.tblPr)

    assert read_report(saved(document), "docx", FORM) == FIGURES


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_indicator_may_be_left_empty_and_a_count_may_not(ending: Ending) -> None:
    without = {name: one for name, one in FIGURES.items() if name != "indicator:1.1"}
    empty = report_file(FORM.model_copy(update={"figures": without}), ending)
    assert read_report(empty, ending, FORM) == without

    said = refusal(ending, filled(ending, pairs=None))

    place = "лист «Отчёт», ячейка C2" if ending == "xlsx" else "таблица формы, строка 2, столбец 3"
    assert said[1] == f"{place}: нет числа; если считать нечего, впишите 0"


@pytest.mark.parametrize("ending", ENDINGS)
def test_all_mistakes_are_told_by_cell_at_once(ending: Ending) -> None:
    said = refusal(ending, filled(ending, pairs="много", staff_under_35_supported=9))

    assert said[0] == "Ошибок в таблице: 2. Ничего не принято."
    rows = ("C2", "C4") if ending == "xlsx" else ("строка 2", "строка 4")
    assert [row in line for row, line in zip(rows, said[1:3], strict=True)] == [True, True]


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_form_of_another_report_is_refused(ending: Ending) -> None:
    other = FORM.changed(key="c0ffee/2/yearly@1", figures=FIGURES)

    said = refusal(ending, report_file(other, ending))

    assert "нет ключа этой формы (c0ffee/1/yearly@1)" in said[1]


def test_rows_may_be_moved_and_a_foreign_row_is_named() -> None:
    book = load_workbook(io.BytesIO(filled("xlsx")))
    sheet = book["Отчёт"]
    first = [cell.value for cell in sheet[2]]
    sheet.delete_rows(2)
    sheet.append(first)
    assert read_report(saved(book), "xlsx", FORM) == FIGURES

    sheet.append(["Кружки", "ед.", 3])
    assert "ячейка A6: такого показателя в форме нет" in refusal("xlsx", saved(book))[1]


def test_a_row_that_is_gone_is_missed() -> None:
    book = load_workbook(io.BytesIO(filled("xlsx")))
    book["Отчёт"].delete_rows(2)

    assert refusal("xlsx", saved(book))[1].endswith("нет строки «Пары»; верните её")


def test_words_of_a_form_are_no_formulas() -> None:
    book = load_workbook(io.BytesIO(filled("xlsx")))

    assert book["О форме"]["B1"].data_type == "s"


def test_a_document_without_the_table_or_the_key_is_refused() -> None:
    document = Document()
    document.add_paragraph("Отчёт школы")
    content = io.BytesIO()
    document.save(content)

    said = refusal("docx", content.getvalue())

    assert said[1].startswith("над таблицей: нет ключа этой формы")
    assert KEY == "Ключ формы"


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_is_no_file_of_its_kind_is_refused(ending: Ending) -> None:
    with pytest.raises(BadUpload):
        read_report(b"PK\x03\x04", ending, FORM)


def saved(book: object) -> bytes:
    content = io.BytesIO()
    book.save(content)  # type: ignore[attr-defined]  # a workbook
    return content.getvalue()
