"""Reports of organisations as files: forms to be filled (XLSX, DOCX), and filled ones read back.

A figure is known by its title, so rows may be moved; the key of the form says of which report it
is. Every mistake is named by its cell, and then nothing of the file is taken.
"""

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Final, Literal

from docx import Document
from docx.shared import Cm, Pt
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from adapters.docx.facts import printable
from adapters.docx.roadmap_tables import read_word_tables
from adapters.sheet_cells import sheet_cell
from adapters.sheet_columns import Column, read_rows, read_text, told
from adapters.spreadsheets import CellValue, Sheet, read_xlsx
from domain.enrolment import Complaint, Place
from domain.errors import BadSpreadsheet
from domain.report_forms import Asked, Figure, ReportForm, figures_of
from domain.word_tables import Table

Ending = Literal["xlsx", "docx"]
SHEET: Final = "Отчёт"
ABOUT: Final = "О форме"
KEY: Final = "Ключ формы"
_HEADINGS: Final = ("Показатель", "Единица", "Значение")
_WIDTHS: Final = (70, 12, 16)
_ADVICE: Final = (
    "Впишите значения в столбец «Значение». Где считать нечего, впишите 0. Показатели с номером "
    "можно оставить пустыми. Остального не меняйте: по ключу формы система узнаёт отчёт."
)


def report_file(form: ReportForm, ending: Ending) -> bytes:
    """The form as a file."""
    return _as_xlsx(form) if ending == "xlsx" else _as_docx(form)


def _about(form: ReportForm) -> Sequence[tuple[str, str]]:
    return (
        ("Организация", form.organisation),
        ("Программа", form.programme),
        ("Отчёт", f"{form.title}, {form.year}" if form.year else form.title),
        (KEY, form.key),
    )


def _as_xlsx(form: ReportForm) -> bytes:
    workbook = Workbook(write_only=True)
    sheet: Worksheet = workbook.create_sheet(SHEET)
    sheet.freeze_panes = "A2"
    for letter, width in zip("ABC", _WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.append([sheet_cell(sheet, one, bold=True) for one in _HEADINGS])
    for one in form.asked:
        value = form.figures.get(one.name)
        cells = [sheet_cell(sheet, one.title), sheet_cell(sheet, one.unit or "")]
        sheet.append([*cells, sheet_cell(sheet, "" if value is None else value)])
    about: Worksheet = workbook.create_sheet(ABOUT)
    about.column_dimensions["A"].width, about.column_dimensions["B"].width = 20, 90
    for title, said in (*_about(form), ("Как заполнить", _ADVICE)):
        about.append([sheet_cell(about, title, bold=True), sheet_cell(about, said)])
    content = BytesIO()
    workbook.save(content)
    return content.getvalue()


def _as_docx(form: ReportForm) -> bytes:
    document = Document()
    document.styles["Normal"].font.name = "Times New Roman"
    document.styles["Normal"].font.size = Pt(12)
    for title, said in _about(form):
        document.add_paragraph(f"{title}: {printable(said)}")
    document.add_paragraph(_ADVICE)
    table = document.add_table(rows=1, cols=len(_HEADINGS), style="Table Grid")
    for cell, heading in zip(table.rows[0].cells, _HEADINGS, strict=True):
        cell.paragraphs[0].add_run(heading).bold = True
    for one in form.asked:
        value = form.figures.get(one.name, "")
        cells = table.add_row().cells
        for cell, said in zip(cells, (one.title, one.unit or "", str(value)), strict=True):
            cell.text = printable(said)
    for row in table.rows:
        for cell, width in zip(row.cells, (11, 2.5, 3), strict=True):
            cell.width = Cm(width)
    content = BytesIO()
    document.save(content)
    return content.getvalue()


class _InWord(Complaint):
    """A complaint about a cell of a table in a document."""

    def __str__(self) -> str:
        if self.sheet == ABOUT:
            return f"над таблицей: {self.reason}"
        letters = self.cell.rstrip("0123456789")
        column = ord(letters[-1]) - ord("A") + 1
        row = self.cell[len(letters) :]
        return f"таблица формы, строка {row}, столбец {column}: {self.reason}"


def read_report(content: bytes, ending: Ending, form: ReportForm) -> dict[str, Figure]:
    """The figures of a filled form.

    Raises `BadUpload` if the file is no harmless XLSX or DOCX, `BadSpreadsheet` listing every
    mistake by cell, or if it is the form of another report.
    """
    sheet, key = _from_xlsx(content) if ending == "xlsx" else _from_docx(content)
    complaints: list[Complaint] = []
    if key.split() != form.key.split():
        reason = f"нет ключа этой формы ({form.key}); загрузите форму этой организации и отчёта"
        complaints.append(Complaint(sheet=ABOUT, cell="B4", reason=reason))
    figures = _figures(sheet, form.asked, complaints)
    if complaints:
        if ending == "docx":
            complaints = [_InWord.model_validate(dict(one)) for one in complaints]
        raise BadSpreadsheet(told(complaints))
    return figures


def _from_xlsx(content: bytes) -> tuple[Sheet, str]:
    sheets = {sheet.name.strip(): sheet for sheet in read_xlsx(content)}
    about = sheets.get(ABOUT)
    said = {_folded(row[0]): row[1] for row in about.rows if len(row) > 1} if about else {}
    return sheets.get(SHEET, Sheet(name=SHEET, rows=(("",),))), str(said.get(_folded(KEY), ""))


def _from_docx(content: bytes) -> tuple[Sheet, str]:
    tables = read_word_tables(content).tables
    rows = next((rows for one in tables if _is_form(rows := _rows(one))), (("",),))
    above = (line.partition(":") for one in tables for line in one.above)
    key = next((said for title, _, said in above if _folded(title) == _folded(KEY)), "")
    return Sheet(name=SHEET, rows=rows), key


def _rows(table: Table) -> tuple[tuple[CellValue, ...], ...]:
    rows: list[tuple[CellValue, ...]] = []
    for row in table.rows:
        said = {cell.column: cell.text for cell in row.cells}
        rows.append(tuple(said.get(column, "") for column in range(table.width)))
    return tuple(rows)


def _is_form(rows: Sequence[Sequence[CellValue]]) -> bool:
    said = {_folded(cell) for cell in rows[0]} if rows else set()
    return {_folded(_HEADINGS[0]), _folded(_HEADINGS[2])} <= said


_COLUMNS: Final[Mapping[str, Column]] = {
    "code": Column(heading=_HEADINGS[0], read=read_text, required=True),
    "unit": Column(heading=_HEADINGS[1], read=read_text),
    "value": Column(heading=_HEADINGS[2], read=read_text),
}


def _figures(
    sheet: Sheet, asked: Sequence[Asked], complaints: list[Complaint]
) -> dict[str, Figure]:
    names = {_folded(one.title): one for one in asked}
    places: dict[str, Place] = {}
    said: dict[str, str] = {}
    before = len(complaints)
    for place, fields in read_rows(sheet, _COLUMNS, complaints, []):
        one = names.get(_folded(fields["code"]))
        if one is None:
            complaints.append(place.complaint("code", "такого показателя в форме нет; удалите"))
        elif one.name in places:
            complaints.append(place.complaint("code", "показатель уже назван выше; удалите"))
        else:
            places[one.name] = place
            said[one.name] = fields.get("value", "")
    if len(complaints) > before and not places:
        return {}  # the table itself is wrong; every figure would be missed besides
    gone = [one for one in asked if one.name not in places and not one.entered]
    for one in gone:
        reason = f"нет строки «{one.title}»; верните её"
        complaints.append(Complaint(sheet=sheet.name, cell="A1", reason=reason))
    figures, wrong = figures_of([one for one in asked if one.name in places], said)
    complaints += [places[name].complaint("value", reason) for name, reason in wrong.items()]
    return figures


def _folded(cell: CellValue) -> str:
    return " ".join(str(cell).split()).casefold().replace("ё", "е")
