"""A journal's year as a table (XLSX) and as a document (DOCX)."""

from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from typing import Final, Literal

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from activities.ports import Renderer
from adapters.docx.facts import plain_words
from adapters.postgres.shown import JournalBook, JournalLineView
from adapters.sheet_cells import CellValue, sheet_cell
from domain.journals import LineState

KIND: Final = "journal"
"""The template of the document."""

_COLUMNS: Final[Mapping[str, tuple[float, Callable[[JournalLineView], CellValue]]]] = {
    "Номер": (16, lambda line: line.number),
    "Дата": (12, lambda line: line.day),
    "Документ": (50, lambda line: line.title),
    "Отправитель": (36, lambda line: line.sender),
    "Номер отправителя": (20, lambda line: line.foreign_number),
    "Дата отправителя": (18, lambda line: line.foreign_day),
    "Состояние": (20, lambda line: line.state_title),
    "Причина": (40, lambda line: line.reason),
    "Кто внёс": (30, lambda line: line.author.name if line.author else None),
}


def journal_files(renderer: Renderer) -> Callable[[JournalBook, Literal["xlsx", "docx"]], bytes]:
    """What makes either file."""

    def make(book: JournalBook, ending: Literal["xlsx", "docx"]) -> bytes:
        if ending == "docx":
            return renderer.render(KIND, _facts(book))
        return _table(book)

    return make


def _table(book: JournalBook) -> bytes:
    workbook = Workbook(write_only=True)
    sheet: Worksheet = workbook.create_sheet(str(book.year))
    sheet.freeze_panes = "A2"
    for index, (width, _) in enumerate(_COLUMNS.values(), start=1):
        sheet.column_dimensions[get_column_letter(index)].width = width
    sheet.append([sheet_cell(sheet, title, bold=True) for title in _COLUMNS])
    for line in book.lines:
        sheet.append([sheet_cell(sheet, value(line)) for _, value in _COLUMNS.values()])
    content = BytesIO()
    workbook.save(content)
    return content.getvalue()


def _facts(book: JournalBook) -> dict[str, object]:
    return {
        "journal_title": plain_words(book.title),
        "journal_owner": plain_words(book.organisation),
        "journal_year": str(book.year),
        "journal_lines": [
            {
                "number": plain_words(line.number),
                "day": f"{line.day:%d.%m.%Y}",
                "document": plain_words(". ".join(_document(line))),
                "note": plain_words(". ".join(_note(line))),
            }
            for line in book.lines
        ],
    }


def _document(line: JournalLineView) -> Iterator[str]:
    if line.title:
        yield line.title
    if line.sender and line.foreign_day:
        yield f"{line.sender}, № {line.foreign_number} от {line.foreign_day:%d.%m.%Y}"


def _note(line: JournalLineView) -> Iterator[str]:
    if line.state is not LineState.GIVEN:
        yield line.state_title.capitalize()
    if line.reason:
        yield line.reason
